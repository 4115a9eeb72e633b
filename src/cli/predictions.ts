/** What a network predicts for the rows of a file, as a table: a name for each row, then its predictions. */
import type { GivenSamples } from '../data/open-samples.ts';
import { outputNames, targetNames, targetWriter } from '../data/target-names.ts';
import { LockstepError } from '../foundation/errors.ts';
import type { Cell } from '../run/csv-text.ts';
import type { TrainedModel } from '../training/trained-model.ts';
import { grouped } from './format.ts';

/** A table that makes its rows when they are asked for. */
export interface Predictions {
  header: readonly string[];
  /** How many columns come before the probabilities. */
  front: number;
  count: number;
  row(index: number): readonly Cell[];
}

/**
 * Predicts all samples: the id of each under its own name, or counted from 1; then what is predicted, a class
 * by its name, values in the user's unit, flags as they were written.
 *
 * @param probabilities a column `p_NAME` for each class or flag besides
 */
export function predictionsOf(
  model: Pick<TrainedModel, 'signature' | 'predict' | 'probabilities' | 'outputs'>,
  { features, samples, id }: Pick<GivenSamples, 'features' | 'samples' | 'id'>,
  { probabilities = false } = {},
): Predictions {
  const { signature, outputs } = model;
  const rows = { count: samples.count, features: samples.features };
  const predicted = model.predict(rows, features);
  const likely = probabilities ? model.probabilities(rows, features) : undefined;
  const names = targetNames(signature);
  const write = targetWriter(signature);
  const ids = id && idCells(id.values);
  return {
    front: 1 + names.length,
    header: [
      id?.name ?? 'id',
      ...names,
      ...(likely ? outputNames(signature).map((name) => `p_${name}`) : []),
    ],
    count: samples.count,
    row: (index) => [
      ids ? ids[index]! : index + 1,
      ...names.map((_, t) => write(predicted[index * names.length + t]!, t)),
      ...(likely?.subarray(index * outputs, (index + 1) * outputs) ?? []),
    ],
  };
}

/** Names of the rows: numbers, if all are written as numbers are. */
function idCells(values: readonly string[]): readonly Cell[] {
  return values.every((value) => String(Number(value)) === value) ? values.map(Number) : values;
}

/** The rows of several files as one table, with a column `file` in front. */
export function joined(parts: readonly { file: string; predictions: Predictions }[]): Predictions {
  const [first] = parts;
  if (parts.length === 1) return first!.predictions;
  const sameIds = parts.every(({ predictions }) => predictions.header[0] === first!.predictions.header[0]);
  const [id, ...others] = first!.predictions.header;
  const starts: number[] = [];
  let count = 0;
  for (const { predictions } of parts) {
    starts.push(count);
    count += predictions.count;
  }
  return {
    front: 1 + first!.predictions.front,
    header: ['file', sameIds ? id! : 'id', ...others],
    count,
    row: (index) => {
      const at = starts.findLastIndex((start) => start <= index);
      const { file, predictions } = parts[at]!;
      return [file, ...predictions.row(index - starts[at]!)];
    },
  };
}

/**
 * Gives the columns other names: all of them, or those before the probabilities.
 *
 * @throws LockstepError `usage` if these are too few or too many
 */
export function renamed(predictions: Predictions, given: readonly string[]): Predictions {
  const { header, front } = predictions;
  if (given.length === header.length || given.length === front) {
    return { ...predictions, header: [...given, ...header.slice(given.length)] };
  }
  const some = front < header.length ? `${front} names, or ${grouped(header.length)}` : `${front} names`;
  const named = [...header.slice(0, mostNamed), ...(header.length > mostNamed ? ['...'] : [])];
  throw new LockstepError('usage', {
    where: '--columns',
    expected: `${some}, for ${named.join(', ')}`,
    got: `${given.length}: ${given.join(', ')}`,
  });
}

/** Columns that a message names. */
const mostNamed = 6;
