/** `train resume RUN`: goes on with a training that was interrupted, to the same bits. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Argv } from 'yargs';
import { withRecord } from '../experiment/with-record.ts';
import { LockstepError } from '../foundation/errors.ts';
import { readBytes } from '../platform/files.ts';
import { readBegin } from '../run/begin.ts';
import { finishedRun } from '../run/inspect.ts';
import { type Parts, readParts } from '../run/parts.ts';
import { reopen } from '../run/reopen.ts';
import { runFiles } from '../run/run-files.ts';
import { createRunFolder, readConfig, writeConfig } from '../run/run-folder.ts';
import type { RunSummary } from '../run/summary.ts';
import { writeWhole } from '../run/write-whole.ts';
import { fitTraining } from '../training/prepare.ts';
import { type AgainArguments, againOptions, dataPlace, executorOf } from './again-options.ts';
import type { LoadedCommand } from './commands.ts';
import { err, warn } from './console.ts';
import { type LiveArguments, liveOptions, withLive } from './live.ts';
import { openDataOf } from './open-data.ts';
import { once, typed, wholeNumber } from './options.ts';
import { type Ranks, type RanksArguments, ranksOption, refuseWithRanks, withRanks } from './ranks.ts';
import { goOnTogether } from './resume-together.ts';
import { threadCount } from './thread-count.ts';
import { goOnWith, type Job, trainOne } from './train-one.ts';
import { anew, type TrainPart, trainSeveral } from './train-several.ts';
import { isSweep } from './verify-sweep.ts';

interface Arguments extends AgainArguments, LiveArguments, RanksArguments {
  json?: boolean;
  epochs?: string;
  out?: string;
}

export const resumeCommand: LoadedCommand<Arguments> = {
  builder: (yargs: Argv) =>
    typed<Arguments>(
      ranksOption(
        liveOptions(
          againOptions(yargs, {
            run: 'a folder that `train` wrote',
            count: 'worker threads, or `auto`; any number gives the same bits',
          }),
          'the training',
        ),
      )
        .option('epochs', {
          describe: 'train for longer than was planned',
          type: 'string',
          requiresArg: true,
        })
        .option('out', {
          describe: 'with --epochs: a new folder for the longer training',
          type: 'string',
          requiresArg: true,
        })
        .option('json', { describe: 'results as one JSON object a line', type: 'boolean' })
        .option('quiet', { describe: 'only the result', type: 'boolean' }),
    ),
  handler: resume,
};

async function resume(given: Arguments): Promise<void> {
  refuseWithRanks(given, ['epochs', 'out']);
  await withRanks(given, (ranks) => resumeWith(ranks, given));
}

async function resumeWith(ranks: Ranks | undefined, given: Arguments): Promise<void> {
  const folder = given.run;
  if (isSweep(folder)) {
    throw new LockstepError('usage', {
      where: folder,
      expected: 'the folder of a run',
      got: 'that of a sweep',
      hint: 'the same `train sweep` command, with the same --out, goes on with it',
    });
  }
  const { experiment } = await readConfig(folder);
  const epochs = given.epochs === undefined ? undefined : wholeNumber('epochs', given.epochs);
  const out = given.out === undefined ? undefined : once('out', given.out);
  const dataset = await openDataOf(experiment, dataPlace(given));
  const { json, quiet } = given;
  const job: Job = {
    ...{ experiment, dataset, shown: { json, quiet }, begun: performance.now() },
    pretrained: await readBegin(folder, experiment),
    executor: executorOf(
      given.threads === undefined ? experiment.execution.threads : threadCount(given.threads),
    ),
    look: Promise.resolve([]),
    locate: (path) => `${join(folder, runFiles.config)}: ${path}`,
  };
  const parts = await readParts(folder);
  if (ranks) {
    await goOnTogether(ranks, job, folder, { several: parts !== undefined, live: given });
    return;
  }
  await withLive(given, { experiment, several: parts?.count }, (live) =>
    goOnWhere({ ...job, live }, folder, parts, { epochs, out }),
  );
}

/** Goes on in the folder, or where the options say. */
async function goOnWhere(
  job: Job,
  folder: string,
  parts: Parts | undefined,
  { epochs, out }: { epochs: number | undefined; out: string | undefined },
): Promise<void> {
  if (epochs !== undefined) {
    await goOnLonger(job, folder, { epochs, out, several: parts !== undefined });
  } else if (out !== undefined) {
    throw new LockstepError('usage', {
      where: '--out',
      expected: '--epochs with it, for a longer training',
      got: 'none',
      hint: 'without them the training goes on in its own folder',
    });
  } else if (parts) await trainSeveral(job, parts, async () => folder, resumePart);
  else if ((await finishedRun(folder)) === undefined) await goOn(job, folder);
  else err.line(`${folder}: the training came to its end already; nothing is left to do`);
}

/** Trains for longer than was planned: in its own folder if that gives the bits of a training so long. */
async function goOnLonger(
  job: Job,
  folder: string,
  { epochs, out, several }: { epochs: number; out: string | undefined; several: boolean },
): Promise<void> {
  const summary = several ? undefined : await finishedRun(folder);
  const planned = job.experiment.epochs;
  const problem = (where: string, expected: string, got: string, hint?: string) =>
    new LockstepError('usage', { where, expected, got, ...(hint ? { hint } : {}) });
  if (several) throw problem(folder, 'one run', 'a folder of several', 'name one of those in it');
  if (!summary)
    throw problem(folder, 'a training that came to its end', 'one that did not', goOnWith(folder));
  if (summary.stoppedEarly) throw problem(folder, 'a training that can go on', 'one that ended early');
  if (planned === undefined) throw problem('--epochs', 'an experiment with epochs', 'one with steps');
  if (epochs <= planned) throw problem('--epochs', `more than the ${planned} that were trained`, `${epochs}`);
  const longer = { ...job.experiment, epochs };
  if (out === undefined) {
    await goOn({ ...job, experiment: longer }, folder);
    return;
  }
  // What the old folder has is that of the shorter training.
  const { plan } = fitTraining(job.experiment, job);
  const { checkpoint, from, before, doubts } = await reopen(folder, { ...job, plan });
  for (const doubt of doubts) warn(doubt);
  const { file, epochs: done, stateSha256 } = checkpoint!;
  const continues = { epochs: done, stateSha256: stateSha256! };
  const experiment = withRecord(longer, { continues });
  await trainOne({ ...job, experiment, from, before }, async () => {
    const made = await createRunFolder(out, experiment.name, new Date());
    await writeConfig(made, experiment);
    await writeWhole(join(made, runFiles.begin), [await readBytes(file)]);
    return made;
  });
}

/** One of several: done already, interrupted, or not yet begun. */
const resumePart: TrainPart = async (job, folder) => {
  if (!existsSync(join(folder, runFiles.config))) return anew(job, folder);
  const summary = await finishedRun(folder);
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
