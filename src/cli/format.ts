/** Numbers and tables for people. */

export { bytes, compact, duration, grouped, percent, shortEpoch } from '../foundation/format.ts';

/**
 * A table in columns as wide as their widest cell; two spaces between. Columns are aligned to the left
 * (`l`) or right (`r`), a letter each.
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
