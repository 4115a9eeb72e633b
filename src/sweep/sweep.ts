/**
 * A sweep makes trials, trains them, and decides which go on. It yields events and touches no console.
 *
 * Its decisions depend only on the numbers and results of trials, never on which training was quick. Points
 * are drawn by trial number. Halving, bayes and a target look at results only between batches of a fixed
 * size, when all trials of a batch have reached the rung or their end. So trials, digests and winner are the
 * same for any number of threads, and after any number of interruptions.
 */

import { checkDataset } from '../data/check.ts';
import type { Dataset } from '../data/dataset.ts';
import { shareData } from '../data/split.ts';
import { minibatchesOf } from '../engine/minibatches.ts';
import type { Experiment } from '../experiment/experiment.ts';
import { mostThreads } from '../experiment/settings.ts';
import { checkObject, checkText, checkWhole, wrongKind } from '../foundation/check.ts';
import { LockstepError } from '../foundation/errors.ts';
import { meanAndDeviation } from '../foundation/statistics.ts';
import { planNetwork } from '../model/network.ts';
import { insideFolder } from '../run/inside-folder.ts';
import { makeFolder } from '../run/write-whole.ts';
import { createChannel } from './channel.ts';
import type { QueuedSweepEvent, SweepEvent, SweepOptions } from './events.ts';
import { trialsFolder } from './folder.ts';
import {
  advance,
  type Batch,
  type Coordinated,
  conclude,
  follow,
  recall,
  refuse,
  stop,
  valueAt,
} from './follow.ts';
import { type Arrival, survivors } from './hyperband.ts';
import { checkObjective, reaches } from './objective.ts';
import { createProposals } from './proposals.ts';
import { looksAtResults, pull } from './pull.ts';
import type { SweepQueue } from './queue/broker.ts';
import { createQueueSchedule } from './queue/queue-schedule.ts';
import { hyperbandOf, type SweepFile } from './read.ts';
import { createSchedule } from './schedule.ts';
import type { Trial, TrialResult } from './trial.ts';

/** Milliseconds between two looks at whether the sweep's folder is still there. */
const watchEvery = 1000;

/**
 * Runs a sweep on this machine to its end, or until the signal. Only `train sweep --queue` trains on others.
 *
 * @throws TypeError or RangeError for an argument; LockstepError if the sweep's folder is gone
 */
export async function* runSweep(file: SweepFile, options: SweepOptions): AsyncGenerator<SweepEvent, void> {
  for await (const event of sweepOver(undefined, file, options)) if (event.kind !== 'queue') yield event;
}

/**
 * Runs a sweep as `runSweep` does, or with a queue by its workers: `options.parallel` is then the number of
 * trainings that lie in it at once.
 */
export async function* sweepOver(
  queue: SweepQueue | undefined,
  file: SweepFile,
  options: SweepOptions,
): AsyncGenerator<QueuedSweepEvent, void> {
  checkArguments(file, options);
  const events = createChannel<QueuedSweepEvent>();
  const abandoned = new AbortController();
  const { signal } = options;
  const abort = () => abandoned.abort();
  signal?.addEventListener('abort', abort);
  if (signal?.aborted) abort();
  let gone: unknown;
  const watch = setInterval(() => {
    options.trials.check().catch((error) => {
      gone = error;
      abort();
    });
  }, watchEvery);
  // The sweep's own work keeps the process alive.
  watch.unref();
  const coordinated = { ...options, signal: abandoned.signal };
  const done = coordinate(queue, file, coordinated, (event) => events.push(event))
    .then(
      () => events.close(gone),
      (error) => events.close(gone ?? error),
    )
    .finally(() => clearInterval(watch));
  try {
    yield* events;
  } finally {
    abort();
    await done;
    signal?.removeEventListener('abort', abort);
  }
}

function checkArguments(file: SweepFile, options: SweepOptions): void {
  const { resolve } = checkObject('file', file, 'a sweep, as readSweep gives it');
  if (typeof resolve !== 'function') throw wrongKind('file', 'a sweep, as readSweep gives it', file);
  checkObject('options', options, 'an object with dataset, folder, trials ...');
  const { dataset, dataSha256, folder, trials, threads, parallel } = options;
  checkDataset(dataset);
  checkObjective(file.sweep.objective, dataset.targets.kind);
  checkText('options.dataSha256', dataSha256, 'the digest of the data set, see datasetDigest');
  checkText('options.folder', folder, 'the path of a folder');
  if (typeof trials?.append !== 'function')
    throw wrongKind('options.trials', 'what openTrials gives', trials);
  checkWhole('options.threads', threads, 1, mostThreads);
  checkWhole('options.parallel', parallel, 1, mostThreads);
}

async function coordinate(
  queue: SweepQueue | undefined,
  file: SweepFile,
  options: Coordinated,
  emit: (event: QueuedSweepEvent) => void,
): Promise<void> {
  const { sweep } = file;
  const { dataset, dataSha256, folder, threads, parallel, shard, signal } = options;
  await makeFolder(await insideFolder(folder, trialsFolder));
  const decides = looksAtResults(sweep);
  const { objective } = sweep;
  const schedule = queue
    ? createQueueSchedule({
        ...{ queue, dataset, dataSha256, objective, parallel },
        name: sweep.name,
        experiment: file.base.experiment,
        tell: (note) => emit({ kind: 'queue', note }),
      })
    : createSchedule({
        ...{ dataset, dataSha256, objective, threads, parallel },
        most: sweep.early ? Math.max(parallel, sweep.batch * sweep.seeds) : parallel,
      });
  const abandon = () => schedule.abandon();
  signal.addEventListener('abort', abandon);
  const results: TrialResult[] = [];
  const rungs = new Map<number, Arrival[]>();
  const proposals = createProposals(sweep);
  let reached = false;
  try {
    for (let first = 1; !signal.aborted && !reached; first += sweep.batch) {
      const most = decides ? sweep.batch : Number.POSITIVE_INFINITY;
      const begun = results.length;
      const pulled = pull(file, { proposals, results, first, most, dataSha256, shard });
      await (sweep.early
        ? halve([...pulled], rungs, { file, options, schedule, results, emit })
        : runAll(pulled, { file, options, schedule, results, emit }));
      if (!decides || results.length === begun) break;
      reached = results
        .slice(begun)
        .some(({ status, value }) => status === 'finished' && reaches(sweep.objective, value));
    }
    results.sort((a, b) => a.number - b.number);
    emit({ kind: 'end', results, stopped: signal.aborted, reached });
  } finally {
    signal.removeEventListener('abort', abandon);
    schedule.abandon();
    await schedule.close();
  }
}

/** Trains all trials to the end, several at once. */
async function runAll(trials: Iterable<Trial>, batch: Batch): Promise<void> {
  function* trainings(): Generator<() => Promise<void>> {
    for (const trial of trials) {
      if (trial.fault !== undefined) {
        yield () => refuse(trial, batch);
        continue;
      }
      const all = follow(trial);
      const known = all.every((one) => recall(one, batch, Number.POSITIVE_INFINITY));
      let left = all.length;
      for (const one of all) {
        yield async () => {
          await advance(one, Number.POSITIVE_INFINITY, batch);
          if (--left === 0) conclude(trial, all, known, batch);
        };
      }
    }
  }
  await inParallel(trainings(), batch);
}

/** Trains the trials of a batch from rung to rung. At each rung the worse ones stop. */
async function halve(made: readonly Trial[], rungs: Map<number, Arrival[]>, batch: Batch): Promise<void> {
  const { file, options } = batch;
  const { objective } = file.sweep;
  for (const trial of made) if (trial.fault !== undefined) await refuse(trial, batch);
  const trials = made.filter(({ fault }) => fault === undefined);
  const all = new Map(trials.map((trial) => [trial, follow(trial)]));
  const known = new Set(trials.filter((trial) => all.get(trial)!.every((one) => recall(one, batch, 1))));
  const ladders = new Map(
    trials.map((trial) => [
      trial,
      hyperbandOf(file.sweep, epochsOf(trial.runs[0]!.experiment, options.dataset))!,
    ]),
  );
  const ladder = [...new Set([...ladders.values()].flatMap(({ rungs }) => rungs))].sort((a, b) => a - b);
  const eta = file.sweep.early!.eta;
  const together = (going: readonly Trial[], until: (trial: Trial) => number) =>
    inParallel(
      going
        .flatMap((trial) => all.get(trial)!.map((one) => () => advance(one, until(trial), batch)))
        .values(),
      batch,
    );

  let going = [...trials];
  for (const rung of ladder) {
    const here = going.filter((trial) => ladders.get(trial)!.rungs.includes(rung));
    await together(here, () => rung);
    if (options.signal.aborted) return;
    const failed = here.filter((trial) => all.get(trial)!.some(({ line }) => line?.status === 'failed'));
    const arrived = here
      .filter((trial) => !failed.includes(trial))
      .map((trial): Arrival => {
        const values = all.get(trial)!.map(({ history }) => valueAt(history, rung));
        return { number: trial.number, value: meanAndDeviation(values).mean };
      });
    const before = rungs.get(rung) ?? [];
    const best = survivors(objective, eta, before, arrived);
    rungs.set(rung, [...before, ...arrived]);
    const out = here.filter((trial) => !best.has(trial.number));
    for (const trial of out) {
      for (const one of all.get(trial)!) await stop(one, batch);
      conclude(trial, all.get(trial)!, known.has(trial), batch);
    }
    going = going.filter((trial) => !out.includes(trial));
  }
  await together(going, () => Number.POSITIVE_INFINITY);
  for (const trial of going) conclude(trial, all.get(trial)!, known.has(trial), batch);
}

/** Runs jobs in their order, as many at once as the schedule allows. */
async function inParallel(jobs: Iterator<() => Promise<void>>, { options, schedule }: Batch): Promise<void> {
  const lane = async () => {
    while (!options.signal.aborted) {
      const next = jobs.next();
      if (next.done) break;
      await next.value();
    }
    // No job is left for this core, so the others may use it.
    schedule.share();
  };
  await Promise.all(Array.from({ length: schedule.parallel }, lane));
}

/** Epochs of a training; a fraction if its length is given in steps. */
function epochsOf(experiment: Experiment, dataset: Dataset): number {
  if (experiment.epochs !== undefined) return experiment.epochs;
  try {
    const { data, training } = shareData(experiment, dataset, (path) => path);
    const network = planNetwork(experiment.model, data);
    return experiment.steps! / minibatchesOf(experiment.batchSize, training.length, network).count;
  } catch (error) {
    // A trial whose layers do not fit fails when it is trained, and has no rungs.
    if (error instanceof LockstepError) return 1;
    throw error;
  }
}
