/**
 * How raw samples become numbers that a network reads. It is fitted on the training part alone, never on
 * samples that judge it, and kept with the network, which applies it to whatever it is given later.
 *
 * Pixels are divided by 255. A number of a table is shifted and scaled; a word becomes a vector with a single
 * 1 (one-hot), or zeros if it did not occur in the training part.
 */
import type { MissingRule, Scaling } from '../experiment/data-settings.ts';
import { LockstepError } from '../foundation/errors.ts';
import { allocateShared } from '../platform/shared-memory.ts';
import type { Column, FeatureArray, Features, Samples } from './dataset.ts';

/** Plain data. */
export type Preparation =
  | { readonly kind: 'pixels' }
  | { readonly kind: 'columns'; readonly columns: readonly ColumnPreparation[] };

export type ColumnPreparation =
  | {
      readonly kind: 'number';
      readonly name: string;
      /** y = (x - shift) / scale */
      readonly shift: number;
      readonly scale: number;
      /** What stands for a missing number; without it, none may be missing. */
      readonly missing?: number;
      /** One more input says whether the number is missing. */
      readonly flagged?: boolean;
    }
  | {
      readonly kind: 'category';
      readonly name: string;
      /** One input each. */
      readonly words: readonly string[];
      /** One more input says whether the word is missing. */
      readonly flagged?: boolean;
    };

export interface PreparationRule {
  scaling: Scaling;
  missing: MissingRule;
}

/** Inputs of a network that reads samples prepared like this. */
export function inputsOf(preparation: Preparation, { shape }: Features): number {
  if (preparation.kind === 'pixels') return shape.reduce<number>((product, size) => product * size, 1);
  return preparation.columns.reduce((sum, column) => sum + inputsOfColumn(column), 0);
}

/** Inputs that a column becomes. */
export function inputsOfColumn(column: ColumnPreparation): number {
  return (column.kind === 'number' ? 1 : column.words.length) + (column.flagged ? 1 : 0);
}

/** Fits the preparation to these samples, in their order. */
export function fitPreparation(
  features: Features,
  { features: rows }: Pick<Samples, 'features'>,
  samples: Uint32Array,
  rule: PreparationRule,
): Preparation {
  if (features.kind === 'bytes') return { kind: 'pixels' };
  const width = features.columns.length;
  const fitted = fitNumbers(rows, width, samples, rule.scaling);
  const columns = features.columns.map((column, c): ColumnPreparation => {
    const { name } = column;
    const { missing, mean, shift, scale } = fitted[c]!;
    if (column.kind === 'category') {
      const words = wordsOf(column.words, (i) => rows[samples[i]! * width + c]!, samples.length);
      return missing > 0
        ? { kind: 'category', name, words, flagged: true }
        : { kind: 'category', name, words };
    }
    if (rule.missing === 'refuse') return { kind: 'number', name, shift, scale };
    if (rule.missing === 'mean' || missing === 0)
      return { kind: 'number', name, shift, scale, missing: mean };
    return { kind: 'number', name, shift, scale, missing: mean, flagged: true };
  });
  return { kind: 'columns', columns };
}

/** The words that occur, in the order of the data set's list. */
function wordsOf(words: readonly string[], cell: (i: number) => number, count: number): string[] {
  const occurs = new Uint8Array(words.length);
  for (let i = 0; i < count; i++) {
    const at = cell(i);
    if (!Number.isNaN(at)) occurs[at] = 1;
  }
  return words.filter((_, at) => occurs[at] === 1);
}

/** A column of numbers, as it is scaled. */
export interface FittedNumber {
  mean: number;
  shift: number;
  scale: number;
  /** Rows without a number. */
  missing: number;
}

/**
 * Fits `width` columns to some rows, in two passes in the order of `samples`. All columns are fitted in the
 * same passes: going through the memory once for each takes many times as long. A column of one value is only
 * shifted.
 */
export function fitNumbers(
  rows: ArrayLike<number>,
  width: number,
  samples: Uint32Array,
  scaling: Scaling,
): FittedNumber[] {
  const known = new Float64Array(width);
  const sums = new Float64Array(width);
  const least = new Float64Array(width).fill(Number.POSITIVE_INFINITY);
  const most = new Float64Array(width).fill(Number.NEGATIVE_INFINITY);
  for (let i = 0; i < samples.length; i++) {
    const from = samples[i]! * width;
    for (let c = 0; c < width; c++) {
      const value = rows[from + c]!;
      if (Number.isNaN(value)) continue;
      known[c]!++;
      sums[c]! += value;
      if (value < least[c]!) least[c] = value;
      if (value > most[c]!) most[c] = value;
    }
  }
  const means = sums.map((sum, c) => (known[c] === 0 ? 0 : sum / known[c]!));
  const squares = scaling === 'standardise' ? squaresOf(rows, means, samples) : undefined;
  return Array.from(means, (mean, c) => {
    const missing = samples.length - known[c]!;
    if (scaling === 'none' || known[c] === 0) return { mean, shift: 0, scale: 1, missing };
    const varied = most[c]! > least[c]!;
    if (!squares) return { mean, shift: least[c]!, scale: varied ? most[c]! - least[c]! : 1, missing };
    const deviation = Math.sqrt(squares[c]! / known[c]!);
    // Of equal values the mean can be off by rounding, which must not be blown up.
    return { mean, shift: mean, scale: varied && deviation > 0 ? deviation : 1, missing };
  });
}

/** Sums of the squared differences from the means. */
function squaresOf(rows: ArrayLike<number>, means: Float64Array, samples: Uint32Array): Float64Array {
  const width = means.length;
  const squares = new Float64Array(width);
  for (let i = 0; i < samples.length; i++) {
    const from = samples[i]! * width;
    for (let c = 0; c < width; c++) {
      const value = rows[from + c]!;
      if (Number.isNaN(value)) continue;
      squares[c]! += (value - means[c]!) * (value - means[c]!);
    }
  }
  return squares;
}

/** Writes a raw row, which begins at `rows[from]`, as the inputs of a network, from `into[at]` on. */
export type WriteRow = (
  rows: ArrayLike<number>,
  from: number,
  into: Float32Array | Float64Array,
  at: number,
) => void;

/**
 * The writer of rows of a table. The table may have its words in another order than the one that was fitted.
 *
 * @throws LockstepError `data` from the writer if a number is missing and nothing stands for it
 */
export function rowWriter(features: Features, preparation: Preparation): WriteRow {
  if (features.kind !== 'floats' || preparation.kind !== 'columns') {
    throw new TypeError('rowWriter: expected a table and the preparation of its columns');
  }
  let inputs = 0;
  const numbers: NumberAt[] = [];
  const others: WriteRow[] = [];
  for (const [c, column] of preparation.columns.entries()) {
    if (column.kind === 'number') numbers.push({ ...column, from: c, to: inputs });
    else others.push(writeCategory(column, features.columns[c]!, c, inputs));
    inputs += inputsOfColumn(column);
  }
  const writeNumbers = numbersWriter(numbers);
  return (rows, from, into, at) => {
    writeNumbers(rows, from, into, at);
    for (const write of others) write(rows, from, into, at);
  };
}

/** A number of a row, and which input it becomes. */
type NumberAt = ColumnPreparation & { kind: 'number' } & { from: number; to: number };

/** One loop over all numbers: a training spends much of its time here if the network is small. */
function numbersWriter(numbers: readonly NumberAt[]): WriteRow {
  const count = numbers.length;
  const source = Int32Array.from(numbers, ({ from }) => from);
  const input = Int32Array.from(numbers, ({ to }) => to);
  const shift = Float64Array.from(numbers, (column) => column.shift);
  const scale = Float64Array.from(numbers, (column) => column.scale);
  const fill = Float64Array.from(numbers, ({ missing = Number.NaN }) => missing);
  const flag = Int32Array.from(numbers, ({ flagged, to }) => (flagged ? to + 1 : -1));
  const flags = flag.filter((to) => to >= 0);
  return (rows, from, into, at) => {
    for (const to of flags) into[at + to] = 0;
    for (let i = 0; i < count; i++) {
      let value = rows[from + source[i]!]!;
      if (Number.isNaN(value)) {
        value = fill[i]!;
        if (Number.isNaN(value)) throw missingNumber(numbers[i]!);
        if (flag[i]! >= 0) into[at + flag[i]!] = 1;
      }
      into[at + input[i]!] = (value - shift[i]!) / scale[i]!;
    }
  };
}

function missingNumber({ name }: NumberAt): LockstepError {
  return new LockstepError('data', {
    where: `column ${JSON.stringify(name)}`,
    expected: 'a number in every row, as in the training',
    got: 'a missing one',
    hint: 'fill it in, or train with `data.missing: mean`',
  });
}

function writeCategory(
  { words, flagged }: ColumnPreparation & { kind: 'category' },
  given: Column,
  c: number,
  first: number,
): WriteRow {
  const places = given.kind === 'category' ? given.words.map((word) => words.indexOf(word)) : [];
  const width = words.length + (flagged ? 1 : 0);
  return (rows, from, into, at) => {
    for (let i = 0; i < width; i++) into[at + first + i] = 0;
    const value = rows[from + c]!;
    const place = Number.isNaN(value) ? (flagged ? words.length : -1) : (places[value] ?? -1);
    if (place >= 0) into[at + first + place] = 1;
  };
}

/**
 * The cells of a table whose words are in another order, in that of the network's table. A word that the
 * network has never seen gets an index after its own.
 */
export function inWordsOf(own: Features, given: Features, cells: FeatureArray): FeatureArray {
  if (own === given || own.kind !== 'floats' || given.kind !== 'floats') return cells;
  const width = own.columns.length;
  const maps = own.columns.map((column, c) => {
    const other = given.columns[c]!;
    if (column.kind !== 'category' || other.kind !== 'category') return undefined;
    return other.words.map((word) => {
      const at = column.words.indexOf(word);
      return at < 0 ? column.words.length : at;
    });
  });
  const copy = new Float64Array(allocateShared(8 * cells.length));
  for (const [i, cell] of cells.entries()) copy[i] = maps[i % width]?.[cell] ?? cell;
  return copy;
}
