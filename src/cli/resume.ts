/** `train resume RUN`: goes on with a training that was interrupted, to the same bits. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Argv, CommandModule } from 'yargs';
import { threads } from '../parallel/threads.ts';
import { readParts } from '../run/parts.ts';
import { reopen } from '../run/reopen.ts';
import { runFiles } from '../run/run-files.ts';
import { readConfig } from '../run/run-folder.ts';
import { type RunSummary, readSummary } from '../run/summary.ts';
import { fitTraining } from '../training/prepare.ts';
import { err, warn } from './console.ts';
import { openDataOf } from './open-data.ts';
import { once, typed } from './options.ts';
import { threadCount } from './thread-count.ts';
import { type Job, type Shown, trainOne } from './train-one.ts';
import { anew, type TrainPart, trainSeveral } from './train-several.ts';

interface Arguments extends Shown {
  run: string;
  threads?: string;
  data?: string;
}

export const resumeCommand: CommandModule<object, Arguments> = {
  command: 'resume <run>',
  describe: 'go on with a training that was interrupted',
  builder: (yargs: Argv) =>
    typed<Arguments>(
      yargs
        .positional('run', { describe: 'a folder that `train` wrote', type: 'string', demandOption: true })
        .option('threads', {
          describe: 'worker threads, or `auto`; any number gives the same bits',
          type: 'string',
          requiresArg: true,
        })
        .option('data', {
          describe: 'where the data lies now, if not where it was',
          type: 'string',
          requiresArg: true,
        })
        .option('json', { describe: 'results as one JSON object a line', type: 'boolean' })
        .option('quiet', { describe: 'only the result', type: 'boolean' }),
    ),
  handler: resume,
};

async function resume(given: Arguments): Promise<void> {
  const folder = given.run;
  const { experiment } = await readConfig(folder);
  const dataset = await openDataOf(
    experiment,
    given.data === undefined ? {} : { source: once('data', given.data) },
  );
  const { json, quiet } = given;
  const job: Job = {
    ...{ experiment, dataset, shown: { json, quiet }, begun: performance.now() },
    executor: threads(
      given.threads === undefined ? experiment.execution.threads : threadCount(given.threads),
    ),
    look: Promise.resolve([]),
    locate: (path) => `${join(folder, runFiles.config)}: ${path}`,
  };
  const parts = await readParts(folder);
  if (parts) await trainSeveral(job, parts, async () => folder, resumePart);
  else if ((await finished(folder)) === undefined) await goOn(job, folder);
  else err.line(`${folder}: the training came to its end already; nothing is left to do`);
}

/** The summary of a run that came to its end, with all that it should have. */
async function finished(folder: string): Promise<RunSummary | undefined> {
  const summary = await readSummary(folder);
  return summary && !summary.stopped ? summary : undefined;
}

/** One of several: done already, interrupted, or not yet begun. */
const resumePart: TrainPart = async (job, folder) => {
  if (!existsSync(join(folder, runFiles.config))) return anew(job, folder);
  const summary = await finished(folder);
  if (!summary) return goOn(job, folder);
  if (!job.shown.quiet) err.line(`${folder}: done already`);
  return summary;
};

async function goOn(job: Job, folder: string): Promise<RunSummary | undefined> {
  const { experiment, dataset } = job;
  const { plan } = fitTraining(experiment, job);
  const { from, before, doubts } = await reopen(folder, { experiment, dataset, plan });
  for (const doubt of doubts) warn(doubt);
  return trainOne({ ...job, from, before }, async () => folder);
}
