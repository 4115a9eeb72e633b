/** How large the weights are, tensor by tensor, and the gradients at these weights. */
import type { Samples } from '../data/dataset.ts';
import { forwardFlops } from '../model/network.ts';
import { writeNumbers } from '../model/weights.ts';
import type { TrainedNetwork } from '../run/read-trained.ts';
import { prepareStep } from '../training/one-step.ts';

/** The size of the entries of a tensor. */
export interface Size {
  /** The root of the sum of their squares. */
  norm: number;
  /** The root of the mean of their squares. */
  rms: number;
}

export interface TensorSizes {
  /** `model.0.W` */
  id: string;
  shape: readonly number[];
  frozen: boolean;
  weights: Size;
  /** Undefined if it is not known, or if the tensor is frozen. */
  gradient: Size | undefined;
}

export interface Norms {
  /** In the order of the network. */
  tensors: readonly TensorSizes[];
  /** Test samples whose mean loss the gradients are of; 0: they were not computed. */
  samples: number;
}

/** The most samples, and the most multiplications and additions, some tenths of a second. */
const [mostSamples, mostFlops] = [256, 1.5e9];

/** Fewer samples would say little, and cannot be normalised over the minibatch. */
const leastSamples = 16;

/**
 * @param test the gradient is that of the mean loss over its first samples; undefined: there is none
 */
export function normsOf(trained: TrainedNetwork, test: Samples | undefined): Norms {
  const { network, parameters } = trained;
  // Forward, gradient of the inputs, gradient of the weights.
  const affordable = Math.floor(mostFlops / (3 * Math.max(1, forwardFlops(network))));
  const samples = Math.min(mostSamples, test?.count ?? 0, affordable);
  const gradients = samples < leastSamples ? undefined : gradientsOf(trained, test!, samples);
  const tensors = network.parameters.map(({ id, shape, frozen }, p) => ({
    id,
    shape,
    frozen,
    weights: sizeOf(parameters[p]!.values),
    gradient: frozen || !gradients ? undefined : sizeOf(gradients[p]!),
  }));
  return { tensors, samples: gradients ? samples : 0 };
}

function gradientsOf(trained: TrainedNetwork, test: Samples, count: number): Float64Array[] {
  const { network, experiment, signature, classWeights, parameters, state } = trained;
  const { seed, loss, kernels } = experiment;
  const order = Uint32Array.from({ length: count }, (_, i) => i);
  const set = { samples: test, order, count, packed: undefined };
  const step = prepareStep(network, { seed, loss, kernels, signature, classWeights, set });
  writeNumbers(step.elements, network.parameters, step.map.parameters, parameters);
  writeNumbers(step.elements, network.state, step.map.state, state);
  return step.gradients();
}

function sizeOf(values: ArrayLike<number>): Size {
  let squares = 0;
  for (let i = 0; i < values.length; i++) squares += values[i]! * values[i]!;
  return { norm: Math.sqrt(squares), rms: Math.sqrt(squares / Math.max(1, values.length)) };
}
