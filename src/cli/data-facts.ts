/** What is in a data set, as plain data: sizes, columns, classes, and what was noticed. */
import { targetWidth } from '../contracts/task.ts';
import type { Dataset, Samples } from '../data/dataset.ts';
import { classCounts } from '../data/look/targets.ts';

export interface Facts {
  name: string;
  /** How it was read. */
  notes: readonly string[];
  warnings: readonly string[];
  samples: { train: number; test: number };
  /** Of pictures: height, width, channels. */
  picture?: { shape: readonly number[]; white: number };
  /** Of tables, over the training rows. */
  columns?: readonly ColumnFacts[];
  target: { kind: 'classes'; column?: string; classes: readonly ClassFacts[] } | { kind: 'values' | 'flags' };
  /** The values or flags, over the training rows. */
  values?: readonly NumberFacts[];
}

export type ColumnFacts = NumberFacts | WordFacts;

/** Figures are null if every cell is missing. */
export interface NumberFacts {
  name: string;
  kind: 'number';
  least: number | null;
  most: number | null;
  mean: number | null;
  deviation: number | null;
  missing: number;
}

export interface WordFacts {
  name: string;
  kind: 'category';
  /** Words of the training rows, the most frequent first. */
  words: readonly { word: string; count: number }[];
  missing: number;
}

export interface ClassFacts {
  name: string;
  train: number;
  test: number;
}

export function datasetFacts(dataset: Dataset, warnings: readonly string[]): Facts {
  const { name, features, targets, train, test, notes = [] } = dataset;
  const bytes = features.kind === 'bytes';
  return {
    name,
    notes,
    warnings,
    samples: { train: train.count, test: test.count },
    ...(bytes
      ? { picture: { shape: features.shape, white: features.white ?? 255 } }
      : { columns: columnFacts(dataset) }),
    target:
      targets.kind === 'classes'
        ? {
            kind: 'classes',
            ...(targets.column === undefined ? {} : { column: targets.column }),
            classes: classFacts(dataset, targets.count),
          }
        : { kind: targets.kind },
    ...(targets.kind === 'classes'
      ? {}
      : {
          values: targets.names.map((value, c) => numberFacts(value, cellsOf(train, 'targets', dataset, c))),
        }),
  };
}

function classFacts({ targets, train, test }: Dataset, count: number): ClassFacts[] {
  const names = targets.kind === 'classes' ? targets.names : undefined;
  const [trained, tested] = [classCounts(train, count), classCounts(test, count)];
  return Array.from({ length: count }, (_, c) => ({
    name: names?.[c] ?? String(c),
    train: trained[c]!,
    test: tested[c]!,
  }));
}

function columnFacts(dataset: Dataset): ColumnFacts[] {
  const { features, train } = dataset;
  if (features.kind !== 'floats') return [];
  return features.columns.map((column, c) => {
    const cells = cellsOf(train, 'features', dataset, c);
    return column.kind === 'number'
      ? numberFacts(column.name, cells)
      : wordFacts(column.name, column.words, cells);
  });
}

/** A copy of one column of the features or of the targets. (count) */
function cellsOf(
  samples: Samples,
  which: 'features' | 'targets',
  { features, targets }: Dataset,
  c: number,
): Float64Array {
  const width = which === 'features' ? features.shape[0] : targetWidth(targets);
  const { count, [which]: cells } = samples;
  const column = new Float64Array(count);
  for (let row = 0; row < count; row++) column[row] = cells[row * width + c]!;
  return column;
}

function numberFacts(name: string, cells: Float64Array): NumberFacts {
  let [known, sum, least, most] = [0, 0, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const cell of cells) {
    if (Number.isNaN(cell)) continue;
    known++;
    sum += cell;
    least = Math.min(least, cell);
    most = Math.max(most, cell);
  }
  const missing = cells.length - known;
  if (known === 0)
    return { name, kind: 'number', least: null, most: null, mean: null, deviation: null, missing };
  const mean = sum / known;
  let squares = 0;
  for (const cell of cells) if (!Number.isNaN(cell)) squares += (cell - mean) ** 2;
  return { name, kind: 'number', least, most, mean, deviation: Math.sqrt(squares / known), missing };
}

function wordFacts(name: string, words: readonly string[], cells: Float64Array): WordFacts {
  const counts = new Uint32Array(words.length);
  let missing = 0;
  for (const cell of cells) {
    if (Number.isNaN(cell)) missing++;
    else counts[cell]!++;
  }
  const found = words.map((word, at) => ({ word, count: counts[at]! })).filter(({ count }) => count > 0);
  return { name, kind: 'category', words: found.sort((a, b) => b.count - a.count), missing };
}
