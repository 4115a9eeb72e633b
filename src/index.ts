/**
 * The library: train experiments from your own program, and put the networks to work.
 *
 *     import { openDataset, openRun, readExperiment, threads, train } from 'lockstep';
 *
 *     const { experiment } = readExperiment(text, { file: 'mine.yaml', name: 'mine' });
 *     const dataset = await openDataset(experiment.data.source);
 *     for await (const event of train(experiment, { dataset, executor: threads(4) })) {
 *       if (event.kind === 'end') console.log(event.weightsSha256);
 *     }
 *
 *     const run = await openRun('runs/mine'); // A folder that `train` wrote.
 *     console.log(run.evaluate(dataset.test).accuracy);
 */

export type { Metrics } from './contracts/figures.ts';
export type { Dataset, Samples } from './data/dataset.ts';
export { datasetDigest } from './data/digest.ts';
export { openDataset } from './data/open-dataset.ts';
export type { Picture } from './data/pictures/picture.ts';
export { decodePng, readPng } from './data/pictures/png.ts';
export { type Prepared, prepareImage } from './data/pictures/prepare.ts';
export { canonicalText, type Experiment, fingerprint } from './experiment/experiment.ts';
export { type ReadExperiment, readExperiment } from './experiment/read.ts';
export { experimentSchema } from './experiment/schema.ts';
export { type Override, parseOverride } from './experiment/setting-path.ts';
export { type ClassMetrics, type Confusion, classMetrics, type Evaluation } from './figures/confusion.ts';
export { LockstepError } from './foundation/errors.ts';
export { type WeightTensor, weightsDigest } from './model/weights.ts';
export type { Executor } from './parallel/executor.ts';
export { inline } from './parallel/inline.ts';
export { threads } from './parallel/threads.ts';
export { availableCores } from './platform/cores.ts';
export { openRun, type TrainedRun } from './run/open-run.ts';
export type { RunSummary } from './run/run-folder.ts';
export type { Shard, SweepEvent, SweepOptions } from './sweep/events.ts';
export { type ReadSweepOptions, readSweep, type Sweep, type SweepFile } from './sweep/read.ts';
export { runSweep } from './sweep/sweep.ts';
export type { TrialLine, TrialResult } from './sweep/trial.ts';
export { openTrials, type TrialsFile } from './sweep/trials-file.ts';
export type { EndEvent, EpochEvent, Progress, StartEvent, TrainEvent } from './training/events.ts';
export { type TrainOptions, train } from './training/train.ts';
export type { Images, TrainedModel } from './training/trained-model.ts';
