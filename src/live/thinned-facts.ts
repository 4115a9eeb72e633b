/** Rows of a long training, thinned, so that making its page takes no longer the longer it goes on. */
import { improvements } from '../contracts/figures.ts';
import { figuresFor } from '../model/catalogue.ts';
import { figureCalled } from '../model/figure-text.ts';
import { type RunFacts, taskOfRun } from '../run/run-facts.ts';
import type { EpochRow } from '../run/run-tables.ts';
import { watchedBy } from '../training/early-stopping.ts';

/** Rows that are kept, apart from those that were the best so far. */
export const mostRows = 500;

/**
 * At most about 500 rows with the same look: of as many neighbours the lowest and the highest loss, all
 * that were the best so far, the first and the last.
 */
export function thinnedRows(facts: RunFacts): EpochRow[] {
  const { epochs } = facts;
  if (epochs.length <= mostRows) return epochs;
  const kept = bestRows(facts);
  kept.add(epochs[0]!);
  kept.add(epochs.at(-1)!);
  const size = Math.ceil((2 * epochs.length) / mostRows);
  for (let first = 0; first < epochs.length; first += size) {
    const some = epochs.slice(first, first + size);
    // Where only some rows have an evaluation, these are the ones that must not be lost.
    const evaluated = some.filter(({ validation }) => validation);
    const ranked = (evaluated.length > 0 ? evaluated : some).toSorted((a, b) => lossOf(a) - lossOf(b));
    kept.add(ranked[0]!);
    kept.add(ranked.at(-1)!);
  }
  return epochs.filter((row) => kept.has(row));
}

const lossOf = ({ train, validation }: EpochRow) => validation?.loss ?? train.loss ?? 0;

/** The evaluations that were the best so far: which row is the best follows from these alone. */
function bestRows(facts: RunFacts): Set<EpochRow> {
  const { epochs, experiment } = facts;
  const evaluated = epochs.filter(({ validation }) => validation);
  const watched = figureCalled(watchedBy(figuresFor(taskOfRun(facts)), experiment.earlyStopping));
  const better = improvements(
    evaluated.map(({ validation }) => validation!),
    watched,
    { absolute: experiment.earlyStopping?.minDelta ?? 0 },
  );
  return new Set(evaluated.filter((_, i) => better[i]));
}
