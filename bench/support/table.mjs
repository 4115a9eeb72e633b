// Tables for terminals. The first column is aligned to the left, numbers to the right.

export function printTable(heads, rows) {
  const table = [heads, ...rows].map((row) => row.map(String));
  const widths = heads.map((_, i) => Math.max(...table.map((row) => row[i].length)));
  for (const row of table) {
    console.log(
      row
        .map((cell, i) => (i ? cell.padStart(widths[i]) : cell.padEnd(widths[i])))
        .join('  ')
        .trimEnd(),
    );
  }
}

/** A number with three significant digits. */
export function figure(value) {
  if (value === 0) return '0';
  if (!Number.isFinite(value)) return '-';
  const size = Math.abs(value);
  return value.toFixed(size >= 100 ? 0 : size >= 10 ? 1 : size >= 1 ? 2 : 3);
}

export function percent(share) {
  return share === undefined || !Number.isFinite(share)
    ? '-'
    : `${(100 * share).toFixed(share < 0.1 ? 1 : 0)} %`;
}
