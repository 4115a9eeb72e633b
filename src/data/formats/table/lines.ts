/** On which line of the file each row begins. Only jumps are kept: most rows take one line each. */
export class Lines {
  /** Rows at which the line is not that of the row before plus one, ascending, and their lines. */
  readonly #rows: number[] = [];
  readonly #lines: number[] = [];
  #next = 0;

  /** The line of the row after the last. */
  add(row: number, line: number): void {
    if (line !== this.#next) {
      this.#rows.push(row);
      this.#lines.push(line);
    }
    this.#next = line + 1;
  }

  of(row: number): number {
    let low = 0;
    let high = this.#rows.length;
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if (this.#rows[middle]! <= row) low = middle;
      else high = middle;
    }
    return this.#lines[low]! + row - this.#rows[low]!;
  }
}
