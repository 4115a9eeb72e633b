/** Rows as the text of a CSV file, a piece at a time, so that no text becomes too long for one string. */
import { createArrayCsvStringifier } from 'csv-writer';

export type Cell = string | number;

const rowsOfPiece = 10_000;

/** The header, then the rows. Cells are quoted where they must be; a number keeps all of its digits. */
export function* csvPieces(
  header: readonly string[],
  count: number,
  row: (index: number) => readonly Cell[],
): Generator<string> {
  const csv = createArrayCsvStringifier({ header });
  yield csv.getHeaderString()!;
  for (let first = 0; first < count; first += rowsOfPiece) {
    const rows = Array.from({ length: Math.min(rowsOfPiece, count - first) }, (_, i) => row(first + i));
    yield csv.stringifyRecords(rows);
  }
}
