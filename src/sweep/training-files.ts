/**
 * The files of one training of a sweep. The sweep goes by what the training reports, not by them. So a disk
 * that does not take them does not end the training: they are all written again at its end.
 */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Dataset } from '../data/dataset.ts';
import { canonicalText, type Experiment } from '../experiment/experiment.ts';
import { LockstepError } from '../foundation/errors.ts';
import { type RecordedEpoch, startMetrics, startTiming } from '../run/csv.ts';
import { removeRun } from '../run/files-of-run.ts';
import { runFiles } from '../run/run-files.ts';
import { type Result, writeSummary } from '../run/summary.ts';
import { reasonOf } from '../run/trouble.ts';
import { writeWhole } from '../run/write-whole.ts';

export interface TrainingFiles {
  add(epoch: RecordedEpoch): Promise<void>;
  /** Returns why the files are not whole, or nothing if they are. */
  end(result: Result): Promise<string | undefined>;
}

interface Place {
  /** The sweep's folder, and the training's in it. */
  folder: string;
  name: string;
  experiment: Experiment;
  dataset: Dataset;
}

/** Begins the training's folder anew. */
export async function beginFiles(place: Place): Promise<TrainingFiles> {
  const epochs: RecordedEpoch[] = [];
  let write: Awaited<ReturnType<typeof begin>> | undefined;
  let fault: string | undefined;
  const attempt = async (job: () => Promise<unknown>) => {
    try {
      await job();
      fault = undefined;
    } catch (error) {
      const known = error instanceof LockstepError || (error as NodeJS.ErrnoException).code !== undefined;
      // A defect of this program is no fault of the disk.
      if (!known) throw error;
      fault = error instanceof LockstepError ? error.message : reasonOf(error);
    }
  };
  await attempt(async () => {
    write = await begin(place);
  });
  return {
    async add(epoch) {
      epochs.push(epoch);
      if (fault === undefined) await attempt(() => write!(epoch));
    },
    async end(result) {
      const folder = join(place.folder, place.name);
      if (fault === undefined) await attempt(() => writeSummary(folder, result));
      if (fault === undefined) return undefined;
      await attempt(async () => {
        write = await begin(place);
        for (const epoch of epochs) await write(epoch);
        await writeSummary(folder, result);
      });
      return fault && `${folder}: cannot be written: ${fault}`;
    },
  };
}

/** Returns what writes the rows of an epoch. */
async function begin({ folder: around, name, experiment, dataset }: Place) {
  await removeRun(around, name);
  const folder = join(around, name);
  // Not the folders around it: if the sweep's folder is gone, it must not appear again.
  await mkdir(folder).catch((error: NodeJS.ErrnoException) => {
    // What is not of a run stayed in it.
    if (error.code !== 'EEXIST') throw error;
  });
  await writeWhole(join(folder, runFiles.config), [canonicalText(experiment)]);
  const metrics = await startMetrics(join(folder, runFiles.metrics), dataset.targets.kind);
  const timing = await startTiming(join(folder, runFiles.timing));
  return async (epoch: RecordedEpoch) => {
    await metrics.add(epoch);
    await timing.add(epoch);
  };
}
