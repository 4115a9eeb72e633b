/** `train [experiment]`: trains, shows the progress, and writes the run folder. */
import { join } from 'node:path';
import type { Argv, CommandModule } from 'yargs';
import type { Dataset } from '../data/dataset.ts';
import { lookAtMeanwhile } from '../data/look.ts';
import { shareData } from '../data/split.ts';
import { foldDataset } from '../data/test-split.ts';
import { refuseSingleRows } from '../engine/minibatches.ts';
import { rowTasks } from '../engine/phases.ts';
import { planTraining } from '../engine/plan.ts';
import { canonicalText, type Experiment } from '../experiment/experiment.ts';
import { longWarmup } from '../experiment/long-warmup.ts';
import type { ReadExperiment } from '../experiment/read.ts';
import type { Confusion } from '../foundation/confusion.ts';
import { LockstepError } from '../foundation/errors.ts';
import { type Locate, planNetwork } from '../model/network.ts';
import type { Executor } from '../parallel/executor.ts';
import { threads } from '../parallel/threads.ts';
import { availableCores } from '../platform/cores.ts';
import { version } from '../platform/version.ts';
import { writeSeeds } from '../run/csv.ts';
import { type ProfileRecorder, recordProfile } from '../run/record-profile.ts';
import { type Recorder, recorded, recordRun } from '../run/record-run.ts';
import { runFiles } from '../run/run-files.ts';
import { createRunFolder } from '../run/run-folder.ts';
import type { RunSummary } from '../run/summary.ts';
import { figuresOf } from '../training/evaluation.ts';
import type { EpochEvent } from '../training/events.ts';
import { checkTask } from '../training/prepare.ts';
import { train } from '../training/train.ts';
import { chooseExperiment } from './choose-experiment.ts';
import { err, out, warn, wrap } from './console.ts';
import { epochHeading, epochLine } from './epoch-table.ts';
import { shortEpoch } from './format.ts';
import { type HeaderFacts, headerLines } from './header.ts';
import { type ExperimentArguments, experimentOptions, once, overridesOf, wholeNumber } from './options.ts';
import { type ProgressLine, startProgressLine } from './progress-line.ts';
import { startReadingLine } from './reading-line.ts';
import { warnWithoutPredictions } from './report.ts';
import { printProfile, printResult, printSeeds } from './results.ts';
import { pictureLines } from './run-picture.ts';
import { listenForStop } from './stop.ts';

interface Arguments extends ExperimentArguments {
  seeds?: string;
  folds?: string;
  out?: string;
  json?: boolean;
  quiet?: boolean;
  dryRun?: boolean;
  profile?: boolean;
}

export const trainCommand: CommandModule<object, Arguments> = {
  command: '$0 [experiment]',
  describe: 'train an experiment',
  builder: (yargs: Argv) =>
    experimentOptions(yargs)
      .option('out', {
        describe: 'folder of the run; runs/<name>-<time> otherwise',
        type: 'string',
        requiresArg: true,
        group: 'Output:',
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
      .option('dry-run', {
        describe: 'check everything, print the resolved experiment, train nothing',
        type: 'boolean',
        group: 'Output:',
      }) as Argv<Arguments>,
  handler: runTraining,
};

async function runTraining(given: Arguments): Promise<void> {
  const begun = performance.now();
  const seeds = given.seeds === undefined ? undefined : wholeNumber('seeds', given.seeds);
  const folds = given.folds === undefined ? undefined : foldCount(given.folds, seeds);
  const out = given.out === undefined ? undefined : once('out', given.out);
  const overrides = overridesOf(given);
  if (folds) overrides.push({ origin: '--folds', path: 'data.fold', value: { number: 1, of: folds } });
  const progress = startReadingLine(err);
  const chosen = await chooseExperiment(given.experiment, overrides, {
    unfolded: folds !== undefined,
    progress: progress.show,
  });
  progress.stop();
  const { experiment, locate, dataset, choice } = chosen;
  const executor = threads(experiment.execution.threads);
  // The threads start while the data is read.
  if (!given.dryRun) executor.prepare?.();
  const look = lookAtMeanwhile(dataset);
  // Whoever waits for it hears what is wrong, once the experiment fits the data.
  look.catch(() => {});
  const job = { experiment, dataset, look, executor, locate, begun, given, choice };
  if (given.dryRun) await dryRun(job);
  else if (folds !== undefined) await trainFolds(job, folds, out);
  else if (seeds !== undefined) await trainSeeds(job, seeds, out);
  else await trainOne(job, () => createRunFolder(out, experiment.name, new Date()));
}

/** A training with its data and settings. */
interface Job extends Pick<ReadExperiment, 'experiment' | 'locate'> {
  dataset: Dataset;
  /** Warnings about the data. */
  look: Promise<readonly string[]>;
  executor: Executor;
  /** When the training began, in the time of performance.now(). */
  begun: number;
  given: Arguments;
  /** Why this experiment, if none was named. */
  choice?: string | undefined;
}

async function dryRun({ experiment, dataset, look, locate }: Job): Promise<void> {
  checkTask(experiment, dataset, locate);
  const { training, data } = shareData(experiment, dataset, locate);
  const network = planNetwork(experiment.model, data, locate);
  refuseSingleRows(network, experiment, training.length, locate);
  const { steps, stepsPerEpoch } = planTraining(experiment, data, 1, network);
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

/** One of several trainings: its number, and what is other in it. */
interface Part extends Partial<Pick<Job, 'dataset'>> {
  number: number;
  experiment: Experiment;
}

/** Cross-validation: each fold in turn is the test set of a training on the others. */
async function trainFolds(job: Job, count: number, given: string | undefined): Promise<void> {
  const { experiment, dataset } = job;
  await trainSeveral(job, 'fold', count, given, (index) => {
    const fold = { number: index + 1, of: count };
    const data = { ...experiment.data, fold };
    return { number: fold.number, experiment: { ...experiment, data }, dataset: foldDataset(dataset, fold) };
  });
}

/** Trains several seeds, from the experiment's own on. */
async function trainSeeds(job: Job, count: number, given: string | undefined): Promise<void> {
  const { experiment } = job;
  await trainSeveral(job, 'seed', count, given, (index) => {
    const seed = experiment.seed + index;
    return { number: seed, experiment: { ...experiment, seed } };
  });
}

/** Trains several times, each in a folder of its own, and sums up. */
async function trainSeveral(
  job: Job,
  what: 'seed' | 'fold',
  count: number,
  given: string | undefined,
  partOf: (index: number) => Part,
): Promise<void> {
  const { name, claims } = job.experiment;
  const summaries: RunSummary[] = [];
  const numbers: number[] = [];
  let parent: string | undefined;
  for (let index = 0; index < count; index++) {
    const { number, ...part } = partOf(index);
    const place = async () => {
      parent ??= await createRunFolder(given, name, new Date());
      return createRunFolder(join(parent, `${what}-${number}`), name, new Date());
    };
    // What is wrong with the data is told once.
    const again = index === 0 ? {} : { begun: performance.now(), look: Promise.resolve([]) };
    const summary = await trainOne({ ...job, ...again, ...part }, place);
    if (!summary.test) return; // The training was stopped, and trainOne has said so.
    summaries.push(summary);
    numbers.push(number);
  }
  await writeSeeds(join(parent!, what === 'seed' ? runFiles.seeds : runFiles.folds), summaries, what);
  printSeeds(summaries, parent!, job.given.json === true, claims, { what, numbers });
}

/** Trains one experiment. `place` makes its folder, and is called once the experiment fits the data. */
async function trainOne(job: Job, place: () => Promise<string>): Promise<RunSummary> {
  const { experiment, dataset, look, executor, locate, begun, given } = job;
  const chatty = !given.quiet;
  const bySteps = experiment.evaluateEvery.steps !== undefined;
  const task = dataset.targets.kind;
  const stop = listenForStop();
  let line: ProgressLine | undefined;
  let recorder: Recorder | undefined;
  let profile: ProfileRecorder | undefined;
  let summary: RunSummary | undefined;
  const history: EpochEvent[] = [];
  let epochs = 0;
  try {
    const options = {
      dataset,
      executor,
      signal: stop.signal,
      locate,
      profile: given.profile === true,
    };
    for await (const event of train(experiment, options)) {
      switch (event.kind) {
        case 'start': {
          // Only now it is known that the experiment fits the data. So a mistake leaves no folder behind.
          const warnings = await look;
          recorder = await recordRun({
            experiment,
            dataset,
            signature: event.signature,
            classWeights: event.classWeights,
            folder: await place(),
            threads: executor.threads,
            begun,
          });
          if (given.profile) profile = recordProfile(recorder.folder, event.plan.network);
          const { plan, trainingSamples, validationSamples } = event;
          epochs = plan.epochs;
          if (!chatty) break;
          const { signature } = event;
          announce(
            { experiment, dataset, signature, plan, trainingSamples, validationSamples, choice: job.choice },
            executor.threads,
          );
          for (const warning of warnings) warn(warning);
          warnOfWarmup(experiment, plan.steps / plan.stepsPerEpoch, locate);
          if (!given.json)
            out.line(`${out.live ? '\n' : ''}${out.paint('dim', epochHeading(bySteps, task))}`);
          line = startProgressLine(err, event.progress, plan);
          break;
        }
        case 'epoch':
          await recorder!.epoch(recorded(event));
          history.push(event);
          profile?.add(event);
          line?.clear();
          if (given.json) out.line(JSON.stringify(epochObject(event)));
          else if (chatty) out.line(epochLine(event, bySteps ? undefined : epochs, task));
          break;
        case 'end': {
          line?.stop();
          summary = await recorder!.end(event);
          const run = recorder!.folder;
          if (given.json) out.line(JSON.stringify({ event: 'end', ...summary, run }));
          else {
            if (chatty) printPicture(history, event.test?.confusion);
            printResult(summary, run, experiment.claims);
          }
          if (profile) {
            const spent = await profile.end();
            if (chatty && !given.json) printProfile(spent);
          }
          if (event.stoppedEarly && chatty) {
            err.line(
              `ended early: no better ${experiment.earlyStopping!.metric} ` +
                `since epoch ${shortEpoch(event.best!.epoch)}`,
            );
          }
          if (!event.stopped) break;
          const weights = join(run, summary.result === 'best' ? runFiles.best : runFiles.weights);
          err.line(
            `stopped ${stop.reason()} after ${event.epochs} of ${epochs} epochs; ` +
              `the weights are in ${weights}`,
          );
          process.exitCode = stop.exitCode();
        }
      }
    }
  } finally {
    line?.stop();
    stop.release();
    // A training that failed also leaves its best weights.
    if (recorder && !summary) await tellOfBest(recorder);
    if (recorder) await writePage(recorder.folder, dataset, summary !== undefined && !given.json);
  }
  return summary!;
}

/** Names the weights that a failed training has left. */
async function tellOfBest(recorder: Recorder): Promise<void> {
  const epoch = await recorder.settle().catch(() => undefined);
  if (epoch === undefined) return;
  err.line(
    `the best weights so far, of epoch ${shortEpoch(epoch)}, are in ${join(recorder.folder, runFiles.best)}`,
  );
}

/** Draws the curves and the confusion matrix in a terminal. */
function printPicture(history: readonly EpochEvent[], confusion: Confusion | undefined): void {
  const lines = pictureLines(out, history, confusion);
  if (lines.length === 0) return;
  out.line();
  for (const text of lines) out.line(text);
}

/** Writes report.html. If that fails, the run is complete all the same. */
async function writePage(folder: string, dataset: Dataset, tell: boolean): Promise<void> {
  try {
    // Loaded late, so that a training starts at once.
    const { writeReport } = await import('../report/write-report.ts');
    const { file, missing } = await writeReport(folder, dataset);
    if (missing !== undefined) warnWithoutPredictions(missing);
    if (tell) out.line(`report         ${file}`);
  } catch (error) {
    warn(`the report could not be written: ${(error as Error).message}`);
  }
}

/** Prints the header, and warns if threads would have nothing to do. */
function announce(facts: Omit<HeaderFacts, 'threads'>, count: number): void {
  const cores = availableCores();
  const threads = `${count} on ${cores} ${cores === 1 ? 'core' : 'cores'}`;
  err.line(err.paint('bold', `lockstep ${version} · ${facts.experiment.name}`));
  const width = err.live ? err.columns() - 13 : Number.POSITIVE_INFINITY;
  for (const [name, text] of headerLines({ ...facts, threads })) {
    for (const [index, part] of wrap(text, width).entries()) {
      err.line(`  ${err.paint('dim', (index === 0 ? name : '').padEnd(9))} ${part}`);
    }
  }
  const { batchSize } = facts.plan;
  const tasks = rowTasks(batchSize, count);
  if (count > tasks) {
    warn(
      `minibatches of ${batchSize} rows make ${tasks} blocks: ${count - tasks} of ${count} threads will idle`,
    );
  } else if (count > cores) {
    warn(`${count - cores} of ${count} threads will idle on ${cores} ${cores === 1 ? 'core' : 'cores'}`);
  }
}

function warnOfWarmup({ schedule }: Experiment, epochs: number, locate: Locate): void {
  const warning = longWarmup(schedule, epochs);
  if (warning !== undefined) warn(`${locate('schedule.warmup')}: ${warning}`);
}

/** An epoch as `--json` prints it. */
function epochObject(event: EpochEvent): object {
  const { epoch, step, learningRate, train, validation, seconds, samplesPerSecond } = event;
  const figures = validation ? figuresOf(validation) : null;
  return { event: 'epoch', epoch, step, learningRate, train, validation: figures, seconds, samplesPerSecond };
}
