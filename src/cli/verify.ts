/** `train verify RUN|SWEEP`: looks at all of a run folder, and trains again to compare every bit. */
import type { Argv, CommandModule } from 'yargs';
import type { Dataset } from '../data/dataset.ts';
import { datasetDigest } from '../data/digest.ts';
import type { Experiment } from '../experiment/experiment.ts';
import { LockstepError } from '../foundation/errors.ts';
import type { Executor } from '../parallel/executor.ts';
import { inline } from '../parallel/inline.ts';
import { threads } from '../parallel/threads.ts';
import { type Findings, inspectFiles, inspectResult, readSummaryAsIs } from '../run/inspect.ts';
import { partFolders, readParts } from '../run/parts.ts';
import { reopen } from '../run/reopen.ts';
import { runFiles } from '../run/run-files.ts';
import { readConfig } from '../run/run-folder.ts';
import type { RunSummary } from '../run/summary.ts';
import type { EndEvent } from '../training/events.ts';
import { type Beginning, fitTraining } from '../training/prepare.ts';
import { train } from '../training/train.ts';
import { err, out } from './console.ts';
import { openDataOf } from './open-data.ts';
import { once, typed } from './options.ts';
import { type ProgressLine, startProgressLine } from './progress-line.ts';
import { listenForStop } from './stop.ts';
import { threadCount } from './thread-count.ts';
import { isSweep, verifySweep } from './verify-sweep.ts';

interface Arguments {
  run: string;
  threads?: string;
  data?: string;
  quiet?: boolean;
  quick?: boolean;
  all?: boolean;
}

export const verifyCommand: CommandModule<object, Arguments> = {
  command: 'verify <run>',
  describe: 'train a run again and compare every bit',
  builder: (yargs: Argv) =>
    typed<Arguments>(
      yargs
        .positional('run', {
          describe: 'a folder that `train` or `train sweep` wrote',
          type: 'string',
          demandOption: true,
        })
        .option('quick', { describe: 'compare digests only, train nothing', type: 'boolean' })
        .option('all', { describe: 'of a sweep: all trials, not only the winner', type: 'boolean' })
        .option('threads', {
          describe: 'worker threads, `auto`, or `inline`',
          type: 'string',
          requiresArg: true,
        })
        .option('data', {
          describe: 'where the data lies now, if not where it was',
          type: 'string',
          requiresArg: true,
        })
        .option('quiet', { describe: 'only the verdict', type: 'boolean' }),
    ),
  handler: verify,
};

async function verify(given: Arguments): Promise<void> {
  if (isSweep(given.run)) return verifySweep(given);
  const parts = await readParts(given.run);
  const folders = parts
    ? partFolders(given.run, (await readConfig(given.run)).experiment, parts)
    : [given.run];
  for (const folder of folders) if (!(await verifyRun(folder, given))) return;
}

/** Returns false if it was stopped. Throws a LockstepError that names what differs. */
async function verifyRun(folder: string, given: Arguments): Promise<boolean> {
  const { summary, changed } = await readSummaryAsIs(folder);
  if (summary.stopped) {
    throw new LockstepError('checkpoint', {
      where: folder,
      expected: 'a run that was trained to its end',
      got: `one that was stopped after ${summary.steps} steps`,
      hint: `\`train resume ${folder}\` goes on with it`,
    });
  }
  const files = await inspectFiles(folder, summary);
  complain({ absent: files.absent, changed: [...changed, ...files.changed] });
  if (given.quick) {
    const checked = summary.files ? `${Object.keys(summary.files).length} files` : 'the checkpoints';
    out.line(`whole: ${checked} as they were written, weights sha256 ${summary.weightsSha256}`);
    return true;
  }
  const { experiment } = await readConfig(folder);
  const dataset = await openDataOf(
    experiment,
    given.data === undefined ? {} : { source: once('data', given.data) },
  );
  checkData(dataset, summary);
  const event = await trainAgain(folder, given, dataset, summary);
  if (!event) return false;
  complain({ absent: [], changed: await inspectResult(folder, summary, { experiment, dataset, event }) });
  const { length } = event.history;
  const what = `${length} ${length === 1 ? 'epoch' : 'epochs'}`;
  out.line(`identical: ${what}, weights sha256 ${summary.weightsSha256}`);
  return true;
}

/** Absent files are exit 4, changed ones exit 1. */
function complain({ absent, changed }: Findings): void {
  if (absent.length > 0) throw new LockstepError('checkpoint', [...absent, ...changed]);
  if (changed.length > 0) throw new LockstepError('failed', changed);
}

function checkData(dataset: Dataset, summary: RunSummary): void {
  const dataSha256 = datasetDigest(dataset);
  if (dataSha256 === summary.dataSha256) return;
  throw new LockstepError('data', {
    where: dataset.name,
    expected: `the data of the run, sha256 ${summary.dataSha256}`,
    got: `sha256 ${dataSha256}`,
    hint: 'name the same data with --data',
  });
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
  const executor = count === 'inline' ? inline() : threads(count);
  const stop = listenForStop();
  let epochs = 0;
  let end: EndEvent | undefined;
  let line: ProgressLine | undefined;
  try {
    const from = await beginningOf(folder, experiment, dataset, executor);
    const options = { dataset, executor, signal: stop.signal, ...(from ? { from } : {}) };
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
  dataset: Dataset,
  executor: Executor,
): Promise<Beginning | undefined> {
  if (!experiment.continues) return undefined;
  const { plan } = fitTraining(experiment, { dataset, executor });
  return (await reopen(folder, { experiment, dataset, plan }, [runFiles.begin])).from;
}
