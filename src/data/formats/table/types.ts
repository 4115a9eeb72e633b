/** What a table is, and how one is asked for. Letters: `count` rows, `columns` of the file. */
import type { ByteSource } from '../../byte-source.ts';
import type { NumberForm } from './number-form.ts';
import type { Rows } from './rows.ts';

/** How a table is read. What is not said is found by itself. */
export interface TableOptions {
  /** Whether the first line holds names. */
  header?: boolean;
  /** What stands between cells: `,` `;` a tab, `|`, or a space for columns aligned by spaces. */
  delimiter?: string;
  decimal?: '.' | ',';
  /** Cells that mean that there is no value, instead of `missingWords`. An empty cell always means it. */
  missing?: readonly string[];
  /**
   * Columns whose kind is known, found by their names; in a file without names by `place`. Known words keep
   * their indices, and new ones come after them. A word in a known column of numbers is an error.
   */
  known?: readonly KnownColumn[];
  /** What the file holds, if it lies in memory; its path is only a name then. */
  contents?: Uint8Array | undefined;
  /** Bytes that the table may take. The default is the memory that is free. */
  memory?: number;
  /** Called now and then. Both count bytes of the file as it is stored, so compressed bytes for `.gz`. */
  progress?: (bytesRead: number, bytesTotal: number) => void;
}

/** How a kind of file becomes rows of cells. */
export interface TableFormat {
  /** Whether a file begins like this; `start` is uncompressed. */
  owns(start: Uint8Array, file: string): boolean;
  /** Finds the form of the rows. `start` holds the first chunk, which was read before. */
  open(source: ByteSource, start: Uint8Array, options: TableOptions): Promise<FileRows>;
}

/** The rows of a file as they come. */
export interface FileRows {
  /** What stands between the cells, which no number has as its decimal mark. */
  delimiter: string;
  /** Whether the first row holds names; undefined: that is found from the cells. */
  header?: boolean;
  rows: AsyncIterable<Rows>;
}

export interface KnownColumn {
  name: string;
  /** Its index in a file without names; undefined: it is not known there. */
  place?: number;
  kind: 'number' | 'word';
  /** How its numbers are written, if not plainly. */
  form?: NumberForm | undefined;
  words?: readonly string[];
}

/** Cells of a column that have something in common. */
export interface Places {
  count: number;
  /** Line in the file of the first, from 1; 0 if there is none. */
  line: number;
}

export interface TableColumn {
  /** From the header, else `column 1`, `column 2`, ... */
  name: string;
  /** Whether the name stands in the file. pandas leaves the name of an index empty. */
  named: boolean;
  /** `number` if every cell that is not missing is a number. */
  kind: 'number' | 'word';
  /** The words of a column of words, in the order in which they first appear; empty for numbers. */
  words: readonly string[];
  missing: Places;
  /** Cells such as `inf` or `1e999` of a column of numbers. */
  infinite: Places;
  /** Cells that are numbers, also of a column of words: if most of them are, the others are mistakes. */
  numbers: number;
  /** The first cell of a column of words that is no number. */
  firstWord: { line: number; text: string } | undefined;
  /** Cells that look like numbers in any form, but those of more digits than a number can hold. */
  likeNumbers: number;
  /** The first cell of a column of words that is no number in any form. */
  firstStrange: { line: number; text: string } | undefined;
  /** A whole number of more digits than a double holds, which makes a column one of words. */
  long: string | undefined;
  /** How the numbers are written, if not plainly, and a cell with what is read. */
  form: NumberForm | undefined;
  written: { text: string; value: number } | undefined;
  /** Smallest and largest finite number; NaN if there is none, as in a column of words. */
  min: number;
  max: number;
}

/** Cells to copy: rows and columns by their indices, in this order. */
export interface TablePart {
  columns: readonly number[];
  /** All rows, if it is not said. */
  rows?: Uint32Array;
}

export interface Table {
  file: string;
  delimiter: string;
  decimal: '.' | ',';
  /** Whether the first line holds names, as was found or said. */
  header: boolean;
  columns: readonly TableColumn[];
  count: number;
  /** Line in the file on which a row begins, from 1. */
  line(row: number): number;
  /** A number, the index of a word, or NaN if the cell is missing. */
  cell(row: number, column: number): number;
  /** A copy of one column. (count) */
  column(index: number): Float64Array<ArrayBuffer>;
  /** Copies a part into shared memory, row-major. (rows, columns) */
  copy(part: TablePart): Float64Array<SharedArrayBuffer>;
  /** Copies parts as `copy` does, and lets go of the cells meanwhile: the table is empty afterwards. */
  handOver(parts: readonly TablePart[]): Promise<Float64Array<SharedArrayBuffer>[]>;
}
