/**
 * Proves the hand-written gradients of an experiment's own network: each is compared with difference
 * quotients of the loss, in float64.
 *
 * A quotient is a central difference with one step of Richardson's extrapolation, (4 D(h/2) - D(h)) / 3, the
 * truncation error of which is of order h^4 (Press and others, "Numerical Recipes", 2007, section 5.7).
 *
 * A rectifier has a kink at 0, and a loss that crosses a kink within h has no derivative to compare with.
 * Such a place is found by the loss alone, never by the gradient under test (see `slope`), and is passed
 * over and counted. Biases would put whole samples exactly on a kink, because they start at zero, so every
 * vector gets some seeded noise first; the matrices are as the training draws them.
 */
import { checkDataset } from '../data/check.ts';
import { classWeightsOf } from '../data/class-weights.ts';
import type { Dataset } from '../data/dataset.ts';
import { fitData, shapeOf } from '../data/split.ts';
import type { Experiment } from '../experiment/experiment.ts';
import { checkObject, checkOptions } from '../foundation/check.ts';
import { permutation, type Stream, stream } from '../foundation/random.ts';
import type { Kernels } from '../kernels/kernels.ts';
import { type NetworkPlan, type ParameterTensor, planNetwork } from '../model/network.ts';
import { initializeState, initializeWeights } from '../model/weights.ts';
import { breathe } from '../platform/breath.ts';
import { prepareStep } from './one-step.ts';

export interface GradientOptions {
  /** Samples of the minibatch: 8, or 4 if the network has feature maps. */
  samples?: number;
  /** Tensors up to this size are checked entry by entry: 2000, or fewer in a large network. */
  everyEntryUpTo?: number;
  /** Larger ones along this many random directions, which touch every entry at once: 8, ... */
  directions?: number;
  /** ... and at this many random entries: 200, or fewer in a large network. */
  entries?: number;
  /** The error, see `TensorCheck`, from which on a gradient is wrong. */
  threshold?: number;
  /** Hears of each tensor when it has been checked. */
  onTensor?: (check: TensorCheck) => void;
  /** Hears after each place how many of a tensor's are done, and of how many. */
  onProgress?: (id: string, done: number, of: number) => void;
}

const optionNames: Readonly<Record<keyof GradientOptions, true>> = {
  samples: true,
  everyEntryUpTo: true,
  directions: true,
  entries: true,
  threshold: true,
  onTensor: true,
  onProgress: true,
};

/** What was found for one parameter. */
export interface TensorCheck {
  /** `model.0.W` */
  id: string;
  shape: readonly number[];
  /** For people: `every entry`, or `8 directions and 200 of 100352 entries`. */
  checked: string;
  /**
   * The largest |a - n| / max(|a|, |n|, r), where a is the gradient, n the quotient, and r the root mean
   * square of the tensor's gradient, but at least 1e-4: an entry much smaller than its neighbours cannot be
   * known to six digits from a loss that has sixteen. Along a direction of length 1 a and n are slopes, and
   * r is their usual size.
   */
  error: number;
  /** Places passed over because of a kink. */
  skipped: number;
  /** The error is below the threshold, and at most a tenth of the places was passed over. */
  passed: boolean;
}

export interface GradientReport {
  samples: number;
  threshold: number;
  tensors: TensorCheck[];
  passed: boolean;
}

/** Half the distance over which a quotient is taken: rounding and truncation both stay near 1e-11. */
const usualStep = 2 ** -13;
/**
 * The same for feature maps: a weight that all places share moves thousands of rectifiers and maxima, and the
 * further it goes, the more of them bend.
 */
const shortStep = 2 ** -15;
/** Gradients are not expected to be known better than relative to this. */
const smallest = 1e-4;
/** Standard deviation of the noise on vectors. */
const noise = 0.1;

/** Checks every parameter's gradient on a minibatch drawn from the training images. */
export async function checkGradients(
  experiment: Experiment,
  dataset: Dataset,
  options: GradientOptions = {},
): Promise<GradientReport> {
  checkObject('experiment', experiment, 'an experiment');
  checkDataset(dataset);
  checkOptions('options', options, Object.keys(optionNames));
  const { threshold = 1e-6, onTensor } = options;
  const subject = prepare(experiment, dataset, options.samples);
  const { samples } = subject;
  const scale = Math.min(1, usualSize / subject.size);
  const places = {
    everyEntryUpTo: Math.max(50, Math.round(2000 * scale)),
    directions: 8,
    entries: Math.max(25, Math.round(200 * scale)),
  };
  const tensors: TensorCheck[] = [];
  for (const [index, tensor] of subject.parameters.entries()) {
    if (tensor.frozen) continue;
    const random = stream(experiment.seed, 'gradcheck', tensor.id);
    const check = await checkTensor(subject, index, random, { ...places, ...options, threshold });
    tensors.push(check);
    onTensor?.(check);
    await breathe();
  }
  return { samples, threshold, tensors, passed: tensors.every(({ passed }) => passed) };
}

/** The size of a network that is checked in full; of a larger one, each place takes so much longer. */
const usualSize = 200_000;

/** Parameters; those of windows once for each place, where each takes some four times as long. */
function sizeOf({ nodes, parameters }: NetworkPlan): number {
  const sizes = nodes.map(({ plan, ...node }) =>
    plan.window ? 2 * plan.flops : node.parameters.reduce((sum, p) => sum + parameters[p]!.count, 0),
  );
  return sizes.reduce((sum, size) => sum + size, 0);
}

/** The network under test. */
interface Subject {
  parameters: readonly ParameterTensor[];
  /** See `sizeOf`. */
  size: number;
  samples: number;
  /** Half the distance of a quotient. */
  step: number;
  elements: Kernels['elements'];
  /** Where the entries of a parameter lie, row-major. */
  places: readonly Uint32Array[];
  /** The gradient of the loss, row-major, by parameter. */
  gradients: readonly Float64Array[];
  /** The minibatch's mean loss for the parameters as they are in memory. */
  loss(): number;
}

function prepare(experiment: Experiment, dataset: Dataset, wanted: number | undefined): Subject {
  const { seed, model, loss } = experiment;
  const { train } = dataset;
  const fitted = fitData(experiment, dataset, (path) => path);
  const weights = classWeightsOf(experiment, dataset, fitted.training, (path) => path);
  const network = planNetwork(model, shapeOf(fitted));
  const { parameters } = network;
  const maps = network.values.some(({ maps }) => maps);
  const samples = Math.min(wanted ?? (maps ? 4 : 8), train.count);
  const drawn = permutation(train.count, stream(seed, 'gradcheck', 'samples'));
  const { elements, map, places, ...step } = prepareStep(network, {
    ...{ seed, loss, kernels: 'reference', signature: fitted, classWeights: weights },
    set: { samples: train, order: drawn.subarray(0, samples), count: samples, packed: undefined },
  });

  initializeWeights(elements, parameters, map.parameters, seed);
  initializeState(elements, network.state, map.state);
  for (const [p, { id, shape }] of parameters.entries()) {
    const random = stream(seed, 'gradcheck', 'noise', id);
    if (shape.length === 1) for (const place of places[p]!) elements[place]! += noise * random.normal();
  }

  const gradients = step.gradients();
  return {
    parameters,
    size: sizeOf(network),
    samples,
    step: maps ? shortStep : usualStep,
    elements,
    places,
    gradients,
    loss() {
      step.run('rows');
      let sum = 0;
      for (let row = 0; row < samples; row++) sum += elements[map.loss.offset + row]!;
      return sum / samples;
    },
  };
}

/** Milliseconds for which nothing else is heard. */
const longestBreath = 50;

/** Which places are compared. */
type Places = Required<Pick<GradientOptions, 'everyEntryUpTo' | 'directions' | 'entries' | 'threshold'>> &
  Pick<GradientOptions, 'onProgress'>;

async function checkTensor(
  { parameters, step, elements, places, gradients, loss }: Subject,
  index: number,
  random: Stream,
  { threshold, everyEntryUpTo, directions, entries, onProgress }: Places,
): Promise<TensorCheck> {
  const { id, shape, count } = parameters[index]!;
  const place = places[index]!;
  const gradient = gradients[index]!;
  const before = Float64Array.from(place, (at) => elements[at]!);
  const usual = Math.max(Math.sqrt(dot(gradient, gradient) / count), smallest);
  const atRest = loss();
  let error = 0;
  let compared = 0;
  let skipped = 0;

  /** Compares one slope with its quotient; `move` puts the parameters at a distance. */
  const compare = (expected: number, move: (distance: number) => void): boolean => {
    const along = (distance: number) => {
      move(distance);
      return loss();
    };
    const found = slope(along, atRest, step, (threshold / 2) * usual);
    move(0);
    if (found === undefined) {
      skipped++;
      return false;
    }
    compared++;
    // A gradient that is not a number makes the error NaN for good, which is not below any threshold.
    const largest = Math.max(Math.abs(expected), Math.abs(found), usual);
    error = Math.max(error, Math.abs(expected - found) / largest);
    return true;
  };
  const compareEntry = (i: number) =>
    compare(gradient[i]!, (distance) => {
      elements[place[i]!] = before[i]! + distance;
    });
  const compareDirection = () => {
    const direction = unitVector(count, random);
    return compare(dot(gradient, direction), (distance) => {
      for (let i = 0; i < count; i++) elements[place[i]!] = before[i]! + distance * direction[i]!;
    });
  };

  const whole = count <= everyEntryUpTo;
  let breathed = performance.now();
  /** Signals are heard, and progress is drawn. */
  const tell = async () => {
    onProgress?.(id, compared, whole ? count : directions + entries);
    if (performance.now() - breathed < longestBreath) return;
    await breathe();
    breathed = performance.now();
  };

  let checked = 'every entry';
  if (whole) {
    for (let i = 0; i < count; i++) {
      compareEntry(i);
      await tell();
    }
  } else {
    checked = `${directions} directions and ${entries} of ${count} entries`;
    // What is passed over is drawn again, as long as the tensor can still pass.
    for (let done = 0; done < directions && skipped <= directions; await tell())
      if (compareDirection()) done++;
    for (let done = 0; done < entries && skipped <= entries; await tell())
      if (compareEntry(random.below(count))) done++;
  }
  const passed = error < threshold && skipped <= (compared + skipped) / 10;
  return { id, shape, checked, error, skipped, passed };
}

/**
 * The slope of f at 0, or undefined where f has a kink within `step` of it.
 *
 * Where f is smooth, D(h) - D(h/2) is of order h^2, and the bends B(h) = (f(h) + f(-h) - 2 f(0)) / h and
 * B(h/2) differ by a factor of two but for order h^3. A kink at a distance t < h, over which the slope
 * changes by s, adds s (1 - t/h) / 2 to D(h) and s (1 - t/h) to B(h). Working out both differences for every
 * t shows that whenever both are below `tolerance`, the kink's share in the result is below 7/6 of it.
 */
function slope(
  f: (distance: number) => number,
  atRest: number,
  step: number,
  tolerance: number,
): number | undefined {
  const quotients = (h: number) => {
    const [ahead, behind] = [f(h), f(-h)];
    return { D: (ahead - behind) / (2 * h), B: (ahead - atRest - (atRest - behind)) / h };
  };
  const far = quotients(step);
  const near = quotients(step / 2);
  if (Math.abs(far.D - near.D) > tolerance || Math.abs(far.B - 2 * near.B) > tolerance) return undefined;
  return (4 * near.D - far.D) / 3;
}

function unitVector(length: number, random: Stream): Float64Array {
  const vector = Float64Array.from({ length }, random.normal);
  const norm = Math.sqrt(dot(vector, vector));
  return vector.map((value) => value / norm);
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
}
