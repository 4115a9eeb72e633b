/**
 * One step of a training and one sample in it, with all numbers: forward, backward, gradients, update.
 *
 *     const { sample, layers } = await explainStep(experiment, dataset, { sample: 7, step: 1 });
 *     sample.loss                        // the sample's own loss, before the update
 *     layers[0].output                   // what the first layer makes of the sample
 *     layers[0].gradient                 // the gradient of that loss with respect to it
 *     layers[0].parameters[0].after      // W after the update, row-major
 *
 * The numbers are the training's own, bit for bit: it trains inline up to the step and looks into it. The
 * parameters follow the mean gradient of the whole minibatch; beside it stands what the sample by itself asks
 * for. With `batchSize: 1` the two are the same.
 *
 * Samples and steps are counted from 1: sample 1 is the first of the data set's training part, and step 1 the
 * first of the training.
 */
import type { KindConfig } from '../contracts/fields.ts';
import { targetWidth } from '../contracts/task.ts';
import { checkDataset } from '../data/check.ts';
import { columnsOf, type Dataset } from '../data/dataset.ts';
import { type SharedData, writeOrder } from '../data/split.ts';
import { minibatchesOf } from '../engine/minibatches.ts';
import type { Plan } from '../engine/plan.ts';
import { checkExperiment } from '../experiment/define.ts';
import type { Experiment } from '../experiment/experiment.ts';
import { checkOptions } from '../foundation/check.ts';
import { LockstepError } from '../foundation/errors.ts';
import { grouped } from '../foundation/format.ts';
import { catalogue } from '../model/catalogue.ts';
import type { LayerNode, Locate } from '../model/network.ts';
import { readNumbers } from '../model/weights.ts';
import { inline } from '../parallel/inline.ts';
import { fitTraining } from './prepare.ts';
import { span } from './run-state.ts';
import { train } from './train.ts';
import { type Numbers, Watched, type WatchedStep, watchingExecutor } from './watched-step.ts';

export interface ExplainOptions {
  /** Which training sample, from 1; by default the first of the step's minibatch. */
  sample?: number;
  /** Which step, from 1; by default the first that trains on the sample. */
  step?: number;
  /** Turns `sample`, `step` or a path into the experiment into what a person finds, for messages. */
  locate?: Locate;
  /** Hears how many of the steps before are done, and of how many. */
  onProgress?: (done: number, of: number) => void;
}

/** All numbers of a step. The gradients are those of the sample's own loss, unless it says otherwise. */
export interface ExplainedStep {
  /** From 1, and how many the training has. */
  step: number;
  steps: number;
  /** From 1. */
  epoch: number;
  /** From 1, and how many an epoch has. */
  stepOfEpoch: number;
  stepsPerEpoch: number;
  /** After the schedule. */
  learningRate: number;
  minibatch: {
    /** Its samples, from 1, in the order of its rows. */
    samples: number[];
    /** Mean of the losses before the update. */
    loss: number;
    /** What the mean gradient was multiplied by, because it was longer than `clipNorm` allows; else 1. */
    clipped: number;
  };
  sample: ExplainedSample;
  /** In order of the forward pass. */
  layers: ExplainedLayer[];
}

export interface ExplainedSample {
  /** From 1. */
  number: number;
  /** Its row in the minibatch, from 1; undefined: the step does not train on it, see `trainedIn`. */
  row: number | undefined;
  /** The step of this epoch that trains on it; undefined: none, because it is held out. */
  trainedIn: number | undefined;
  /** As it was read: a row of a table (columns), or pixels 0 to 255. */
  features: number[];
  /** As the network reads it, distorted if there is an augmentation. (inputs) */
  prepared: Float64Array;
  /** The class, or the values or flags in the user's units. */
  target: number[];
  /** Of classes and flags, how likely each is by the outputs. (outputs) */
  probabilities: Float64Array | undefined;
  /** Of classes, the most likely one. */
  predicted: number | undefined;
  /** Before the update. */
  loss: number;
}

export interface ExplainedLayer {
  /** In the experiment: `model[0]`. */
  path: string;
  /** `dense`; of a residual block `residual`, whose output is the sum of its two paths. */
  kind: string;
  config: KindConfig;
  frozen: boolean;
  /** Of the output: (columns), or of feature maps (height, width, channels). */
  shape: readonly number[];
  /** (columns) */
  output: Float64Array;
  /** Of the sample's own loss with respect to the output; undefined: nothing before it learns. (columns) */
  gradient: Float64Array | undefined;
  parameters: ExplainedParameter[];
}

/** Arrays are row-major, of `shape`. */
export interface ExplainedParameter {
  /** `model.0.W` */
  id: string;
  /** `W` */
  name: string;
  shape: readonly number[];
  before: Numbers;
  /** Of the minibatch's mean loss, as the optimizer got it; undefined: the layer is frozen. */
  gradient: Numbers | undefined;
  /** Of the sample's own loss; undefined too if a layer takes figures over the whole minibatch. */
  own: Numbers | undefined;
  after: Numbers;
  /** What the optimizer remembers, such as the velocity of momentum. */
  slots: { name: string; before: Numbers; after: Numbers }[];
}

const optionNames = ['sample', 'step', 'locate', 'onProgress'];

/**
 * Trains up to a step and explains it, with one of its samples.
 *
 * @throws LockstepError `usage` if there is no such step or sample, or the experiment does not fit the data
 */
export async function explainStep(
  experiment: Experiment,
  dataset: Dataset,
  options: ExplainOptions = {},
): Promise<ExplainedStep> {
  checkExperiment(experiment);
  checkDataset(dataset);
  checkOptions('options', options, optionNames);
  const { locate = (path) => path, onProgress } = options;
  const { plan, data, trained } = fitTraining(experiment, { dataset, executor: inline(), locate });
  checkNumber(locate('sample'), 'a training sample', options.sample, dataset.train.count);
  checkNumber(locate('step'), 'a step of the training', options.step, plan.steps);
  const sample = options.sample === undefined ? undefined : options.sample - 1;
  const step =
    options.step ?? (sample === undefined ? 1 : firstStep(experiment, plan, data, trained, sample));
  const mixing = plan.network.nodes.find(mixes);
  if (mixing && sample !== undefined)
    requireRow(experiment, plan, data, trained, { sample, step, mixing, locate });
  const executor = watchingExecutor(step - 1, sample, mixing === undefined, (done) =>
    onProgress?.(done, step - 1),
  );
  try {
    for await (const event of train(experiment, { dataset, executor, locate, test: false })) {
      if (event.kind === 'end') throw endedBefore(locate('step'), step, plan.steps);
    }
  } catch (error) {
    if (error instanceof Watched) return explained(experiment, dataset, { plan, data, step }, error.step);
    throw error;
  }
  throw endedBefore(locate('step'), step, plan.steps);
}

function checkNumber(where: string, what: string, given: number | undefined, most: number): void {
  if (given === undefined || (Number.isInteger(given) && given >= 1 && given <= most)) return;
  throw new LockstepError('usage', {
    where,
    expected: `${what} from 1 to ${grouped(most)}`,
    got: String(given),
  });
}

function endedBefore(where: string, step: number, steps: number): LockstepError {
  return new LockstepError('usage', {
    where,
    expected: `a step before early stopping ended the training of ${grouped(steps)} steps`,
    got: grouped(step),
  });
}

/** A layer that takes figures over the whole minibatch: a sample by itself is another thing to it. */
const mixes = ({ plan, frozen }: LayerNode) => !frozen && (plan.statistics?.length ?? 0) > 0;

/** Where in an epoch a sample is trained on: the step, from 0; undefined: in none. */
function stepOf(
  { batchSize, seed }: Experiment,
  { network }: Plan,
  data: SharedData,
  trained: Uint32Array,
  sample: number,
  epoch: number,
): number | undefined {
  writeOrder(data, trained, seed, epoch);
  const first = (epoch % 2) * trained.length;
  const place = data.order.subarray(first, first + trained.length).indexOf(sample);
  return place < 0 ? undefined : stepAt(minibatchesOf(batchSize, trained.length, network), place);
}

function stepAt({ size, count }: { size: number; count: number }, place: number): number {
  return Math.min(Math.floor(place / size), count - 1);
}

/** The first step that trains on a sample, from 1; if none does, the first of all. */
function firstStep(
  experiment: Experiment,
  plan: Plan,
  data: SharedData,
  trained: Uint32Array,
  sample: number,
): number {
  const step = stepOf(experiment, plan, data, trained, sample, 1) ?? 0;
  return step < plan.steps ? step + 1 : 1;
}

interface Asked {
  sample: number;
  step: number;
  mixing: LayerNode;
  locate: Locate;
}

/** @throws LockstepError if the step does not train on the sample, and the sample cannot go by itself */
function requireRow(
  experiment: Experiment,
  plan: Plan,
  data: SharedData,
  trained: Uint32Array,
  { sample, step, mixing, locate }: Asked,
): void {
  const { stepsPerEpoch } = plan;
  const epoch = Math.floor((step - 1) / stepsPerEpoch) + 1;
  const own = stepOf(experiment, plan, data, trained, sample, epoch);
  if (own === (step - 1) % stepsPerEpoch) return;
  const { path, config } = mixing;
  throw new LockstepError('usage', {
    where: locate('sample'),
    expected:
      `a sample of step ${grouped(step)}, ` + `because ${config.kind} (${path}) looks at its whole minibatch`,
    got: String(sample + 1),
    hint:
      own === undefined
        ? 'it is held out, and in no step'
        : `it is in step ${grouped((epoch - 1) * stepsPerEpoch + own + 1)}`,
  });
}

function explained(
  experiment: Experiment,
  dataset: Dataset,
  { plan, data, step }: { plan: Plan; data: SharedData; step: number },
  seen: WatchedStep,
): ExplainedStep {
  const { network, stepsPerEpoch, steps } = plan;
  const { epoch, first, rows, sight, place } = seen;
  const index = seen.sample;
  const { features, targets } = dataset.train;
  const [columns, width] = [columnsOf(dataset.features), targetWidth(dataset.targets)];
  const row = rows.indexOf(index);
  const own = minibatchesOf(experiment.batchSize, data.order.length / 2, network);
  const outputs = sight.outputs.at(-1)!;
  return {
    ...{ step, steps, epoch, stepsPerEpoch },
    stepOfEpoch: first + 1,
    learningRate: seen.learningRate,
    minibatch: {
      samples: Array.from(rows, (sample) => sample + 1),
      loss: seen.loss,
      clipped: seen.clipped,
    },
    sample: {
      number: index + 1,
      row: row < 0 ? undefined : row + 1,
      trainedIn: place < 0 ? undefined : (epoch - 1) * stepsPerEpoch + stepAt(own, place) + 1,
      features: Array.from(features.subarray(index * columns, (index + 1) * columns)),
      prepared: sight.x!,
      target: Array.from(targets.subarray(index * width, (index + 1) * width)),
      probabilities: probabilitiesOf(experiment, dataset, outputs),
      predicted: Number.isNaN(sight.predicted) ? undefined : sight.predicted,
      loss: sight.loss,
    },
    layers: layersOf(plan, experiment, seen),
  };
}

function probabilitiesOf(
  { loss }: Experiment,
  { targets }: Dataset,
  outputs: Float64Array,
): Float64Array | undefined {
  const { probabilities } = catalogue.loss.get(loss.kind)!;
  if (!probabilities || targets.kind === 'values') return undefined;
  const turned = outputs.slice();
  probabilities(turned);
  return turned;
}

function layersOf({ network, map }: Plan, experiment: Experiment, seen: WatchedStep): ExplainedLayer[] {
  const { begin } = span(map);
  const { sight, before, after, gradient, own } = seen;
  const slotNames = catalogue.optimizer.get(experiment.optimizer.kind)!.slots(experiment.optimizer);
  const parameter = (p: number): ExplainedParameter => {
    const tensor = network.parameters[p]!;
    const read = (numbers: Numbers, tensors = map.parameters) => {
      const moved = { ...tensors[p]!, offset: tensors[p]!.offset - begin };
      return readNumbers(numbers, [tensor], [moved])[0]!.values;
    };
    const { id, name, shape, frozen } = tensor;
    return {
      ...{ id, name, shape },
      before: read(before),
      gradient: frozen ? undefined : read(gradient),
      own: frozen || !own ? undefined : read(own),
      after: read(after),
      slots: slotNames.map((slot, s) => ({
        name: slot,
        before: read(before, map.slots[s]),
        after: read(after, map.slots[s]),
      })),
    };
  };
  return network.nodes.flatMap(({ role, path, config, frozen, parameters, y }, node) => {
    if (role === 'fork') return [];
    const { columns, shape, maps } = network.values[y]!;
    return {
      ...{ path, kind: role === 'join' ? 'residual' : config.kind, config, frozen },
      shape: shape && maps ? [shape.height, shape.width, shape.channels] : [columns],
      output: sight.outputs[node]!,
      gradient: sight.gradients[node],
      parameters: parameters.map(parameter),
    };
  });
}
