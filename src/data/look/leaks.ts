/** Finds the target among the features: a column that says what is to be predicted. */
import type { Column, Dataset } from '../dataset.ts';

/** In fewer rows a column may fit by chance. */
const fewestRows = 20;

export function lookAtLeaks({ features, targets, train }: Dataset): string[] {
  if (features.kind !== 'floats' || train.count < fewestRows) return [];
  const { columns } = features;
  const table = { columns, count: train.count, cells: train.features as Float64Array };
  if (targets.kind === 'classes') {
    const labels = (row: number) => train.targets[row]!;
    const name = targets.column === undefined ? 'the target' : `the target ${JSON.stringify(targets.column)}`;
    return renamed(table, labels, targets.count).map((c) => renamedText(columns[c]!, name));
  }
  const { names } = targets;
  return names.flatMap((name, t) => {
    const target = `the target ${JSON.stringify(name)}`;
    const value = (row: number) => train.targets[row * names.length + t]!;
    if (targets.kind === 'flags')
      return renamed(table, value, 2).map((c) => renamedText(columns[c]!, target));
    return linear(table, value).map(({ c, equal }) => linearText(columns[c]!, target, equal));
  });
}

interface Cells {
  columns: readonly Column[];
  count: number;
  /** (count, columns) */
  cells: Float64Array;
}

const advice = 'if it would not be known beforehand, leave it out with data.drop';

const renamedText = ({ name }: Column, target: string) =>
  `column ${JSON.stringify(name)} tells ${target}: each of its values goes with one class; ${advice}`;

function linearText({ name }: Column, target: string, equal: boolean): string {
  const what = equal ? 'is equal to' : 'has a correlation of 1 with';
  return `column ${JSON.stringify(name)} ${what} ${target}; ${advice}`;
}

/** Numbers that are kept at a time: one for each column and class. */
const mostKept = 1 << 20;

/**
 * Columns whose values and the classes go with each other one to one, missing cells aside. Nearly all columns
 * are out after a few rows.
 */
function renamed(
  { columns, count, cells }: Cells,
  label: (row: number) => number,
  classes: number,
): number[] {
  const width = columns.length;
  const atATime = Math.max(1, Math.floor(mostKept / classes));
  const found: number[] = [];
  for (let first = 0; first < width; first += atATime) {
    let left = [...columns.keys()].slice(first, first + atATime);
    const values = new Map(left.map((c) => [c, new Float64Array(classes).fill(Number.NaN)]));
    const known = new Uint32Array(width);
    for (let row = 0; row < count && left.length > 0; row++) {
      const own = label(row);
      const fits = (c: number): boolean => {
        const cell = cells[row * width + c]!;
        if (Number.isNaN(cell)) return true;
        const kept = values.get(c)!;
        known[c]!++;
        if (Number.isNaN(kept[own]!)) kept[own] = cell;
        return kept[own] === cell;
      };
      left = left.filter(fits);
    }
    for (const c of left) {
      const seen = values.get(c)!.filter((value) => !Number.isNaN(value));
      const enough = known[c]! >= Math.max(fewestRows, 2 * seen.length);
      if (enough && seen.length > 1 && new Set(seen).size === seen.length) found.push(c);
    }
  }
  return found;
}

/** Cells that are read of a table to find correlations. */
const mostCells = 2_000_000;
const mostRows = 10_000;

/** A correlation above this is as good as 1. Prices in another currency, rounded, have it too. */
const nearOne = 0.9999;

/** Columns of numbers that the target is a linear function of, by some rows from all of the table. */
function linear(
  { columns, count, cells }: Cells,
  value: (row: number) => number,
): { c: number; equal: boolean }[] {
  const width = columns.length;
  const taken = Math.min(count, mostRows, Math.max(fewestRows, Math.floor(mostCells / width)));
  const rows = Array.from({ length: taken }, (_, i) => Math.floor((i * count) / taken));
  const ys = Float64Array.from(rows, value);
  // By rows, because they lie far apart in a large table. (columns, taken)
  const sample = new Float64Array(width * taken);
  for (const [i, row] of rows.entries()) {
    for (let c = 0; c < width; c++) sample[c * taken + i] = cells[row * width + c]!;
  }
  return columns.flatMap(({ kind }, c) => {
    if (kind !== 'number') return [];
    const { known, correlation, equal } = compared(sample.subarray(c * taken, (c + 1) * taken), ys);
    return known >= fewestRows && Math.abs(correlation) >= nearOne ? [{ c, equal }] : [];
  });
}

/** Pearson's correlation of two columns where both are known. */
function compared(
  xs: Float64Array,
  ys: Float64Array,
): { known: number; correlation: number; equal: boolean } {
  let [known, sumX, sumY, equal] = [0, 0, 0, true];
  for (let i = 0; i < xs.length; i++) {
    if (Number.isNaN(xs[i]!)) continue;
    known++;
    sumX += xs[i]!;
    sumY += ys[i]!;
    equal &&= xs[i] === ys[i];
  }
  const [meanX, meanY] = [sumX / known, sumY / known];
  let [xx, xy, yy] = [0, 0, 0];
  for (let i = 0; i < xs.length; i++) {
    if (Number.isNaN(xs[i]!)) continue;
    const [x, y] = [xs[i]! - meanX, ys[i]! - meanY];
    xx += x * x;
    xy += x * y;
    yy += y * y;
  }
  return { known, correlation: xy / Math.sqrt(xx * yy), equal };
}
