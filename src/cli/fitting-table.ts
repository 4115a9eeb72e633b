/**
 * A table that leaves out whole columns where the terminal is too narrow, and says how many. A cell is cut
 * only if the columns that always stay do not fit either.
 */
import { clip, type Stream } from './console.ts';

export interface Column<Row> {
  title: string;
  align: 'l' | 'r';
  /** Columns with the highest number are left out first; those with 0 always stay. */
  expendable: number;
  cell(row: Row): string;
}

/** The heading and a line for each row. If a program reads them, they are whole. */
export function fittingTable<Row>(
  columns: readonly Column<Row>[],
  rows: readonly Row[],
  to: Stream,
): string[] {
  const room = to.live ? to.columns() : Number.POSITIVE_INFINITY;
  const laid = columns.map((column) => {
    const cells = [column.title, ...rows.map(column.cell)];
    return { ...column, cells, width: Math.max(...cells.map(({ length }) => length)) };
  });
  const total = (shown: typeof laid) => shown.reduce((sum, { width }) => sum + width + 2, -2);
  let shown = laid;
  const more = () => (shown.length < laid.length ? `  +${laid.length - shown.length} more` : '');
  while (total(shown) + more().length > room) {
    const least = Math.max(...shown.map(({ expendable }) => expendable));
    if (least === 0) break;
    shown = shown.filter(({ expendable }) => expendable !== least);
  }
  return [undefined, ...rows].map((_, line) => {
    const text = shown
      .map(({ cells, width, align }) =>
        align === 'r' ? cells[line]!.padStart(width) : cells[line]!.padEnd(width),
      )
      .join('  ')
      .trimEnd();
    if (line > 0) return clip(text, room + 1);
    const tail = text.length + more().length <= room ? more() : more().replace(/ more$/, '');
    return clip(text + tail, room + 1);
  });
}
