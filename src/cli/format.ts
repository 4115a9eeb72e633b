/** Numbers and tables for people. */

export { bytes, compact, duration, flopsText, grouped, percent, shortEpoch } from '../foundation/format.ts';

/**
 * A table whose columns are as wide as their widest cell, with two spaces between. `alignment` has a letter
 * for each column: `l` aligns it to the left, `r` to the right.
 */
export function table(rows: readonly (readonly string[])[], alignment: string): string[] {
  const widths = [...alignment].map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows.map((row) =>
    row
      .map((cell, column) =>
        alignment[column] === 'r' ? cell.padStart(widths[column]!) : cell.padEnd(widths[column]!),
      )
      .join('  ')
      .trimEnd(),
  );
}
