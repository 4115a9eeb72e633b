/** A sweep under way, as a live page shows it: the report of the results so far, and what is at work. */
import { duration, grouped } from '../foundation/format.ts';
import { html } from '../report/page/markup.ts';
import { isOf, type QueuedSweepEvent, type Shard } from '../sweep/events.ts';
import { figureText } from '../sweep/figure-text.ts';
import { factsOf } from '../sweep/page/facts.ts';
import { sweepParts } from '../sweep/page/page.ts';
import { sweepProgress } from '../sweep/progress.ts';
import type { Sweep } from '../sweep/read.ts';
import { progressPart } from './progress-part.ts';
import { runningTrials } from './running-trials.ts';
import type { LiveSource } from './source.ts';

export interface LiveSweep extends LiveSource {
  show(event: QueuedSweepEvent): void;
  /** All trials have ended: the winner is judged. */
  judging(): void;
  stopping(): void;
}

const bars = [['trials', 'trials']] as const;
const tiles = [
  ['best', 'best so far'],
  ['working', 'at work'],
  ['failed', 'failed'],
  ['left', 'time left'],
] as const;

/** @param shard the trials of this machine, if others have the rest */
export function liveSweep(sweep: Sweep, shard?: Shard): LiveSweep {
  const progress = sweepProgress(sweep);
  const top = progressPart({ bars, tiles, what: 'the sweep' });
  const total = shard ? ownOf(progress.total, shard) : progress.total;
  let state = 'trying';
  return {
    title: sweep.name,
    page() {
      const { head, pictures, importance, ranking } = sweepParts(factsOf(sweep, '', progress.results, []));
      const working = runningTrials(sweep, progress);
      const some = progress.results.length > 0;
      const parts = {
        ...{ live: top, head, working, pictures, importance },
        ranking: some ? ranking : html``,
      };
      return { parts, charts: [] };
    },
    figures() {
      const { results, best, atWork, counts } = progress;
      const left = progress.left();
      const finite = Number.isFinite(total);
      return {
        texts: {
          state,
          note: '',
          trials: `${grouped(results.length)}${finite ? ` of ${grouped(total)}` : ''}`,
          best: best ? `${figureText(sweep.objective, best.value)}, trial ${best.number}` : '–',
          working: String(atWork.size),
          failed: String(counts.failed),
          left: left === undefined || !finite ? '–' : duration(left),
        },
        shares: { trials: finite ? results.length / total : null },
        stoppable: state !== stopping,
      };
    },
    show: (event) => progress.take(event),
    judging() {
      state = 'training the winner again, and judging it on the test set';
    },
    stopping() {
      state = stopping;
    },
  };
}

const stopping = 'stopping';

/** How many of the trials are those of a shard. */
function ownOf(total: number, shard: Shard): number {
  if (!Number.isFinite(total)) return total;
  return Array.from({ length: total }, (_, i) => i + 1).filter((number) => isOf(shard, number)).length;
}
