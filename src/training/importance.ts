/**
 * Permutation importance (Breiman 2001): how much worse a network gets if the cells of one column of a table
 * change places. The raw column is permuted, before its preparation, so a column of words counts as one.
 */

import { figureNamed } from '../contracts/figures.ts';
import { targetWidth } from '../contracts/task.ts';
import {
  allocateFeatures,
  allocateTargets,
  columnsOf,
  type FeatureArray,
  type Samples,
} from '../data/dataset.ts';
import { permutation, stream } from '../foundation/random.ts';
import { meanAndDeviation } from '../foundation/statistics.ts';
import { figuresFor } from '../model/catalogue.ts';
import type { TrainedModel } from './trained-model.ts';

export interface ColumnImportance {
  name: string;
  /** How much worse the figure gets, on average over the repeats: below 0, it got better. */
  mean: number;
  deviation: number;
}

export interface Importance {
  /** The name of the task's own figure: accuracy, rmse or f1; of several values r2, which has no unit. */
  figure: string;
  /** The figure with every cell in its place. */
  unpermuted: number;
  /** Samples that it was measured on. */
  samples: number;
  repeats: number;
  /** In the order of the table. */
  columns: readonly ColumnImportance[];
}

export interface ImportanceOptions {
  repeats?: number;
  /** Of more samples, so many are drawn. */
  mostSamples?: number;
  /** Called before each column. */
  progress?: (column: number, of: number) => void;
}

/** Times that each column is permuted, if nobody says how often. */
export const usualRepeats = 5;

/**
 * Measures each column. The same network and samples give the same numbers: what is drawn is keyed by the
 * seed of the training.
 *
 * @param samples of a table, its words in the order of the network's signature
 * @throws TypeError if the network reads pictures
 */
export function permutationImportance(
  model: TrainedModel,
  samples: Samples,
  { repeats = usualRepeats, mostSamples = Number.POSITIVE_INFINITY, progress }: ImportanceOptions = {},
): Importance {
  const { features, targets } = model.signature;
  if (features.kind !== 'floats') throw new TypeError('importance: expected a table, got pictures');
  const table = figuresFor(targets.kind);
  // Errors in different units have no common mean.
  const mixed = targets.kind === 'values' && targets.names.length > 1;
  const { name: figure, better } = figureNamed(table, mixed ? 'r2' : table.kept)!;
  const { seed } = model.experiment;
  const part = samples.count > mostSamples ? drawn(model, samples, mostSamples) : samples;
  const width = columnsOf(features);
  const permuted: Samples = { ...part, features: allocateFeatures(part.count, features) };
  permuted.features.set(part.features.subarray(0, part.count * width));
  const measured = (one: Samples) => model.evaluate(one)[figure as 'accuracy']!;
  const unpermuted = measured(part);

  const columns = features.columns.map(({ name }, c): ColumnImportance => {
    progress?.(c, width);
    const falls = Array.from({ length: repeats }, (_, repeat) => {
      const order = permutation(part.count, stream(seed, 'importance', c, repeat));
      copyColumn(part.features, permuted.features, c, width, (row) => order[row]!);
      const value = measured(permuted);
      return better === 'less' ? value - unpermuted : unpermuted - value;
    });
    copyColumn(part.features, permuted.features, c, width, (row) => row);
    return { name, ...meanAndDeviation(falls) };
  });
  return { figure, unpermuted, samples: part.count, repeats, columns };
}

function copyColumn(
  from: FeatureArray,
  to: FeatureArray,
  column: number,
  width: number,
  origin: (row: number) => number,
): void {
  for (let row = 0; row * width < to.length; row++) {
    to[row * width + column] = from[origin(row) * width + column]!;
  }
}

/** So many of the samples, drawn by the seed, in their order. */
function drawn({ signature, experiment }: TrainedModel, samples: Samples, count: number): Samples {
  const { features, targets } = signature;
  const chosen = permutation(samples.count, stream(experiment.seed, 'importance-samples'))
    .slice(0, count)
    .sort();
  const [columns, width] = [columnsOf(features), targetWidth(targets)];
  const part = {
    count,
    features: allocateFeatures(count, features),
    targets: allocateTargets(count, targets),
  };
  for (const [i, at] of chosen.entries()) {
    part.features.set(samples.features.subarray(at * columns, (at + 1) * columns), i * columns);
    part.targets.set(samples.targets.subarray(at * width, (at + 1) * width), i * width);
  }
  return part;
}
