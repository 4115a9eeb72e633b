/** The best epoch of a run, and the figure that says so. */

import { improvements } from '../contracts/figures.ts';
import { figuresFor } from '../model/catalogue.ts';
import { figureCalled, figureText } from '../model/figure-text.ts';
import { type RunFacts, taskOfRun } from '../run/run-facts.ts';
import { watchedBy } from '../training/early-stopping.ts';

export interface BestEpoch {
  epoch: number;
  /** The figure and its value, for people. */
  why: string;
}

/**
 * The epoch with the best validation figure: the accuracy, or the figure that early stopping watches, as in
 * the training. Undefined without validation, because the test set decides nothing.
 */
export function bestEpoch({
  epochs,
  experiment,
  summary,
  underway,
}: Pick<RunFacts, 'epochs' | 'experiment' | 'summary' | 'underway'>): BestEpoch | undefined {
  const { data, earlyStopping } = experiment;
  if (data.monitor === 'test') return undefined;
  const evaluated = epochs.flatMap(({ epoch, validation }) =>
    validation ? [{ epoch, figures: validation }] : [],
  );
  if (evaluated.length === 0) return undefined;
  const metric = watchedBy(figuresFor(taskOfRun({ epochs, experiment, summary })), earlyStopping);
  const watched = figureCalled(metric);
  const known = (summary ?? underway)?.bestEpoch;
  const best =
    known === undefined
      ? evaluated[
          improvements(
            evaluated.map(({ figures }) => figures),
            watched,
            { absolute: earlyStopping?.minDelta ?? 0 },
          ).lastIndexOf(true)
        ]
      : evaluated.find(({ epoch }) => epoch === known);
  if (!best) return undefined;
  const { epoch, figures } = best;
  const note = watched.note === 'macro average' ? 'macro ' : '';
  const value = figureText(metric, figures[metric]!);
  return { epoch, why: `by the validation ${note}${watched.title}, ${value}` };
}
