/** Records a training in its run folder while it is going on. */
import { rm } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import type { Dataset } from '../data/dataset.ts';
import { datasetDigestMeanwhile } from '../data/digest.ts';
import { profileMeanwhile } from '../data/pictures/profile.ts';
import type { Signature } from '../data/split.ts';
import { type Experiment, fingerprint } from '../experiment/experiment.ts';
import { stateDigest } from '../model/weights.ts';
import { version } from '../platform/version.ts';
import { figuresOf } from '../training/evaluation.ts';
import type { CheckpointEvent, EndEvent, EpochEvent, Weights } from '../training/events.ts';
import type { EpochFigures } from '../training/run-state.ts';
import { bestCheckpoint, type CheckpointFacts, lastCheckpoint, writeLast } from './checkpoint.ts';
import { type RecordedEpoch, startMetrics, startTiming, writeConfusion } from './csv.ts';
import { keepNewest } from './keep-newest.ts';
import type { DataFacts } from './run-facts.ts';
import { runFiles } from './run-files.ts';
import { refuseLinksOut, writeConfig } from './run-folder.ts';
import type { EpochTiming } from './run-tables.ts';
import { writeSafetensors } from './safetensors.ts';
import { type Result, type RunSummary, writeSummary } from './summary.ts';
import { notWritten, troubleWith } from './trouble.ts';
import { makeFolder, sweepUp } from './write-whole.ts';

export interface RecordOptions {
  experiment: Experiment;
  dataset: Dataset;
  /** What the training made of the data. */
  signature: Signature;
  classWeights?: readonly number[] | undefined;
  /** The folder: new and empty, or that of the training that goes on. */
  folder: string;
  threads: number;
  /** When the command began, in the time of performance.now(). */
  begun: number;
  /** What was recorded of a training that goes on. */
  before?: Before;
  /** Called at once with what cannot be written; the training goes on, and it is tried again. */
  tell?(text: string): void;
}

/** What is there already of a training that goes on. */
export interface Before {
  history: readonly EpochFigures[];
  timing: readonly EpochTiming[];
  best?: (Weights & { epoch: number }) | undefined;
}

export interface Recorder {
  folder: string;
  /** When this resolves, the epoch's rows are in the files, or it has been told that they are not. */
  epoch(event: RecordedEpoch & Partial<Pick<EpochEvent, 'best'>>): Promise<void>;
  /** Begins to write last.safetensors, and tries again to write what could not be written before. */
  checkpoint(event: Pick<CheckpointEvent, 'position'>): void;
  /** Resolves when all that can be written is. Returns what is missing, and the epoch of the checkpoint. */
  settle(): Promise<{ missing: readonly string[]; epoch: number | undefined }>;
  /** Writes the files that are complete only at the end. */
  end(event: EndEvent): Promise<{ summary: RunSummary; missing: readonly string[] }>;
}

/** Begins the run folder with the resolved experiment and the headers of the tables. */
export async function recordRun(options: RecordOptions): Promise<Recorder> {
  const { experiment, dataset, folder, before, tell = () => {} } = options;
  const { targets } = options.signature;
  const path = (name: string) => join(folder, name);
  const { attempt, missing, missingFiles } = troubleWith(tell);
  await refuseLinksOut(folder);
  if (before) await tidy(folder);
  await writeConfig(folder, experiment);
  const metrics = await startMetrics(path(runFiles.metrics), targets.kind, before?.history);
  const timing = await startTiming(path(runFiles.timing), before?.timing);
  // Hashing the data takes longer than a first step, so it is done while the threads train, and so is looking
  // at the pictures.
  const dataSha256 = datasetDigestMeanwhile(dataset);
  const facts = factsOf(options, dataSha256);
  // Whoever needs them hears of it.
  facts.catch(() => {});

  // The best weights go to the disk during the training, so they survive if it is killed.
  const best = keepNewest<Weights & { epoch: number }>((weights) => {
    const file = path(runFiles.best);
    return attempt(file, async () => writeSafetensors(file, bestCheckpoint(await facts, weights)));
  });
  const last = keepNewest<Pick<CheckpointEvent, 'position'>>(async ({ position }) => {
    return attempt(path(runFiles.weights), async () => {
      // Whoever goes on from here needs the best weights of before.
      if (!(await best.settled())) throw new Error(`${runFiles.best} comes first`);
      await writeLast(folder, lastCheckpoint(await facts, position()));
    });
  });
  // It may be that of a shorter training, or of another folder.
  if (before?.best) best.offer(before.best);
  const settle = async () => {
    await best.settled();
    await last.settled();
    return { missing: missing(), epoch: last.written()?.position().epochs };
  };

  return {
    folder,
    async epoch(event) {
      await attempt(path(runFiles.metrics), () => metrics.add(event));
      await attempt(path(runFiles.timing), () => timing.add(event));
      if (event.best) best.offer({ ...event.best(), epoch: event.epoch });
    },
    checkpoint(event) {
      best.retry();
      last.offer(event);
    },
    settle,
    async end(event) {
      const { test, epochs, stopped } = event;
      const result = summarize(event, { ...options, dataSha256: await dataSha256 });
      // Without validation, the last weights count as the best.
      if (!event.best && !stopped) best.offer({ ...event.last, epoch: epochs });
      best.retry();
      last.offer(event);
      await settle();
      await attempt(path(runFiles.metrics), metrics.flush);
      await attempt(path(runFiles.timing), timing.flush);
      if (test?.confusion) {
        const names = targets.kind === 'classes' ? targets.names : undefined;
        const { confusion } = test;
        await attempt(path(runFiles.confusion), () =>
          writeConfusion(path(runFiles.confusion), confusion, names),
        );
      }
      const lost = missingFiles().map((file) => relative(folder, file));
      const whole: Result = lost.length > 0 ? { ...result, missing: lost } : result;
      let summary: RunSummary = whole;
      await attempt(path(runFiles.summary), async () => {
        summary = await writeSummary(folder, whole);
      });
      return { summary, missing: missing() };
    },
  };
}

/** Makes the folder ready for a training that goes on: what its summary says is no longer true. */
async function tidy(folder: string): Promise<void> {
  try {
    await removeOld(folder);
  } catch (error) {
    throw notWritten(folder, error);
  }
}

async function removeOld(folder: string): Promise<void> {
  for (const name of [runFiles.summary, runFiles.report]) await rm(join(folder, name), { force: true });
  await makeFolder(join(folder, dirname(runFiles.weights)));
  for (const name of ['', dirname(runFiles.weights)]) await sweepUp(join(folder, name));
}

/** What checkpoints say of the run. */
async function factsOf(
  { signature, dataset, experiment, classWeights }: RecordOptions,
  dataSha256: Promise<string>,
): Promise<CheckpointFacts> {
  const sha256 = await dataSha256;
  const known = await withPictures(signature, dataset, experiment);
  return { experiment, dataSha256: sha256, signature: known, classWeights };
}

/** The signature with what the training pictures look like. */
export async function withPictures(
  signature: Signature,
  { features, train }: Dataset,
  { data }: Experiment,
): Promise<Signature> {
  if (features.kind !== 'bytes') return signature;
  const pictures = train.features as Uint8Array;
  const resized = data.size !== undefined;
  return { ...signature, pictures: await profileMeanwhile(pictures, features.shape, { resized }) };
}

/** What is recorded of an epoch, without its confusion matrix and profile. */
export function recorded(event: EpochEvent): RecordedEpoch & Pick<EpochEvent, 'best'> {
  const { epoch, step, learningRate, train, validation, seconds, samplesPerSecond, best } = event;
  const figures = validation && figuresOf(validation);
  return { epoch, step, learningRate, train, validation: figures, seconds, samplesPerSecond, best };
}

/** What a sample is, and what is predicted. */
export function dataFacts({ features, targets }: Pick<Dataset, 'features' | 'targets'>): DataFacts {
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
  event: EndEvent,
  {
    experiment,
    dataset,
    threads,
    begun,
    dataSha256,
  }: Pick<RecordOptions, 'experiment' | 'dataset' | 'threads' | 'begun'> & { dataSha256: string },
): Result {
  const { test, weights, state, weightsSha256, stopped, stoppedEarly, epochs, steps, best } = event;
  return {
    experiment: experiment.name,
    seed: experiment.seed,
    threads,
    activeThreads: event.activeThreads,
    epochs,
    parameters: weights.reduce((sum, { values }) => sum + values.length, 0),
    weightsSha256,
    stateSha256: stateDigest(weights, state),
    dataSha256,
    ...dataFacts(dataset),
    ...(experiment.pretrained ? { pretrained: experiment.pretrained } : {}),
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
