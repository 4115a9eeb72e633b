/** The best epoch of a run, and the figure that says so. */

import { improvements, type WatchedMetric } from '../contracts/figures.ts';
import { percent } from '../foundation/format.ts';
import type { RunFacts } from '../run/run-facts.ts';
import type { EpochFigures } from '../run/run-tables.ts';

export interface BestEpoch {
  epoch: number;
  /** The figure and its value, for people. */
  why: string;
}

const names: Record<WatchedMetric, string> = {
  loss: 'loss',
  accuracy: 'accuracy',
  precision: 'macro precision',
  recall: 'macro recall',
  f1: 'macro F1',
};

/**
 * The epoch with the best validation figure: the accuracy, or the figure that early stopping watches, as in
 * the training. Undefined without validation, because the test set decides nothing.
 */
export function bestEpoch({
  epochs,
  experiment,
  summary,
}: Pick<RunFacts, 'epochs' | 'experiment' | 'summary'>): BestEpoch | undefined {
  const { data, earlyStopping } = experiment;
  if (data.monitor === 'test') return undefined;
  const metric = earlyStopping?.metric ?? 'accuracy';
  const evaluated = epochs.flatMap((row) => {
    const figures = validationOf(row);
    return figures ? [{ epoch: row.epoch, figures }] : [];
  });
  const better = improvements(
    evaluated.map(({ figures }) => figures),
    metric,
    { absolute: earlyStopping?.minDelta ?? 0 },
  );
  const best = summary
    ? evaluated.find(({ epoch }) => epoch === summary.bestEpoch)
    : evaluated[better.lastIndexOf(true)];
  if (!best) return undefined;
  const { epoch, figures } = best;
  const value = metric === 'loss' ? figures.loss.toFixed(4) : percent(figures[metric]);
  return { epoch, why: `by the validation ${names[metric]}, ${value}` };
}

function validationOf({ valLoss, valAccuracy, valPrecision, valRecall, valF1 }: EpochFigures) {
  if (valLoss === null || valAccuracy === null) return undefined;
  return { loss: valLoss, accuracy: valAccuracy, precision: valPrecision!, recall: valRecall!, f1: valF1! };
}
