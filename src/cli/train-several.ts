/** Several trainings of one experiment: seeds, or the folds of a cross-validation. */
import { join } from 'node:path';
import { foldDataset } from '../data/test-split.ts';
import type { Experiment } from '../experiment/experiment.ts';
import { newRunFolder } from '../run/begin.ts';
import { writeSeeds } from '../run/csv.ts';
import { type Parts, partExperiment } from '../run/parts.ts';
import { runFiles } from '../run/run-files.ts';
import type { RunSummary } from '../run/summary.ts';
import { fitTraining } from '../training/prepare.ts';
import { out, type Stream, warn } from './console.ts';
import { printSeeds } from './results.ts';
import { type Job, type Place, trainOne } from './train-one.ts';

/** One of several trainings: its number, and what is other in it. */
interface Part extends Partial<Pick<Job, 'dataset'>> {
  number: number;
  experiment: Experiment;
}

/** Each of so many trainings, by its index. */
function partOf({ experiment: given, dataset }: Job, parts: Parts, index: number): Part {
  const experiment = partExperiment(given, parts, index);
  if (parts.kind === 'seed') return { number: experiment.seed, experiment };
  // Cross-validation: each fold in turn is the test set of a training on the others.
  const fold = { number: index + 1, of: parts.count };
  return { number: fold.number, experiment, dataset: foldDataset(dataset, fold) };
}

/** How one of several trainings is done: anew, or from where it is. */
export type TrainPart = (job: Job, folder: string) => Promise<RunSummary | undefined>;

/** In a new folder. */
export const anew: TrainPart = (job, folder) =>
  trainOne(job, () => newRunFolder(folder, job.experiment, job.pretrained));

/**
 * Trains several times, each in a folder of its own, and sums up.
 *
 * @param place makes or opens the folder around them, once the first fits the data
 */
export async function trainSeveral(
  job: Job,
  parts: Parts,
  place: Place,
  train: TrainPart = anew,
): Promise<void> {
  const { kind, count } = parts;
  const summaries: RunSummary[] = [];
  const numbers: number[] = [];
  let parent: string | undefined;
  for (let index = 0; index < count; index++) {
    const { number, ...part } = partOf(job, parts, index);
    // What is wrong with the data is told once.
    const again = index === 0 ? {} : { begun: performance.now(), look: Promise.resolve([]) };
    const one: Job = { ...job, ...again, ...part, part: `${kind} ${number}` };
    if (parent === undefined) {
      // A mistake leaves no folder behind.
      fitTraining(one.experiment, one);
      parent = await place();
    }
    const summary = await train(one, join(parent, `${kind}-${number}`));
    if (!summary) return;
    summaries.push(summary);
    numbers.push(number);
  }
  await writeSeeds(join(parent!, kind === 'seed' ? runFiles.seeds : runFiles.folds), summaries, kind);
  printSeeds(summaries, parent!, job.shown.json === true, job.experiment.claims, { what: kind, numbers });
  await writePage(parent!, job.shown.json ? undefined : out);
}

/** Writes the page about all of them. If that fails, the runs are complete all the same. */
async function writePage(folder: string, to: Stream | undefined): Promise<void> {
  try {
    // Loaded late, so that a training starts at once.
    const { writeJoint } = await import('../report/joint/write-joint.ts');
    const file = await writeJoint(folder);
    to?.line(`report         ${file}`);
  } catch (error) {
    warn(`the report could not be written: ${(error as Error).message}`);
  }
}
