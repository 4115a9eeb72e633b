/** Runs a sweep for the commands `train sweep` and `train sweep merge`. */
import { join } from 'node:path';
import type { Dataset } from '../data/dataset.ts';
import { datasetDigest } from '../data/digest.ts';
import { shareData } from '../data/split.ts';
import { refuseSingleRows } from '../engine/minibatches.ts';
import type { Override } from '../experiment/setting-path.ts';
import { exitCodes, LockstepError } from '../foundation/errors.ts';
import { counted, heldOutText } from '../foundation/format.ts';
import { planNetwork } from '../model/network.ts';
import { availableCores } from '../platform/cores.ts';
import { version } from '../platform/version.ts';
import { certainTrials } from '../sweep/bayes.ts';
import { isOf, type Shard, type SweepEvent } from '../sweep/events.ts';
import { enterFolder, sweepFiles, writeBest, writeResults, writeSweep } from '../sweep/folder.ts';
import { checkObjective } from '../sweep/objective.ts';
import { createProposals } from '../sweep/proposals.ts';
import type { QueueAddress } from '../sweep/queue/address.ts';
import type { SweepQueue } from '../sweep/queue/broker.ts';
import type { QueueNote } from '../sweep/queue/seen-workers.ts';
import { winnerOf } from '../sweep/ranking.ts';
import type { Sweep, SweepFile } from '../sweep/read.ts';
import { sweepOver } from '../sweep/sweep.ts';
import { writeSweepEvents } from '../sweep/tensorboard.ts';
import { makeTrial, type TrialResult } from '../sweep/trial.ts';
import { openTrials } from '../sweep/trials-file.ts';
import { judgeWinner, winnerFolders } from '../sweep/winner.ts';
import { writeSweepReport } from '../sweep/write-report.ts';
import { checkTask } from '../training/prepare.ts';
import { err, out, warn, wrap } from './console.ts';
import { countOf } from './count-of.ts';
import { type LiveArguments, type LiveSweepView, withLiveSweep } from './live.ts';
import { asName } from './name-of-file.ts';
import { openDataOf } from './open-data.ts';
import { openSweep } from './open-sweep.ts';
import { type ExperimentArguments, once, overridesOf } from './options.ts';
import { listenForStop, type StopListener } from './stop.ts';
import { addressOf, leaveQueue, openQueueOf, queueText, showNote, usualInQueue } from './sweep-queue.ts';
import { printRanking, printWinner, sweepHeader } from './sweep-results.ts';
import { type SweepView, startSweepView } from './sweep-view.ts';

export interface SweepArguments extends ExperimentArguments, LiveArguments {
  parallel?: string;
  shard?: string;
  queue?: string;
  out?: string;
  retry?: boolean;
  json?: boolean;
  quiet?: boolean;
  dryRun?: boolean;
  tensorboard?: boolean;
}

/** A sweep with its data and settings. */
interface Session {
  file: SweepFile;
  dataset: Dataset;
  dataSha256: string;
  folder: string;
  threads: number;
  parallel: number;
  shard: Shard | undefined;
  /** Where its trials wait for workers. */
  address: QueueAddress | undefined;
  given: SweepArguments;
  /** A page that shows it while it goes on. */
  live?: LiveSweepView | undefined;
}

/** Reads a sweep and runs it, or one shard of it. */
export async function runSweepFile(given: SweepArguments, shard?: Shard): Promise<void> {
  const { threads: _, ...settings } = given;
  if (given.experiment === undefined) {
    throw new LockstepError('usage', {
      where: 'sweep',
      expected: 'a YAML file with a `sweep:` block, or a name such as sweeps/learning-rate',
      got: 'nothing',
    });
  }
  const file = openSweep(given.experiment, overridesOf(settings) as Override[]);
  const threads = countOf('threads', given.threads) ?? availableCores();
  const address = addressOf(given);
  const parallel = countOf('parallel', given.parallel) ?? (address ? usualInQueue : threads);
  if (shard) refuseShard(file.sweep);
  const part = shard ? `-shard-${shard.index}-of-${shard.count}` : '';
  const folder =
    given.out === undefined
      ? join('runs', `sweep-${asName(file.sweep.name) || 'experiment'}${part}`)
      : once('out', given.out);
  const dataset = await openDataOf(file.base.experiment);
  checkObjective(file.sweep.objective, dataset.targets.kind);
  checkShapes(file, dataset);
  const dataSha256 = datasetDigest(dataset);
  const session = { file, dataset, dataSha256, folder, threads, parallel, shard, address, given };
  for (const warning of file.warnings) warn(warning);
  if (given.dryRun) listTrials(session);
  else
    await withLiveSweep(given, { sweep: file.sweep, shard, folder }, (live) =>
      runSession({ ...session, live }),
    );
}

/** Refuses to split a sweep whose decisions need the results of all trials. */
function refuseShard({ method, early, objective }: Sweep): void {
  const reason =
    method === 'bayes'
      ? 'bayes'
      : early
        ? 'early_terminate'
        : objective.target === undefined
          ? ''
          : 'a target';
  if (reason === '') return;
  throw new LockstepError('usage', {
    where: '--shard',
    expected: 'a grid or random sweep in which no trial depends on others',
    got: `one with ${reason}`,
  });
}

/** Checks that the parameters' values give networks that fit the data, before anything is trained. */
function checkShapes({ probes }: SweepFile, dataset: Dataset): void {
  for (const { experiment, locate } of probes) {
    checkTask(experiment, dataset, locate);
    const { data, training } = shareData(experiment, dataset, locate);
    const network = planNetwork(experiment.model, data, locate);
    refuseSingleRows(network, experiment, training.length, locate);
  }
}

/** Lists the trials that are known before anything is trained. */
function listTrials({ file, dataSha256, shard, given }: Session): void {
  const { sweep } = file;
  const certain = sweep.method === 'bayes' ? certainTrials(sweep.batch) : Number.POSITIVE_INFINITY;
  const proposals = createProposals(sweep);
  if (!given.json && !given.quiet)
    for (const [name, text] of sweepHeader(file)) err.line(`  ${name.padEnd(10)} ${text}`);
  for (let number = 1; ; number++) {
    const parameters = proposals.next([], []);
    if (!parameters) break;
    if (number > certain) {
      warn(
        `only these first ${certain} trials are certain, which bayes draws at random; ` +
          `it chooses the others, in batches of ${sweep.batch}, from the results of those before`,
      );
      break;
    }
    if (shard && !isOf(shard, number)) continue;
    const { runs, fault } = makeTrial(file, number, parameters, dataSha256);
    const ids = runs.map(({ id }) => id);
    if (given.json)
      out.line(JSON.stringify({ event: 'trial', trial: number, ids, parameters, message: fault }));
    else
      out.line(
        `${String(number).padStart(5)}  ${ids[0] ?? `cannot run: ${fault}`}  ${JSON.stringify(parameters)}`,
      );
  }
}

async function runSession(session: Session): Promise<void> {
  const { file, folder, given, dataset, threads, address, live } = session;
  const lock = await enterFolder(folder);
  const stop = listenForStop();
  live?.begin(stop);
  let view: SweepView | undefined;
  let queue: SweepQueue | undefined;
  try {
    // The first of the sweep's files: what else lies in a folder with it is the sweep's, too.
    const trials = await openTrials(join(folder, sweepFiles.trials));
    let end: (SweepEvent & { kind: 'end' }) | undefined;
    let unrecorded = 0;
    try {
      await writeSweep(folder, file);
      const tensorboard = given.tensorboard === true;
      if (tensorboard) await writeSweepEvents(folder, file.sweep);
      const tell = (note: QueueNote) => (view ? view.show({ kind: 'queue', note }) : showNote(note));
      queue = address && (await openQueueOf(folder, address, tell));
      if (!given.quiet) announce(session);
      view = startSweepView(file, { json: given.json === true, quiet: given.quiet === true });
      const { dataSha256, parallel, shard } = session;
      const retry = given.retry === true;
      const options = {
        ...{ dataset, dataSha256, folder, trials, threads, parallel, retry, tensorboard },
        signal: stop.signal,
        ...(shard ? { shard } : {}),
      };
      for await (const event of sweepOver(queue, file, options)) {
        view.show(event);
        live?.show(event);
        if (event.kind === 'fault' && !event.kept) unrecorded++;
        if (event.kind === 'end') end = event;
      }
    } finally {
      view?.stop();
      if (queue) await leaveQueue(folder, queue);
      // What the disk has not taken by now counts below.
      await trials.close().catch(() => {});
    }
    unrecorded += trials.unsaved();
    if (unrecorded > 0) refuseEnd(unrecorded, folder);
    await writeResults(folder, file, end!.results);
    if (end!.stopped) stopped(stop, end!.results, folder);
    else await conclude(session, end!.results, stop);
  } finally {
    await lock.release();
    stop.release({ done: true });
  }
}

/** Ends a sweep whose folder does not hold all of its results. */
function refuseEnd(unrecorded: number, folder: string): never {
  const what = unrecorded === 1 ? '1 training is' : `${unrecorded} trainings are`;
  throw new LockstepError(
    'failed',
    `${folder}: ${what} not recorded, because the disk did not take them; ` +
      'when it does, the same command trains them again and goes on',
  );
}

/** Judges the winner on the test set, and prints the result of the sweep. */
async function conclude(
  session: Session,
  results: readonly TrialResult[],
  stop: StopListener,
): Promise<void> {
  const { file, dataset, dataSha256, folder, threads, shard, given, live } = session;
  const { sweep } = file;
  const failed = results.filter(({ status }) => status === 'failed');
  // A shard does not know whether its best trial is the best of all.
  const winner = shard ? undefined : winnerOf(sweep.objective, results);
  if (!given.quiet && !given.json) printRanking(sweep, results);
  if (winner) {
    const trial = makeTrial(file, winner.number, winner.parameters, dataSha256);
    await writeBest(folder, trial.runs[0]!.experiment);
    live?.judging();
    if (!given.quiet)
      err.line(`training the winner, trial ${winner.number}, again and judging it on the test set`);
    const summaries = await judgeWinner(trial, winner, {
      ...{ dataset, folder, threads, objective: sweep.objective, signal: stop.signal },
    });
    if (!summaries) {
      stopped(stop, results, folder);
      return;
    }
    await writeSweepReport(folder, sweep, results, summaries);
    live?.reported();
    const runs = winnerFolders(folder, trial);
    printWinner(sweep, winner, summaries, { folder, runs, json: given.json === true });
  }
  if (!winner) {
    await writeSweepReport(folder, sweep, results, []);
    live?.reported();
    if (!given.json) out.line(`report  ${join(folder, sweepFiles.report)}`);
  }
  if (shard && !given.quiet) {
    err.line(`part ${shard.index} of ${shard.count} is in ${folder}; \`train sweep merge\` joins the parts`);
  }
  if (failed.length === 0 && (winner || shard)) return;
  for (const { number, lines } of failed.slice(0, 5)) {
    err.line(
      `${err.paint('red', `trial ${number} failed`)}: ${lines.find(({ message }) => message)?.message}`,
    );
  }
  if (failed.length > 5) err.line(`and ${failed.length - 5} more; see ${join(folder, sweepFiles.results)}`);
  if (!winner && !shard) err.line('no trial came to its end, so there is no winner');
  process.exitCode = exitCodes.failed;
}

function stopped(stop: StopListener, results: readonly TrialResult[], folder: string): void {
  err.line(
    `stopped ${stop.reason()} after ${results.length} trials; ` +
      `the same command goes on with ${folder} where it stopped`,
  );
  process.exitCode = stop.exitCode();
}

function announce({ file, dataset, threads, parallel, folder, address }: Session): void {
  err.line(err.paint('bold', `lockstep ${version} · sweep ${file.sweep.name}`));
  const cores = availableCores();
  const each = Math.max(1, Math.floor(threads / parallel));
  const lines: [string, string][] = [
    ...sweepHeader(file),
    [
      'data',
      `${dataset.name} · ` +
        `${heldOutText(file.base.experiment.data.validation, 'samples')} are held out and judge the trials`,
    ],
    address
      ? ['queue', queueText(address.shown, parallel)]
      : ['cores', `${threads} of ${cores} · ${parallel} trials at once, ${counted(each, 'thread')} each`],
    ['folder', folder],
  ];
  const width = err.live ? err.columns() - 14 : Number.POSITIVE_INFINITY;
  for (const [name, text] of lines) {
    for (const [index, part] of wrap(text, width).entries()) {
      err.line(`  ${err.paint('dim', (index === 0 ? name : '').padEnd(10))} ${part}`);
    }
  }
}
