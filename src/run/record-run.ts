/** Records a training in its run folder while it is going on. */

import { join } from 'node:path';
import type { Dataset } from '../data/dataset.ts';
import { datasetDigestMeanwhile } from '../data/digest.ts';
import { profileOf } from '../data/pictures/profile.ts';
import type { Signature } from '../data/split.ts';
import { type Experiment, fingerprint } from '../experiment/experiment.ts';
import { weightsDigest } from '../model/weights.ts';
import { version } from '../platform/version.ts';
import { figuresOf } from '../training/evaluation.ts';
import type { EndEvent, EpochEvent, Weights } from '../training/events.ts';
import { type RecordedEpoch, startMetrics, startTiming, writeConfusion } from './csv.ts';
import { keepNewest } from './keep-newest.ts';
import { type RunSummary, runFiles, writeConfig, writeSummary } from './run-folder.ts';
import { writeSafetensors } from './safetensors.ts';

export interface RecordOptions {
  experiment: Experiment;
  dataset: Dataset;
  /** What the training made of the data. */
  signature: Signature;
  classWeights?: readonly number[] | undefined;
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
  signature: fitted,
  classWeights,
  folder,
  threads,
  begun,
}: RecordOptions): Promise<Recorder> {
  await writeConfig(folder, experiment);
  const { targets } = fitted;
  // Looking at the pictures takes a moment, so it is done while the threads train.
  let signature: string | undefined;
  const metrics = await startMetrics(join(folder, runFiles.metrics), targets.kind);
  const timing = await startTiming(join(folder, runFiles.timing));
  // Hashing the data takes longer than a first step, so it is done while the threads train.
  const dataSha256 = datasetDigestMeanwhile(dataset);

  const write = (name: string, { weights, state }: Weights, done: Record<string, string>) => {
    signature ??= JSON.stringify(withPictures(fitted, dataset, experiment));
    return writeSafetensors(join(folder, name), {
      tensors: [...weights, ...state],
      metadata: {
        experiment: experiment.name,
        fingerprint: fingerprint(experiment),
        weightsSha256: weightsDigest(weights),
        signature,
        ...(classWeights ? { classWeights: JSON.stringify(classWeights) } : {}),
        ...done,
      },
    });
  };
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
      if (test?.confusion) {
        const names = targets.kind === 'classes' ? targets.names : undefined;
        await writeConfusion(join(folder, runFiles.confusion), test.confusion, names);
      }
      await writeSummary(folder, summary);
      return summary;
    },
  };
}

/** The signature with what the training pictures look like. */
function withPictures(signature: Signature, { features, train }: Dataset, { data }: Experiment): Signature {
  if (features.kind !== 'bytes') return signature;
  return {
    ...signature,
    pictures: profileOf(train.features as Uint8Array, features.shape, { resized: data.size !== undefined }),
  };
}

/** What is recorded of an epoch, without its confusion matrix and profile. */
export function recorded(event: EpochEvent): RecordedEpoch & Pick<EpochEvent, 'best'> {
  const { epoch, step, learningRate, train, validation, seconds, samplesPerSecond, best } = event;
  const figures = validation && figuresOf(validation);
  return { epoch, step, learningRate, train, validation: figures, seconds, samplesPerSecond, best };
}

/** What a sample is, and what is predicted. */
function shapeFacts({ features, targets }: Dataset) {
  const { shape } = features;
  const sample =
    features.kind === 'floats'
      ? { columns: features.columns.map(({ name }) => name) }
      : { height: shape[0], width: shape[1]!, ...(shape[2] === 1 ? {} : { channels: shape[2]! }) };
  if (targets.kind !== 'classes') return { task: targets.kind, ...sample, targets: targets.names };
  const { count, names } = targets;
  return { task: targets.kind, ...sample, classes: count, ...(names ? { classNames: names } : {}) };
}

/** The result of a training, for its summary.json. */
export function summarize(
  { test, weights, weightsSha256, stopped, stoppedEarly, epochs, steps, best, activeThreads }: EndEvent,
  {
    experiment,
    dataset,
    threads,
    begun,
    dataSha256,
  }: Omit<RecordOptions, 'folder' | 'signature' | 'classWeights'> & { dataSha256: string },
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
    ...shapeFacts(dataset),
    test: test ? { ...figuresOf(test), ...(test.columns ? { columns: test.columns } : {}) } : null,
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
