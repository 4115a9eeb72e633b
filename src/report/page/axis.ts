/** Places of values on an axis, and the labels beside the axis. */

/** An axis: a place from 0 to 1 for each value, and some values with their names. */
export interface Scale {
  place(value: unknown): number;
  ticks: readonly { place: number; label: string }[];
}

/** Ticks at round numbers. */
export function numberScale(low: number, high: number, name: (value: number) => string = shortNumber): Scale {
  const step = roundStep((high - low) / 4);
  const ticks: number[] = [];
  for (let n = Math.ceil(low / step - 1e-9); n * step <= high + step * 1e-9; n++)
    ticks.push(Number((n * step).toPrecision(12)));
  const place = (value: number) => (high === low ? 0.5 : (value - low) / (high - low));
  return {
    place: (value) => Math.min(1, Math.max(0, place(value as number))),
    ticks: ticks.map((value) => ({ place: place(value), label: name(value) })),
  };
}

/** The smallest 1, 2 or 5 times a power of ten that is not below this. */
export function roundStep(least: number): number {
  if (!(least > 0)) return 1;
  const power = Math.floor(Math.log10(least));
  const digit = [1, 2, 5, 10].find((one) => one * Number(`1e${power}`) >= least * 0.999)!;
  return Number(`${digit}e${power}`);
}

export function shortNumber(value: number): string {
  return String(Number(value.toPrecision(4))).replaceAll('-', '−');
}
