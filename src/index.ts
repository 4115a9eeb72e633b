/**
 * The library: train experiments from your own program, and put the networks to work.
 *
 *     import { openDataset, openRun, readExperiment, threads, train } from 'lockstep';
 *
 *     const { experiment } = readExperiment(text, { file: 'mine.yaml', name: 'mine' });
 *     const dataset = await openDataset(experiment.data.source);
 *     for await (const event of train(experiment, { dataset, crew: threads(4) })) {
 *       if (event.kind === 'end') console.log(event.weightsSha256);
 *     }
 *
 *     const run = await openRun('runs/mine'); // A folder that `train` wrote.
 *     console.log(run.evaluate(dataset.test).accuracy);
 */
export { type Crew, inline, threads } from './crew.ts';
export { canonicalText, type Experiment, fingerprint } from './experiment/experiment.ts';
export { type ReadExperiment, readExperiment } from './experiment/read.ts';
export { experimentSchema } from './experiment/schema.ts';
export { type Override, parseOverride } from './experiment/setting-path.ts';
export { availableCores } from './foundation/cores.ts';
export type { Dataset, Samples } from './foundation/dataset.ts';
export { LockstepError } from './foundation/errors.ts';
export {
  type ClassMetrics,
  type Confusion,
  classMetrics,
  type Evaluation,
  type Metrics,
} from './foundation/metrics.ts';
export type { Picture } from './images/picture.ts';
export { decodePng, readPng } from './images/png.ts';
export { type Prepared, prepareImage } from './images/prepare.ts';
export { type Images, openRun, type TrainedModel, type TrainedRun } from './inference.ts';
export { datasetDigest, openDataset } from './open-dataset.ts';
export type { RunSummary } from './run/run-folder.ts';
export type { Shard, SweepEvent, SweepOptions } from './sweep/events.ts';
export { type ReadSweepOptions, readSweep, type Sweep, type SweepFile } from './sweep/read.ts';
export { runSweep } from './sweep/sweep.ts';
export type { TrialLine, TrialResult } from './sweep/trial.ts';
export { openTrials, type TrialsFile } from './sweep/trials-file.ts';
export {
  type EndEvent,
  type EpochEvent,
  type Progress,
  type StartEvent,
  type TrainEvent,
  type TrainOptions,
  train,
} from './train.ts';
export { type WeightTensor, weightsDigest } from './weights.ts';
