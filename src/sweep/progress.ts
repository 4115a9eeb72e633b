/** How far a sweep is: what its events come to, for those who show it. */
import type { QueuedSweepEvent } from './events.ts';
import { compare } from './objective.ts';
import type { Sweep } from './read.ts';
import type { Point } from './run-training.ts';
import type { Trial, TrialResult, TrialRun } from './trial.ts';

/** A training at work. */
export interface AtWork {
  trial: Trial;
  run: TrialRun;
  epoch: number;
  /** Epochs of the whole training; 0 until its first report. */
  epochs: number;
  /** The objective; NaN until its first report. */
  value: number;
  /** The objective at each evaluation so far. */
  history: readonly Point[];
}

export interface SweepProgress {
  /** By the id of the training. */
  readonly atWork: ReadonlyMap<string, AtWork>;
  /** Trials that have ended, in that order. */
  readonly results: readonly TrialResult[];
  readonly best: TrialResult | undefined;
  readonly counts: Readonly<Record<TrialResult['status'], number>>;
  /** The most trials that there can be. */
  readonly total: number;
  take(event: QueuedSweepEvent): void;
  /** Seconds until the end, if all trials take as long as those that were trained so far. */
  left(): number | undefined;
}

/** @param now milliseconds */
export function sweepProgress(
  { size, runCap, objective }: Pick<Sweep, 'size' | 'runCap' | 'objective'>,
  now: () => number = () => performance.now(),
): SweepProgress {
  const total = Math.min(size, runCap ?? Number.POSITIVE_INFINITY);
  const began = now();
  const atWork = new Map<string, AtWork>();
  /** Of trainings that wait, which may go on. */
  const histories = new Map<string, Point[]>();
  const results: TrialResult[] = [];
  const counts = { finished: 0, stopped: 0, failed: 0 };
  let best: TrialResult | undefined;
  let known = 0;

  return {
    atWork,
    results,
    counts,
    total,
    get best() {
      return best;
    },
    take(event) {
      if (event.kind === 'running') {
        const { trial, run } = event;
        const history = histories.get(run.id) ?? [];
        histories.set(run.id, history);
        const nothing = { epoch: 0, epochs: 0, value: Number.NaN, history };
        atWork.set(run.id, { trial, run, ...nothing, ...atWork.get(run.id) });
      }
      if (event.kind === 'epoch') {
        const { trial, run, epoch, epochs, value, waiting } = event;
        const history = histories.get(run.id) ?? [];
        histories.set(run.id, history);
        // A training that begins again tells once more what it told before.
        if (epoch > (history.at(-1)?.[0] ?? 0)) history.push([epoch, value]);
        if (waiting || epoch === epochs) atWork.delete(run.id);
        else atWork.set(run.id, { trial, run, epoch, epochs, value, history });
      }
      if (event.kind === 'trial') {
        const { result } = event;
        results.push(result);
        if (event.known) known++;
        counts[result.status]++;
        for (const { id } of result.lines) {
          atWork.delete(id);
          histories.delete(id);
        }
        const better = !best || compare(objective, result.value, best.value) < 0;
        if (result.status === 'finished' && better) best = result;
      }
    },
    left() {
      const shares = [...atWork.values()].map(({ trial, epoch, epochs }) =>
        epochs > 0 ? epoch / epochs / trial.runs.length : 0,
      );
      const part = results.length - known + shares.reduce((sum, share) => sum + share, 0);
      if (part <= 0) return undefined;
      return Math.max(0, ((total - known - part) * (now() - began)) / 1000 / part);
    },
  };
}
