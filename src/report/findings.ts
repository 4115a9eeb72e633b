/** What a report tells beyond the files of the run: it needs the network at work on the test samples. */
import { columnsOf, type Dataset, type Samples } from '../data/dataset.ts';
import type { Signature } from '../data/split.ts';
import type { TrainedRun } from '../run/open-run.ts';
import { type Importance, permutationImportance, usualRepeats } from '../training/importance.ts';
import { inParts } from '../training/in-parts.ts';
import { type RankingFigures, rankingFigures } from '../training/ranking-figures.ts';
import { largestErrors, type Miss, worstFlags } from './misses.ts';
import { choosePredictions, type Predictions } from './predictions.ts';

export interface Findings {
  signature: Signature;
  test: Samples;
  /** Of classes and flags. */
  ranking: RankingFigures | undefined;
  /** Of a table, unless it would take long. */
  importance: Importance | undefined;
  /** Of classes. */
  predictions?: Predictions;
  /** Of values and flags. */
  misses?: readonly Miss[];
  /** Of values: all predictions, in the user's unit. (count, outputs) */
  predicted?: Float64Array;
}

/** Multiplications that the importance may take, about a second; and the least samples that say something. */
const [mostWork, leastSamples] = [2e9, 100];

/** Puts the network to work. The same run and data find the same. */
export function findingsOf(run: TrainedRun, { test }: Dataset): Findings {
  const { signature } = run;
  const parts = inParts(run, test);
  const ranking = rankingFigures(run, test, parts);
  const common = { signature, test, ranking, importance: importanceOf(run, test) };
  switch (signature.targets.kind) {
    case 'classes':
      return { ...common, predictions: choosePredictions(run, test, parts) };
    case 'flags':
      return { ...common, misses: worstFlags(run, test, parts) };
    case 'values': {
      const predicted = run.predict({ count: test.count, features: test.features }) as Float64Array;
      return { ...common, predicted, misses: largestErrors(run, test, predicted) };
    }
  }
}

/** On as many samples as there is time for. */
function importanceOf(run: TrainedRun, test: Samples): Importance | undefined {
  const { features } = run.signature;
  if (features.kind !== 'floats') return undefined;
  const columns = columnsOf(features);
  const mostSamples = Math.floor(mostWork / (columns * usualRepeats * Math.max(1, run.parameters)));
  if (columns < 2 || mostSamples < Math.min(leastSamples, test.count)) return undefined;
  return permutationImportance(run, test, { mostSamples });
}
