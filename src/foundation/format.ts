/** Numbers as people read them, the same in every locale. */

/** 101770 -> 101,770 */
export function grouped(value: number): string {
  return String(Math.round(value)).replace(/\B(?=(\d{3})+$)/g, ',');
}

/** 0.98173 -> 98.17 % */
export function percent(share: number): string {
  return `${(share * 100).toFixed(2)} %`;
}

/** A count in three digits: 218k, 1.52M */
export function compact(value: number): string {
  for (const [size, unit] of [
    [1e9, 'G'],
    [1e6, 'M'],
    [1e3, 'k'],
  ] as const) {
    if (value >= size) return `${Number((value / size).toPrecision(3))}${unit}`;
  }
  return String(Math.round(value));
}

/** Floating-point operations: `252 flop`, `218 kflop` */
export const flopsText = (count: number) => `${compact(count).replace(/(?=[kMG]?$)/, ' ')}flop`;

/** 1024 -> 1.0 KiB */
export function bytes(count: number): string {
  for (const [size, unit] of [
    [1073741824, 'GiB'],
    [1048576, 'MiB'],
    [1024, 'KiB'],
  ] as const) {
    if (count >= size) return `${(count / size).toFixed(1)} ${unit}`;
  }
  return `${count} B`;
}

/** Seconds as 4.2 s, 3 min 05 s, 2 h 10 min */
export function duration(seconds: number): string {
  if (seconds < 60) return `${seconds.toFixed(seconds < 10 ? 2 : 1)} s`;
  const minutes = Math.floor(seconds / 60);
  const pad = (value: number) => String(value).padStart(2, '0');
  if (minutes < 60) return `${minutes} min ${pad(Math.floor(seconds % 60))} s`;
  return `${Math.floor(minutes / 60)} h ${pad(minutes % 60)} min`;
}

/** A whole number of epochs as it is, any other with three digits: 3, 0.267 */
export function shortEpoch(epoch: number): string {
  return Number.isInteger(epoch) ? String(epoch) : String(Number(epoch.toPrecision(3)));
}

/** About four significant digits, but every digit before the point: 0.8123, 1.2345, 12.35, 54321. */
export function significant(value: number): string {
  if (!Number.isFinite(value) || value === 0) return String(value);
  const size = Math.abs(value);
  if (size < 0.001) return value.toPrecision(3);
  return value.toFixed(size >= 1000 ? 0 : size >= 100 ? 1 : size >= 10 ? 2 : 4);
}

/** What is held out, a number or a share: `5,000 training rows`, `20 % of the training rows`. */
export function heldOutText(validation: number, many: string): string {
  return validation > 0 && validation < 1
    ? `${Number((100 * validation).toPrecision(6))} % of the training ${many}`
    : `${grouped(validation)} training ${many}`;
}

/** `1 row`, `1,234 rows` */
export function counted(count: number, what: string): string {
  return `${grouped(count)} ${what}${count === 1 ? '' : 's'}`;
}
