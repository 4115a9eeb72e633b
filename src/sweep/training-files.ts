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
import type { SessionOf } from '../run/tensorboard/hyperparameters.ts';
import { recordEvents } from '../run/tensorboard/record-events.ts';
import { reasonOf } from '../run/trouble.ts';
import { flushFolder, writeWhole } from '../run/write-whole.ts';

export interface TrainingFiles {
  add(epoch: RecordedEpoch): Promise<void>;
  /** Returns why the files are not whole, or nothing if they are. */
  end(result: Result): Promise<string | undefined>;
  /** The training has no result. */
  failed(): Promise<void>;
}

interface Place {
  /** The sweep's folder, and the training's in it. */
  folder: string;
  name: string;
  experiment: Experiment;
  dataset: Dataset;
  /** Its hyperparameters for TensorBoard, if an event file is written. */
  session?: SessionOf | undefined;
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
      if (fault === undefined) await attempt(() => write!.add(epoch));
    },
    async end(result) {
      const folder = join(place.folder, place.name);
      const finish = async () => {
        await write!.end(true);
        await writeSummary(folder, result);
      };
      if (fault === undefined) await attempt(finish);
      if (fault === undefined) return undefined;
      await attempt(async () => {
        write = await begin(place);
        for (const epoch of epochs) await write.add(epoch);
        await finish();
      });
      return fault && `${folder}: cannot be written: ${fault}`;
    },
    async failed() {
      if (fault === undefined) await attempt(() => write!.end(false));
    },
  };
}

/** Returns what writes the rows of an epoch, and what ends them. */
async function begin({ folder: around, name, experiment, dataset, session }: Place) {
  await removeRun(around, name);
  const folder = join(around, name);
  // Not the folders around it: if the sweep's folder is gone, it must not appear again.
  await mkdir(folder).catch((error: NodeJS.ErrnoException) => {
    // What is not of a run stayed in it.
    if (error.code !== 'EEXIST') throw error;
  });
  await flushFolder(around);
  await writeWhole(join(folder, runFiles.config), [canonicalText(experiment)]);
  const metrics = await startMetrics(join(folder, runFiles.metrics), dataset.targets.kind);
  const timing = await startTiming(join(folder, runFiles.timing));
  const { kind: task } = dataset.targets;
  const events = session && (await recordEvents({ folder, experiment, task, session }));
  return {
    async add(epoch: RecordedEpoch) {
      await metrics.add(epoch);
      await timing.add(epoch);
      await events?.add(epoch);
    },
    async end(succeeded: boolean) {
      await events?.end(undefined, { succeeded });
    },
  };
}
