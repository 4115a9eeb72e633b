/**
 * The library for a page: trains in the page's own thread, to the same bits as `train` on the command line.
 *
 *     import { datasetOf, defineExperiment, inline, provideKernels, train } from 'lockstep/browser';
 *
 *     const kernels = await fetch('kernels.wasm'); // lockstep/kernels.wasm
 *     provideKernels(new Uint8Array(await kernels.arrayBuffer()));
 *     for await (const event of train(experiment, { dataset, executor: inline() })) ...
 *
 * A bundler must follow the field `browser` of package.json, as they do for pages.
 */

export type { Dataset, Features, Samples } from './data/dataset.ts';
export { datasetDigest } from './data/digest.ts';
export { type ArrayDataset, datasetOf, type TableDataset } from './data/from-arrays.ts';
export type { MadeSettings } from './data/made/made.ts';
export { type SpiralSettings, spirals } from './data/made/spirals.ts';
export { twoMoons } from './data/made/two-moons.ts';
export { type Prepared, prepareImage } from './data/pictures/prepare.ts';
export { defineExperiment, type ExperimentSettings } from './experiment/define.ts';
export type { Experiment } from './experiment/experiment.ts';
export { LockstepError } from './foundation/errors.ts';
export { weightsDigest } from './model/weights.ts';
export { inline } from './parallel/inline.ts';
export { provideKernels } from './platform/browser/kernels-module.ts';
export type { TrainEvent } from './training/events.ts';
export {
  type ExplainedLayer,
  type ExplainedParameter,
  type ExplainedSample,
  type ExplainedStep,
  type ExplainOptions,
  explainStep,
} from './training/explain-step.ts';
export { type TrainOptions, train } from './training/train.ts';
export type { TrainedModel } from './training/trained-model.ts';
