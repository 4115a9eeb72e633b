/** The memory that a table may take: what does not fit is refused before it is read, or else on the way. */
import { LockstepError } from '../../../foundation/errors.ts';
import { bytes, grouped } from '../../../foundation/format.ts';

const cellBytes = 8;
const hint = 'drop columns or rows from the file, or use a machine with more memory';

export class Budget {
  readonly #file: string;
  readonly #limit: number;
  #taken = 0;

  constructor(file: string, limit: number) {
    this.#file = file;
    this.#limit = limit;
  }

  /** Refuses a table of about so many rows if it does not fit. */
  expect(rows: number, columns: number): void {
    const needed = rows * columns * cellBytes;
    if (needed <= this.#limit) return;
    throw this.#refusal(
      this.#file,
      `about ${grouped(rows)} rows of ${columns} columns, which need ${grouped(needed)} bytes`,
    );
  }

  /** Takes bytes for what has been read up to this line. */
  take(count: number, line: number): void {
    this.#taken += count;
    if (this.#taken <= this.#limit) return;
    throw this.#refusal(
      `${this.#file}:${line}`,
      `${grouped(this.#taken)} bytes up to here, and more to come`,
    );
  }

  #refusal(where: string, got: string): LockstepError {
    const expected = `a table that fits into ${bytes(this.#limit)} of free memory`;
    return new LockstepError('data', { where, expected, got, hint });
  }
}
