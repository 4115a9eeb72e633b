/**
 * The cells of a table in memory: pieces of some rows, row-major, so that a table whose number of rows is not
 * known can grow without being copied.
 */
import { breathe } from '../../../platform/breath.ts';
import { allocateShared } from '../../../platform/shared-memory.ts';
import type { Budget } from './budget.ts';
import type { TablePart } from './types.ts';

/** Bytes of a piece, about. */
const pieceBytes = 2_097_152;

export class Pieces {
  readonly columns: number;
  readonly #budget: Budget;
  readonly #rows: number;
  #pieces: Float64Array<ArrayBuffer>[] = [];
  #count = 0;

  constructor(columns: number, budget: Budget) {
    this.columns = columns;
    this.#budget = budget;
    this.#rows = Math.max(1, Math.floor(pieceBytes / (8 * columns)));
  }

  get count(): number {
    return this.#count;
  }

  /** Appends a row, read from this line. Its cells are written into what this gives, from `at` on. */
  add(line: number): { cells: Float64Array; at: number } {
    const at = this.#count % this.#rows;
    if (at === 0) this.#grow(line);
    this.#count++;
    return { cells: this.#pieces.at(-1)!, at: at * this.columns };
  }

  #grow(line: number): void {
    const length = this.#rows * this.columns;
    this.#budget.take(8 * length, line);
    // A buffer that can be resized can also be emptied, which frees its memory at once.
    const buffer = new ArrayBuffer(8 * length, { maxByteLength: 8 * length });
    this.#pieces.push(new Float64Array(buffer, 0, length));
  }

  cell(row: number, column: number): number {
    this.#check(row, column);
    return this.#pieces[Math.floor(row / this.#rows)]![(row % this.#rows) * this.columns + column]!;
  }

  column(index: number): Float64Array<ArrayBuffer> {
    const cells = new Float64Array(this.#count);
    if (this.#count > 0) this.#check(0, index);
    for (let row = 0; row < this.#count; row++) {
      cells[row] = this.#pieces[Math.floor(row / this.#rows)]![(row % this.#rows) * this.columns + index]!;
    }
    return cells;
  }

  /** Copies a part into shared memory, row-major. */
  copy(part: TablePart): Float64Array<SharedArrayBuffer> {
    const copy = this.#start(part);
    for (const [index, piece] of this.#pieces.entries()) this.#copyPiece(copy, piece, index);
    return copy.into;
  }

  /** Copies parts, piece after piece, and frees each piece as soon as it is copied. */
  async handOver(parts: readonly TablePart[]): Promise<Float64Array<SharedArrayBuffer>[]> {
    const copies = parts.map((part) => this.#start(part));
    for (const [index, piece] of this.#pieces.entries()) {
      for (const copy of copies) this.#copyPiece(copy, piece, index);
      piece.buffer.resize(0);
      await breathe();
    }
    this.clear();
    return copies.map(({ into }) => into);
  }

  /** Lets go of all cells. */
  clear(): void {
    for (const { buffer } of this.#pieces) buffer.resize(0);
    this.#pieces = [];
    this.#count = 0;
  }

  #start({ columns, rows }: TablePart): Copy {
    for (const row of rows ?? []) this.#check(row, 0);
    for (const column of columns) if (this.#count > 0) this.#check(0, column);
    const length = rows?.length ?? this.#count;
    // Shared memory costs nothing until it is written to.
    const into = new Float64Array(allocateShared(8 * length * columns.length));
    return { columns, into, rows, ...(rows && placesByPiece(rows, this.#rows, this.#pieces.length)) };
  }

  #copyPiece(copy: Copy, piece: Float64Array, index: number): void {
    const first = index * this.#rows;
    if (!copy.rows) {
      const rows = Math.min(this.#rows, this.#count - first);
      for (let row = 0; row < rows; row++) this.#copyRow(copy, first + row, piece, row);
      return;
    }
    const { rows, places, starts } = copy;
    for (let i = starts![index]!; i < starts![index + 1]!; i++) {
      const place = places![i]!;
      this.#copyRow(copy, place, piece, rows[place]! - first);
    }
  }

  #copyRow({ columns, into }: Copy, place: number, piece: Float64Array, row: number): void {
    const to = place * columns.length;
    const from = row * this.columns;
    for (let i = 0; i < columns.length; i++) into[to + i] = piece[from + columns[i]!]!;
  }

  #check(row: number, column: number): void {
    if (row >= 0 && row < this.#count && column >= 0 && column < this.columns) return;
    const size = `${this.#count} rows of ${this.columns} columns`;
    throw new RangeError(`table: expected a cell of ${size}, got row ${row}, column ${column}`);
  }
}

interface Copy {
  columns: readonly number[];
  rows: Uint32Array | undefined;
  into: Float64Array<SharedArrayBuffer>;
  /** Places in `rows`, sorted by the piece in which the row lies. */
  places?: Uint32Array;
  /** Where each piece's places begin, and the end. (pieces + 1) */
  starts?: Uint32Array;
}

/** Sorts the places of rows by piece, by counting. */
function placesByPiece(rows: Uint32Array, rowsOfPiece: number, pieces: number) {
  const starts = new Uint32Array(pieces + 1);
  for (const row of rows) starts[Math.floor(row / rowsOfPiece) + 1]!++;
  for (let piece = 0; piece < pieces; piece++) starts[piece + 1]! += starts[piece]!;
  const next = starts.slice();
  const places = new Uint32Array(rows.length);
  for (const [place, row] of rows.entries()) places[next[Math.floor(row / rowsOfPiece)]!++] = place;
  return { places, starts };
}
