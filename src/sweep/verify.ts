/** Whether trainings of a sweep, done again, come to what its folder holds: the winner's, or all. */
import { join } from 'node:path';
import { LockstepError } from '../foundation/errors.ts';
import { inline } from '../parallel/inline.ts';
import { threads } from '../parallel/threads.ts';
import { readText } from '../platform/files.ts';
import { metricsText } from '../run/csv.ts';
import { inspectResult, readSummaryAsIs } from '../run/inspect.ts';
import { runFiles } from '../run/run-files.ts';
import type { EndEvent, TrainEvent } from '../training/events.ts';
import { train } from '../training/train.ts';
import type { InspectOptions } from './inspect.ts';
import { finalValue, pointsOf } from './run-training.ts';
import { makeTrial, type TrialLine, type TrialResult, type TrialRun } from './trial.ts';
import { differenceOf, winnerFolders } from './winner.ts';

export interface VerifyOptions extends InspectOptions {
  signal?: AbortSignal;
  /** Called before a training is done again. */
  onTraining?(trial: number, seed: number): void;
  /** Called with the events of the trainings. */
  onEvent?(event: TrainEvent): void;
}

/**
 * Trains the winner again, as it was judged. Returns what differs; undefined if it was stopped.
 *
 * @param count threads
 */
export async function verifyWinner(
  winner: TrialResult,
  count: number | 'auto' | 'inline',
  options: VerifyOptions,
): Promise<string[] | undefined> {
  const { folder, file, dataset, dataSha256 } = options;
  const trial = makeTrial(file, winner.number, winner.parameters, dataSha256);
  const changed: string[] = [];
  for (const [i, at] of winnerFolders(folder, trial).entries()) {
    const run = trial.runs[i]!;
    options.onTraining?.(trial.number, run.seed);
    const event = await trainAgain(run, winner.lines[i]!, { count, test: true }, options);
    if (typeof event !== 'object') return undefined;
    const { summary } = await readSummaryAsIs(at);
    const { experiment } = run;
    changed.push(...(await inspectResult(at, summary, { experiment, dataset, event })));
    changed.push(...compareWith(event, run, winner.lines[i]!, options));
  }
  return changed;
}

/** Trains all trials that have ended again. Returns what differs; undefined if it was stopped. */
export async function verifyTrials(
  results: readonly TrialResult[],
  count: number | 'auto' | 'inline',
  options: VerifyOptions,
): Promise<string[] | undefined> {
  const { folder, file, dataset, dataSha256 } = options;
  const changed: string[] = [];
  for (const { number, parameters, lines } of results) {
    const { runs } = makeTrial(file, number, parameters, dataSha256);
    for (const [i, run] of runs.entries()) {
      const line = lines[i]!;
      options.onTraining?.(number, run.seed);
      const event = await trainAgain(run, line, { count, test: false }, options);
      if (event === undefined) return undefined;
      const where = join(folder, line.run);
      if (typeof event === 'string') {
        if (line.status === 'failed' && line.message === event) continue;
        changed.push(`${where}: expected ${line.message ?? 'a result'}, got ${event}`);
        continue;
      }
      changed.push(...compareWith(event, run, line, options));
      if (line.status === 'failed') continue;
      const text = await readText(join(where, runFiles.metrics)).catch(() => undefined);
      if (text !== metricsText(dataset.targets.kind, event.history))
        changed.push(`${join(where, runFiles.metrics)} differs`);
    }
  }
  return changed;
}

function compareWith(
  event: EndEvent,
  { experiment }: TrialRun,
  line: TrialLine,
  { folder, file }: VerifyOptions,
): string[] {
  const history = pointsOf(file.sweep.objective, event.history);
  const value = finalValue(experiment, event, history);
  const difference = differenceOf(line, { weightsSha256: event.weightsSha256, history, value });
  return difference === undefined
    ? []
    : [`${join(folder, line.run)}: trained again, it has other ${difference}`];
}

/**
 * How the training ended, as far as it went in the sweep. A text says why it failed; undefined means that it
 * was stopped.
 */
async function trainAgain(
  { experiment }: TrialRun,
  { status, epochs }: TrialLine,
  { count, test }: { count: number | 'auto' | 'inline'; test: boolean },
  { dataset, signal, onEvent }: VerifyOptions,
): Promise<EndEvent | string | undefined> {
  const stop = new AbortController();
  const either = signal ? AbortSignal.any([signal, stop.signal]) : stop.signal;
  const executor = count === 'inline' ? inline() : threads(count);
  let end: EndEvent | undefined;
  try {
    for await (const event of train(experiment, {
      dataset,
      executor,
      test,
      signal: either,
    })) {
      onEvent?.(event);
      // The sweep stopped it at this rung.
      if (status === 'stopped' && event.kind === 'epoch' && event.epoch >= epochs) stop.abort();
      if (event.kind === 'end') end = event;
    }
  } catch (error) {
    if (error instanceof LockstepError) return error.message;
    throw error;
  }
  return signal?.aborted ? undefined : end;
}
