/** `train verify RUN|SWEEP`: looks at all of a run folder, and trains again to compare every bit. */
import type { Argv } from 'yargs';
import type { Dataset } from '../data/dataset.ts';
import { datasetDigest } from '../data/digest.ts';
import type { Experiment } from '../experiment/experiment.ts';
import { LockstepError } from '../foundation/errors.ts';
import { shellWord } from '../foundation/shell-word.ts';
import { readBegin } from '../run/begin.ts';
import { inspectFiles, inspectResult, readSummaryAsIs } from '../run/inspect.ts';
import { inspectParts } from '../run/inspect-parts.ts';
import { refuseOtherData } from '../run/other-data.ts';
import { type Parts, partFolders, readParts } from '../run/parts.ts';
import { reopen } from '../run/reopen.ts';
import { runFiles } from '../run/run-files.ts';
import { readConfig } from '../run/run-folder.ts';
import type { RunSummary } from '../run/summary.ts';
import type { EndEvent } from '../training/events.ts';
import { type Beginning, fitTraining, type TrainOptions } from '../training/prepare.ts';
import { train } from '../training/train.ts';
import { type AgainArguments, againOptions, dataPlace, executorOf, refuse } from './again-options.ts';
import { called } from './called.ts';
import type { LoadedCommand } from './commands.ts';
import { err, out } from './console.ts';
import { openDataOf } from './open-data.ts';
import { typed } from './options.ts';
import { type ProgressLine, startProgressLine } from './progress-line.ts';
import { listenForStop } from './stop.ts';
import { threadCount } from './thread-count.ts';
import { isSweep, verifySweep } from './verify-sweep.ts';

interface Arguments extends AgainArguments {
  quick?: boolean;
  all?: boolean;
}

export const verifyCommand: LoadedCommand<Arguments> = {
  builder: (yargs: Argv) =>
    typed<Arguments>(
      againOptions(yargs, {
        run: 'a folder that `train` or `train sweep` wrote',
        count: 'worker threads, `auto`, or `inline`',
      })
        .option('quick', { describe: 'compare digests only, train nothing', type: 'boolean' })
        .option('all', { describe: 'of a sweep: all trials, not only the winner', type: 'boolean' })
        .option('quiet', { describe: 'only the verdict', type: 'boolean' }),
    ),
  handler: verify,
};

async function verify(given: Arguments): Promise<void> {
  if (isSweep(given.run)) return verifySweep(given);
  const parts = await readParts(given.run);
  if (parts) await verifySeveral(given, parts);
  else await verifyRun(given.run, given);
}

/** Looks at all of them, also if there is something wrong with one. */
async function verifySeveral(given: Arguments, parts: Parts): Promise<void> {
  const { experiment } = await readConfig(given.run);
  const found = await inspectParts(given.run, experiment, parts);
  for (const folder of partFolders(given.run, experiment, parts)) {
    try {
      if (!(await verifyRun(folder, given, `${folder} `))) return;
    } catch (error) {
      if (!(error instanceof LockstepError) || error.code === 'data') throw error;
      found[error.code === 'failed' ? 'changed' : 'absent'].push(error.message);
    }
  }
  refuse({ absent: [...new Set(found.absent)], changed: [...new Set(found.changed)] });
}

/**
 * Returns false if it was stopped. Throws a LockstepError that names what differs.
 *
 * @param name what the verdict begins with, if there are several
 */
async function verifyRun(folder: string, given: Arguments, name = ''): Promise<boolean> {
  const { summary, changed } = await readSummaryAsIs(folder);
  if (summary.stopped) {
    throw new LockstepError('checkpoint', {
      where: folder,
      expected: 'a run that was trained to its end',
      got: `one that was stopped after ${summary.steps} steps`,
      hint: `\`${called} resume ${shellWord(folder)}\` goes on with it`,
    });
  }
  const files = await inspectFiles(folder, summary);
  refuse({ absent: files.absent, changed: [...changed, ...files.changed] });
  if (given.quick) {
    const checked = summary.files ? `${Object.keys(summary.files).length} files` : 'the checkpoints';
    out.line(`${name}whole: ${checked} as they were written, weights sha256 ${summary.weightsSha256}`);
    return true;
  }
  const { experiment } = await readConfig(folder);
  const dataset = await openDataOf(experiment, dataPlace(given));
  refuseOtherData(dataset, 'the data of the run', {
    expected: summary.dataSha256,
    got: datasetDigest(dataset),
  });
  const event = await trainAgain(folder, given, dataset, summary);
  if (!event) return false;
  refuse({ absent: [], changed: await inspectResult(folder, summary, { experiment, dataset, event }) });
  const { length } = event.history;
  const what = `${length} ${length === 1 ? 'epoch' : 'epochs'}`;
  out.line(`${name}identical: ${what}, weights sha256 ${summary.weightsSha256}`);
  return true;
}

/** Undefined: it was stopped. */
async function trainAgain(
  folder: string,
  given: Arguments,
  dataset: Dataset,
  summary: RunSummary,
): Promise<EndEvent | undefined> {
  const { experiment } = await readConfig(folder);
  const count = given.threads === undefined ? 'auto' : threadCount(given.threads, true);
  const executor = executorOf(count);
  const stop = listenForStop();
  let epochs = 0;
  let end: EndEvent | undefined;
  let line: ProgressLine | undefined;
  try {
    const pretrained = await readBegin(folder, experiment);
    const data = { dataset, executor, pretrained };
    const options = { ...data, signal: stop.signal, from: await beginningOf(folder, experiment, data) };
    for await (const event of train(experiment, options)) {
      if (event.kind === 'epoch') epochs++;
      if (event.kind === 'end') end = event;
      if (event.kind !== 'start' || given.quiet) continue;
      err.line(`training ${folder} again on ${executor.name} (it was trained on ${summary.threads})`);
      line = startProgressLine(err, event.progress, event.plan);
    }
  } finally {
    line?.stop();
    stop.release();
  }
  if (end && !end.stopped) return end;
  err.line(`stopped ${stop.reason()} before the end, after ${epochs} epochs`);
  process.exitCode = stop.exitCode();
  return undefined;
}

/** Where a training began that is longer than was planned. */
async function beginningOf(
  folder: string,
  experiment: Experiment,
  data: Pick<TrainOptions, 'dataset' | 'executor' | 'pretrained'>,
): Promise<Beginning | undefined> {
  if (!experiment.continues) return undefined;
  const { plan } = fitTraining(experiment, data);
  return (await reopen(folder, { experiment, dataset: data.dataset, plan }, [runFiles.begin])).from;
}
