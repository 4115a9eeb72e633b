/** Follows a trial: finds its trainings in the file, or begins, advances, stops and records them. */
import { LockstepError } from '../foundation/errors.ts';
import type { SweepEvent, SweepOptions } from './events.ts';
import type { SweepFile } from './read.ts';
import type { EpochReport, Outcome, Point } from './run-training.ts';
import type { Schedule, Standing, Training } from './schedule.ts';
import {
  faultLine,
  resultOf,
  type Status,
  type Trial,
  type TrialLine,
  type TrialResult,
  type TrialRun,
} from './trial.ts';

/** The folder of a training within the sweep's. */
export function runFolder(run: TrialRun): string {
  return `trials/${run.id}`;
}

export type Coordinated = SweepOptions & { signal: AbortSignal };

/** A training that the sweep follows. */
export interface Followed {
  trial: Trial;
  run: TrialRun;
  history: Point[];
  training?: Training;
  /** How it ended. */
  line?: TrialLine;
}

/** What the trials of a batch share. */
export interface Batch {
  file: SweepFile;
  options: Coordinated;
  schedule: Schedule;
  results: TrialResult[];
  emit(event: SweepEvent): void;
}

export function follow(trial: Trial): Followed[] {
  return trial.runs.map((run) => ({ trial, run, history: [] }));
}

/**
 * The objective at a rung: that of the first evaluation at or after the rung, or of the last evaluation if
 * the training ended before.
 */
export function valueAt(history: readonly Point[], rung: number): number {
  return (history.find(([epoch]) => epoch >= rung) ?? history.at(-1))?.[1] ?? Number.NaN;
}

/** Takes a training's result from the file. Returns true if nothing more is needed. */
export function recall(one: Followed, { options }: Batch, until: number): boolean {
  const line = options.trials.known.get(one.run.id);
  if (!line || (line.status === 'failed' && options.retry)) return false;
  if (line.status === 'stopped' && line.epochs < until) return false;
  one.line = line;
  one.history = [...line.history];
  return true;
}

/** Trains until this many epochs are done, or to the end. */
export async function advance(one: Followed, until: number, batch: Batch): Promise<void> {
  const { file, options, schedule, emit } = batch;
  const { trial, run } = one;
  if (one.line?.status === 'stopped' && one.line.epochs < until) {
    // A sweep that knew other trials stopped this training. In this sweep it goes on, from its start.
    delete one.line;
    one.history = [];
  }
  if (one.line || recall(one, batch, until)) return;
  const varied = file.sweep.dimensions.some(({ path }) => path === 'execution.threads');
  const wanted = run.experiment.execution.threads;
  one.training ??= schedule.start(run, {
    trial: trial.number,
    folder: options.folder,
    name: runFolder(run),
    threads: varied && wanted !== 'auto' ? wanted : undefined,
    session: options.tensorboard
      ? { group: `trial-${trial.number}`, parameters: trial.parameters }
      : undefined,
    onRunning: () => emit({ kind: 'running', trial, run }),
    onEpoch: ({ epoch, epochs, value, waiting }: EpochReport) => {
      // A training that begins again tells once more what it told before, to the bit.
      if (epoch > (one.history.at(-1)?.[0] ?? 0)) one.history.push([epoch, value]);
      emit({ kind: 'epoch', trial, run, epoch, epochs, value, waiting });
    },
    onProgress: ({ epoch, epochs, value }) =>
      emit({ kind: 'epoch', trial, run, epoch, epochs, value, waiting: false }),
    onAgain: (reason: string) => emit({ kind: 'again', trial, run, reason }),
  });
  await settle(one, await one.training.advance(until), batch);
}

/** Ends a training that waits at a rung. */
export async function stop(one: Followed, batch: Batch): Promise<void> {
  if (one.line || !one.training) return;
  await settle(one, await one.training.stop(), batch);
}

/** Records the end of a training, if it has ended. */
async function settle(one: Followed, standing: Standing, { options, emit }: Batch): Promise<void> {
  if (standing.kind === 'waiting' || standing.kind === 'abandoned') return;
  const { trials } = options;
  one.line = lineOf(one, standing);
  one.history = [...one.line.history];
  await trials.check();
  const { trial, run } = one;
  // Only a training with all of its files is recorded. Another one runs again when the sweep is called again.
  const unwritten = standing.kind === 'ended' ? standing.unwritten : undefined;
  if (unwritten !== undefined) emit({ kind: 'fault', trial, run, reason: unwritten, kept: false });
  else await record(one.line, { trial, run }, { options, emit });
}

/** Appends a line to trials.jsonl. The sweep goes on if the disk does not take it now. */
async function record(
  line: TrialLine,
  of: { trial: Trial; run?: TrialRun },
  { options: { trials }, emit }: Pick<Batch, 'options' | 'emit'>,
): Promise<void> {
  try {
    await trials.append(line);
  } catch (error) {
    if (!(error instanceof LockstepError)) throw error;
    emit({ kind: 'fault', ...of, reason: error.message, kept: true });
  }
}

function lineOf({ trial, run }: Followed, outcome: Exclude<Outcome, { kind: 'abandoned' }>): TrialLine {
  const { history } = outcome;
  const ended = outcome.kind === 'ended';
  const metric = ended ? outcome.value : Number.NaN;
  const finite = Number.isFinite(metric);
  const status: Status = !ended || !finite ? 'failed' : outcome.stopped ? 'stopped' : 'finished';
  const message = ended ? `the objective is ${metric}` : outcome.message;
  return {
    trial: trial.number,
    id: run.id,
    parameters: trial.parameters,
    seed: run.seed,
    status,
    epochs: history.at(-1)?.[0] ?? 0,
    metric: status === 'failed' ? null : metric,
    history,
    weightsSha256: ended ? outcome.weightsSha256 : null,
    run: runFolder(run),
    ...(status === 'failed' ? { message } : {}),
    seconds: outcome.seconds,
  };
}

/** Records a trial whose values do not fit together. */
export async function refuse(trial: Trial, batch: Batch): Promise<void> {
  const { options, results, emit } = batch;
  const line = faultLine(trial);
  const known = options.trials.known.has(line.id);
  if (!known) await record(line, { trial }, batch);
  const result = resultOf(trial, [line]);
  results.push(result);
  emit({ kind: 'trial', result, known });
}

/** Sums up a trial if all of its trainings have ended. */
export function conclude(
  trial: Trial,
  all: readonly Followed[],
  known: boolean,
  { results, emit, options }: Batch,
): void {
  const lines = all.flatMap(({ line }) => (line ? [line] : []));
  if (lines.length < all.length) {
    if (options.signal.aborted) return;
    throw new LockstepError('failed', `trial ${trial.number} has ended without a result`);
  }
  const result = resultOf(trial, lines);
  results.push(result);
  emit({ kind: 'trial', result, known });
}
