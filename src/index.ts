/**
 * The library: train experiments from your own program, and put the networks to work.
 *
 *     import { datasetOf, defineExperiment, threads, train } from 'lockstep';
 *
 *     const experiment = defineExperiment({
 *       model: [{ kind: 'dense', units: 128 }, 'relu', { kind: 'dense', units: 'classes' }],
 *       optimizer: { kind: 'sgd', learningRate: 0.1, momentum: 0.9 },
 *       batchSize: 64,
 *       epochs: 5,
 *     });
 *     const dataset = datasetOf({ height: 28, width: 28, train: { images, labels }, test });
 *     for await (const event of train(experiment, { dataset, executor: threads(4) })) {
 *       if (event.kind === 'epoch') console.log(event.epoch, event.validation?.accuracy);
 *       if (event.kind !== 'end') continue;
 *       console.log(event.weightsSha256, event.model.predict(images));
 *       await event.model.save('runs/mine'); // openRun('runs/mine') reads it.
 *     }
 *
 * Every public function checks its arguments: a TypeError for a wrong kind, a RangeError for a wrong value,
 * in the form `label: expected A, got B`. What is wrong in a file, or in an experiment, is a LockstepError.
 */

export { augmentation } from './contracts/augmentation.ts';
export { type Figures, figure, type OwnFigure } from './contracts/figures.ts';
export { initializer } from './contracts/initializer.ts';
export { type Layer, type LayerContext, type LayerKind, type LayerPlan, layer } from './contracts/layer.ts';
export { loss } from './contracts/loss.ts';
export { type Optimizer, type OptimizerKind, optimizer, type ParameterBlock } from './contracts/optimizer.ts';
export { schedule } from './contracts/schedule.ts';
export type { Targets, Task } from './contracts/task.ts';
export type { Column, Dataset, Features, Samples } from './data/dataset.ts';
export { datasetDigest } from './data/digest.ts';
export {
  type ArrayDataset,
  type ArraySamples,
  datasetOf,
  type PixelArrays,
  type TableColumns,
  type TableDataset,
} from './data/from-arrays.ts';
export type { MadeSettings } from './data/made/made.ts';
export { type SpiralSettings, spirals } from './data/made/spirals.ts';
export { twoMoons } from './data/made/two-moons.ts';
export { openDataset } from './data/open-dataset.ts';
export type { Picture } from './data/pictures/picture.ts';
export { decodePng, readPng } from './data/pictures/png.ts';
export { type Prepared, prepareImage } from './data/pictures/prepare.ts';
export { defineExperiment, type ExperimentSettings, type KindSettings } from './experiment/define.ts';
export { canonicalText, type Experiment, fingerprint } from './experiment/experiment.ts';
export type { RegisteredModule } from './experiment/modules.ts';
export { type ReadExperiment, readExperiment } from './experiment/read.ts';
export { register } from './experiment/register.ts';
export { experimentSchema } from './experiment/schema.ts';
export { type Override, parseOverride } from './experiment/setting-path.ts';
export { type ClassMetrics, type Confusion, classMetrics } from './foundation/confusion.ts';
export { LockstepError } from './foundation/errors.ts';
export * as exact from './foundation/exact.ts';
export type { Matrix, PanelMatrix, Range, Vector } from './foundation/shapes.ts';
export { type WeightTensor, weightsDigest } from './model/weights.ts';
export type { Executor, Executor as Crew } from './parallel/executor.ts';
export { inline } from './parallel/inline.ts';
export { threads } from './parallel/threads.ts';
export { availableCores } from './platform/cores.ts';
export { openRun, type TrainedRun } from './run/open-run.ts';
export { type ReadPretrained, readPretrained } from './run/read-pretrained.ts';
export type { RunSummary } from './run/summary.ts';
export {
  type LibraryEndEvent as EndEvent,
  type LibraryEvent as TrainEvent,
  type LibraryOptions as TrainOptions,
  type SavableModel,
  train,
} from './run/train.ts';
export type { Shard, SweepEvent, SweepOptions } from './sweep/events.ts';
export { type ReadSweepOptions, readSweep, type Sweep, type SweepFile } from './sweep/read.ts';
export { runSweep } from './sweep/sweep.ts';
export type { TrialLine, TrialResult } from './sweep/trial.ts';
export { openTrials, type TrialsFile } from './sweep/trials-file.ts';
export type { Evaluation } from './training/evaluation.ts';
export type { EpochEvent, Progress, StartEvent } from './training/events.ts';
export {
  type ExplainedLayer,
  type ExplainedParameter,
  type ExplainedSample,
  type ExplainedStep,
  type ExplainOptions,
  explainStep,
} from './training/explain-step.ts';
export {
  checkGradients,
  type GradientOptions,
  type GradientReport,
  type TensorCheck,
} from './training/gradcheck.ts';
export type { Pretrained } from './training/pretrained.ts';
export type { Rows, TrainedModel } from './training/trained-model.ts';
