/** `train sweep FILE`: many trainings of one experiment, and the best of them. */
import { join } from 'node:path';
import type { Argv, CommandModule } from 'yargs';
import type { Override } from '../experiment/setting-path.ts';
import { availableCores } from '../foundation/cores.ts';
import type { Dataset } from '../foundation/dataset.ts';
import { exitCodes, LockstepError } from '../foundation/errors.ts';
import { version } from '../foundation/version.ts';
import { planNetwork } from '../network.ts';
import { datasetDigest, openDataset } from '../open-dataset.ts';
import { shapeOf, shareData } from '../share-data.ts';
import { enterFolder, sweepFiles, writeBest, writeResults, writeSweep } from '../sweep/folder.ts';
import { createProposals } from '../sweep/proposals.ts';
import { winnerOf } from '../sweep/ranking.ts';
import type { SweepFile } from '../sweep/read.ts';
import { runSweep, type SweepEvent } from '../sweep/sweep.ts';
import { makeTrial, type TrialResult } from '../sweep/trial.ts';
import { openTrials } from '../sweep/trials-file.ts';
import { judgeWinner } from '../sweep/winner.ts';
import { err, out, wrap } from './console.ts';
import { grouped } from './format.ts';
import { openSweep } from './open-sweep.ts';
import { type ExperimentArguments, experimentOptions, once, overridesOf } from './options.ts';
import { listenForStop, type StopListener } from './stop.ts';
import { printRanking, printWinner, sweepHeader } from './sweep-results.ts';
import { type SweepView, startSweepView } from './sweep-view.ts';

interface Arguments extends ExperimentArguments {
  parallel?: string;
  out?: string;
  retry?: boolean;
  json?: boolean;
  quiet?: boolean;
  dryRun?: boolean;
}

export const sweepCommand: CommandModule<object, Arguments> = {
  command: 'sweep <experiment>',
  describe: 'try many settings of an experiment, and find the best',
  builder: (yargs: Argv) =>
    experimentOptions(yargs)
      .positional('experiment', { describe: 'a YAML file with a `sweep:` block', type: 'string' })
      .option('threads', {
        describe: 'cores for all trials together, or `auto`: all of them',
        type: 'string',
        requiresArg: true,
        group: 'Execution:',
      })
      .option('parallel', {
        describe: 'trials at once, or `auto`: one a core',
        type: 'string',
        requiresArg: true,
        group: 'Execution:',
      })
      .option('retry', { describe: 'train again what failed', type: 'boolean', group: 'Execution:' })
      .option('out', {
        describe: 'folder of the sweep, a new one or its own; runs/sweep-<name> otherwise',
        type: 'string',
        requiresArg: true,
        group: 'Output:',
      })
      .option('json', { describe: 'results as one JSON object a line', type: 'boolean', group: 'Output:' })
      .option('quiet', { describe: 'only the result', type: 'boolean', group: 'Output:' })
      .option('dry-run', {
        describe: 'check everything, list the trials, train nothing',
        type: 'boolean',
        group: 'Output:',
      }) as unknown as Argv<Arguments>,
  handler: sweepFile,
};

/** What a sweep works with. */
interface Session {
  file: SweepFile;
  dataset: Dataset;
  dataSha256: string;
  folder: string;
  threads: number;
  parallel: number;
  given: Arguments;
}

async function sweepFile(given: Arguments): Promise<void> {
  const { threads: _, ...settings } = given;
  const file = openSweep(once('experiment', given.experiment), overridesOf(settings) as Override[]);
  const threads = countOf('threads', given.threads) ?? availableCores();
  const parallel = countOf('parallel', given.parallel) ?? threads;
  const folder = given.out === undefined ? join('runs', `sweep-${file.sweep.name}`) : once('out', given.out);
  const dataset = await openDataset(file.base.experiment.data.source);
  checkShapes(file, dataset);
  const session = { file, dataset, dataSha256: datasetDigest(dataset), folder, threads, parallel, given };
  for (const warning of file.warnings) warn(warning);
  if (given.dryRun) listTrials(session);
  else await run(session);
}

/** A positive number, or undefined for `auto`. */
function countOf(name: string, value: unknown): number | undefined {
  if (value === undefined || once(name, value) === 'auto') return undefined;
  if (/^[1-9]\d{0,3}$/.test(once(name, value))) return Number(value);
  throw new LockstepError('usage', {
    where: `--${name}`,
    expected: 'an integer at least 1, or `auto`',
    got: JSON.stringify(value),
  });
}

/** Sees that values of the parameters make networks that fit the data, before anything is trained. */
function checkShapes({ probes }: SweepFile, dataset: Dataset): void {
  for (const { experiment, locate } of probes) {
    planNetwork(experiment.model, shapeOf(dataset), locate);
    shareData(experiment, dataset, locate);
  }
}

/** Lists the trials as far as they are known before anything is trained. */
function listTrials({ file, dataSha256, given }: Session): void {
  const { sweep } = file;
  const proposals = createProposals(sweep);
  if (!given.json && !given.quiet)
    for (const [name, text] of sweepHeader(file)) err.line(`  ${name.padEnd(10)} ${text}`);
  for (let number = 1; ; number++) {
    const parameters = proposals.next([], []);
    if (!parameters) break;
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

async function run(session: Session): Promise<void> {
  const { file, folder, given, dataset, threads } = session;
  const lock = await enterFolder(folder);
  const stop = listenForStop();
  let view: SweepView | undefined;
  try {
    await writeSweep(folder, file);
    const trials = await openTrials(join(folder, sweepFiles.trials));
    let end: (SweepEvent & { kind: 'end' }) | undefined;
    try {
      if (!given.quiet) announce(session);
      view = startSweepView(file, { json: given.json === true, quiet: given.quiet === true });
      const { dataSha256, parallel } = session;
      const retry = given.retry === true;
      const options = { dataset, dataSha256, folder, trials, threads, parallel, retry, signal: stop.signal };
      for await (const event of runSweep(file, options)) {
        view.show(event);
        if (event.kind === 'end') end = event;
      }
    } finally {
      view?.stop();
      await trials.close();
    }
    await writeResults(folder, file, end!.results);
    if (end!.stopped) stopped(stop, end!.results, folder);
    else await conclude(session, end!.results, stop);
  } finally {
    stop.release();
    await lock.release();
  }
}

/** Judges the winner on the test set, and says what the sweep came to. */
async function conclude(
  session: Session,
  results: readonly TrialResult[],
  stop: StopListener,
): Promise<void> {
  const { file, dataset, dataSha256, folder, threads, given } = session;
  const { sweep } = file;
  const failed = results.filter(({ status }) => status === 'failed');
  const winner = winnerOf(sweep.objective, results);
  if (!given.quiet && !given.json) printRanking(sweep, results);
  if (winner) {
    const trial = makeTrial(file, winner.number, winner.parameters, dataSha256);
    await writeBest(folder, trial.runs[0]!.experiment);
    if (!given.quiet)
      err.line(`training the winner, trial ${winner.number}, again and judging it on the test set`);
    const summaries = await judgeWinner(trial, winner, { dataset, folder, threads, signal: stop.signal });
    if (!summaries) {
      stopped(stop, results, folder);
      return;
    }
    printWinner(sweep, winner, summaries, { folder, json: given.json === true });
  }
  if (failed.length === 0 && winner) return;
  for (const { number, lines } of failed.slice(0, 5)) {
    err.line(
      `${err.paint('red', `trial ${number} failed`)}: ${lines.find(({ message }) => message)?.message}`,
    );
  }
  if (failed.length > 5) err.line(`and ${failed.length - 5} more; see ${join(folder, sweepFiles.results)}`);
  if (!winner) err.line('no trial came to its end, so there is no winner');
  process.exitCode = exitCodes.failed;
}

function stopped(stop: StopListener, results: readonly TrialResult[], folder: string): void {
  err.line(
    `stopped ${stop.reason()} after ${results.length} trials; the same command goes on with ${folder} where it stopped`,
  );
  process.exitCode = stop.exitCode();
}

function announce({ file, dataset, threads, parallel, folder }: Session): void {
  err.line(err.paint('bold', `lockstep ${version} · sweep ${file.sweep.name}`));
  const cores = availableCores();
  const each = Math.max(1, Math.floor(threads / parallel));
  const lines: [string, string][] = [
    ...sweepHeader(file),
    [
      'data',
      `${dataset.name} · ${grouped(file.base.experiment.data.validation)} validation images judge the trials`,
    ],
    [
      'cores',
      `${threads} of ${cores} · ${parallel} trials at once, ${each} ${each === 1 ? 'thread' : 'threads'} each`,
    ],
    ['folder', folder],
  ];
  const width = err.live ? err.columns() - 14 : Number.POSITIVE_INFINITY;
  for (const [name, text] of lines) {
    for (const [index, part] of wrap(text, width).entries()) {
      err.line(`  ${err.paint('dim', (index === 0 ? name : '').padEnd(10))} ${part}`);
    }
  }
}

function warn(text: string): void {
  err.line(`${err.paint('yellow', 'warning')} ${text}`);
}
