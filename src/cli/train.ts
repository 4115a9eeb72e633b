/** `train [experiment]`: trains, shows the progress, and writes the run folder. */
import type { Argv } from 'yargs';
import { lookAtMeanwhile } from '../data/look.ts';
import { canonicalText, type Experiment } from '../experiment/experiment.ts';
import { LockstepError } from '../foundation/errors.ts';
import { threads } from '../parallel/threads.ts';
import { newRunFolder } from '../run/begin.ts';
import { type Parts, writeParts } from '../run/parts.ts';
import { fitTraining } from '../training/prepare.ts';
import { chooseExperiment } from './choose-experiment.ts';
import type { LoadedCommand } from './commands.ts';
import { out, warn } from './console.ts';
import { fromWeights } from './from-weights.ts';
import { type LiveArguments, liveOptions, withLive } from './live.ts';
import { type ExperimentArguments, experimentOptions, once, overridesOf, wholeNumber } from './options.ts';
import {
  type Ranks,
  type RanksArguments,
  ranksOption,
  refuseWithRanks,
  trainSilently,
  withRanks,
} from './ranks.ts';
import { whileReading } from './reading-line.ts';
import { type Job, trainOne, warnOfWarmup } from './train-one.ts';
import { trainSeveral } from './train-several.ts';

interface Arguments extends ExperimentArguments, LiveArguments, RanksArguments {
  seeds?: string;
  folds?: string;
  out?: string;
  from?: string;
  json?: boolean;
  quiet?: boolean;
  dryRun?: boolean;
  profile?: boolean;
  tensorboard?: boolean;
}

export const trainCommand: LoadedCommand<Arguments> = {
  builder: (yargs: Argv) =>
    ranksOption(liveOptions(experimentOptions(yargs), 'the training'))
      .option('out', {
        describe: 'folder of the run; runs/<name>-<time> otherwise',
        type: 'string',
        requiresArg: true,
        group: 'Output:',
      })
      .option('from', {
        describe: 'begins with the weights of a run, or of a .safetensors or .npz file',
        type: 'string',
        requiresArg: true,
        group: 'Experiment:',
      })
      .option('seeds', {
        describe: 'trains so many seeds, from --seed on, and prints mean and standard deviation',
        type: 'string',
        requiresArg: true,
        group: 'Experiment:',
      })
      .option('folds', {
        describe: 'cross-validates: trains so often, each time with another part as the test set',
        type: 'string',
        requiresArg: true,
        group: 'Experiment:',
      })
      .option('json', { describe: 'results as one JSON object a line', type: 'boolean', group: 'Output:' })
      .option('quiet', { describe: 'only the result', type: 'boolean', group: 'Output:' })
      .option('profile', {
        describe: 'write what each thread spends its time on: profile.csv, trace.json',
        type: 'boolean',
        group: 'Output:',
      })
      .option('tensorboard', {
        describe: 'also write the figures as event files, for `tensorboard --logdir runs`',
        type: 'boolean',
        group: 'Output:',
      })
      .option('dry-run', {
        describe: 'check everything, print the resolved experiment, train nothing',
        type: 'boolean',
        group: 'Output:',
      }) as Argv<Arguments>,
  handler: runTraining,
};

async function runTraining(given: Arguments): Promise<void> {
  refuseWithRanks(given, ['seeds', 'folds', 'profile', 'dry-run']);
  await withRanks(given, (ranks) => runWith(ranks, given));
}

async function runWith(ranks: Ranks | undefined, given: Arguments): Promise<void> {
  const begun = performance.now();
  const seeds = given.seeds === undefined ? undefined : wholeNumber('seeds', given.seeds);
  const folds = given.folds === undefined ? undefined : foldCount(given.folds, seeds);
  const out = given.out === undefined ? undefined : once('out', given.out);
  const overrides = overridesOf(given);
  if (folds) overrides.push({ origin: '--folds', path: 'data.fold', value: { number: 1, of: folds } });
  const unfolded = folds !== undefined;
  const chosen = await whileReading((progress) =>
    chooseExperiment(given.experiment, overrides, { unfolded, progress }),
  );
  const { experiment, locate, dataset, choice } = chosen;
  const executor = threads(experiment.execution.threads);
  // The threads start while the data is read.
  if (!given.dryRun) executor.prepare?.();
  const look = lookAtMeanwhile(dataset);
  // Whoever waits for it hears what is wrong, once the experiment fits the data.
  look.catch(() => {});
  const { json, quiet, profile, tensorboard } = given;
  const drawn: Job = {
    ...{ experiment, dataset, look, executor, locate, begun, choice },
    shown: { json, quiet, profile, tensorboard },
  };
  const begins = given.from === undefined ? drawn : await fromWeights(once('from', given.from), drawn);
  const job = ranks?.share(begins) ?? begins;
  await ranks?.agree(job);
  if (ranks && !ranks.speaks) return trainSilently(job);
  const place = () => newRunFolder(out, job.experiment, job.pretrained);
  const parts = partsOf(seeds, folds, experiment);
  if (given.dryRun) await dryRun(job);
  else {
    await withLive(given, { experiment: job.experiment, several: parts?.count }, async (live) => {
      if (!parts) return trainOne({ ...job, live }, place);
      return trainSeveral({ ...job, live }, parts, async () => {
        const folder = await place();
        await writeParts(folder, job.experiment, parts);
        return folder;
      });
    });
  }
}

/** The seeds or folds that are to be trained, if there are several. */
function partsOf(
  seeds: number | undefined,
  folds: number | undefined,
  { seed }: Experiment,
): Parts | undefined {
  if (folds !== undefined) return { kind: 'fold', count: folds };
  if (seeds === undefined) return undefined;
  if (Number.isSafeInteger(seed + seeds - 1)) return { kind: 'seed', count: seeds };
  throw new LockstepError('usage', {
    where: '--seeds',
    expected: `seeds up to ${Number.MAX_SAFE_INTEGER}`,
    got: `${seeds} from ${seed} on`,
  });
}

async function dryRun(job: Job): Promise<void> {
  const { experiment, look, locate } = job;
  const { steps, stepsPerEpoch } = fitTraining(experiment, job).plan;
  warnOfWarmup(experiment, steps / stepsPerEpoch, locate);
  for (const warning of await look) warn(warning);
  out.write(canonicalText(experiment));
}

/** How many folds, of two or more. */
function foldCount(given: string, seeds: number | undefined): number {
  const count = wholeNumber('folds', given);
  if (seeds !== undefined) {
    throw new LockstepError('usage', { where: '--folds', expected: 'folds or --seeds', got: 'both' });
  }
  if (count > 1) return count;
  throw new LockstepError('usage', { where: '--folds', expected: 'an integer at least 2', got: given });
}
