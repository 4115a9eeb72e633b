/** Records a training in its run folder while it is going on. */

import { join } from 'node:path';
import type { Dataset } from '../data/dataset.ts';
import { datasetDigestMeanwhile } from '../data/digest.ts';
import { type Experiment, fingerprint } from '../experiment/experiment.ts';
import { figuresOf } from '../figures/confusion.ts';
import { weightsDigest } from '../model/weights.ts';
import { version } from '../platform/version.ts';
import type { EndEvent, EpochEvent, Weights } from '../training/events.ts';
import { type RecordedEpoch, startMetrics, startTiming, writeConfusion } from './csv.ts';
import { keepNewest } from './keep-newest.ts';
import { type RunSummary, runFiles, writeConfig, writeSummary } from './run-folder.ts';
import { writeSafetensors } from './safetensors.ts';

export interface RecordOptions {
  experiment: Experiment;
  dataset: Dataset;
  /** The folder, new and empty. */
  folder: string;
  threads: number;
  /** When the command began, in the time of performance.now(). */
  begun: number;
}

export interface Recorder {
  folder: string;
  /** When this resolves, the epoch's rows are in the files. */
  epoch(event: RecordedEpoch & Partial<Pick<EpochEvent, 'best'>>): Promise<void>;
  /** Resolves when all is written. Returns the epoch of the best weights in the folder, if there are any. */
  settle(): Promise<number | undefined>;
  /** Writes the files that are complete only at the end. */
  end(event: EndEvent): Promise<RunSummary>;
}

/** Begins the run folder with the resolved experiment and the headers of the tables. */
export async function recordRun({
  experiment,
  dataset,
  folder,
  threads,
  begun,
}: RecordOptions): Promise<Recorder> {
  await writeConfig(folder, experiment);
  const metrics = await startMetrics(join(folder, runFiles.metrics));
  const timing = await startTiming(join(folder, runFiles.timing));
  // Hashing the data takes longer than a first step, so it is done while the threads train.
  const dataSha256 = datasetDigestMeanwhile(dataset);

  const write = (name: string, { weights, state }: Weights, done: Record<string, string>) =>
    writeSafetensors(join(folder, name), {
      tensors: [...weights, ...state],
      metadata: {
        experiment: experiment.name,
        fingerprint: fingerprint(experiment),
        weightsSha256: weightsDigest(weights),
        ...done,
      },
    });
  // The best weights go to the disk during the training, so they survive if it is killed.
  const best = keepNewest<Weights & { epoch: number }>((weights) =>
    write(runFiles.best, weights, { epochs: String(weights.epoch) }),
  );

  return {
    folder,
    async epoch(event) {
      await metrics.add(event);
      await timing.add(event);
      if (event.best) best.offer({ ...event.best(), epoch: event.epoch });
    },
    async settle() {
      await best.settled();
      return best.written()?.epoch;
    },
    async end(event) {
      const { test, epochs, steps, last } = event;
      const summary = summarize(event, {
        experiment,
        dataset,
        threads,
        begun,
        dataSha256: await dataSha256,
      });
      await write(runFiles.weights, last, { epochs: String(epochs), steps: String(steps) });
      // Without validation, the last weights count as the best.
      if (!event.best) best.offer({ ...last, epoch: epochs });
      await best.settled();
      if (test) await writeConfusion(join(folder, runFiles.confusion), test.confusion);
      await writeSummary(folder, summary);
      return summary;
    },
  };
}

/** The result of a training, for its summary.json. */
export function summarize(
  { test, weights, weightsSha256, stopped, stoppedEarly, epochs, steps, best, activeThreads }: EndEvent,
  { experiment, dataset, threads, begun, dataSha256 }: Omit<RecordOptions, 'folder'> & { dataSha256: string },
): RunSummary {
  return {
    experiment: experiment.name,
    seed: experiment.seed,
    threads,
    activeThreads,
    epochs,
    parameters: weights.reduce((sum, { values }) => sum + values.length, 0),
    weightsSha256,
    dataSha256,
    height: dataset.height,
    width: dataset.width,
    classes: dataset.classes,
    test: test ? figuresOf(test) : null,
    seconds: Number(((performance.now() - begun) / 1000).toFixed(3)),
    stopped,
    stoppedEarly,
    bestEpoch: best?.epoch ?? null,
    result: experiment.earlyStopping && best ? 'best' : 'last',
    steps,
    fingerprint: fingerprint(experiment),
    kernels: experiment.kernels,
    lockstep: version,
    node: process.version,
    platform: `${process.platform}-${process.arch}`,
  };
}
