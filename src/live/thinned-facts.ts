/** A long training with fewer rows, so that making its page takes no longer the longer it goes on. */
import { bestEpoch } from '../report/best-epoch.ts';
import { placesOf } from '../report/extremes.ts';
import type { RunFacts } from '../run/run-facts.ts';

/** The most rows that are kept. */
export const mostRows = 500;

/**
 * The same training in at most 500 rows: peaks and dips of the losses, the first, the last and the best. What
 * is short enough comes back as it is.
 */
export function thinnedFacts(facts: RunFacts): RunFacts {
  const { epochs, timing, underway } = facts;
  if (epochs.length <= mostRows) return facts;
  const best = bestEpoch(facts)?.epoch;
  const places = placesOf(
    [epochs.map(({ validation }) => validation?.loss ?? null), epochs.map(({ train }) => train.loss ?? null)],
    {
      length: epochs.length,
      most: mostRows,
      also: best === undefined ? [] : [epochs.findIndex(({ epoch }) => epoch === best)],
    },
  );
  const rows = places.map((place) => epochs[place]!);
  const kept = new Set(rows.map(({ epoch }) => epoch));
  return {
    ...facts,
    epochs: rows,
    timing: timing.filter(({ epoch }) => kept.has(epoch)),
    // It does not follow from the rows that are left.
    underway: { ...underway, bestEpoch: best ?? null },
  };
}
