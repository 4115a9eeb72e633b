import type { Optimizer } from '#lockstep/contracts/optimizer.js';
import type { Samples } from '#lockstep/data/dataset.js';
import { type Signature, shapeOf } from '#lockstep/data/split.js';
import { evaluationBlocks } from '#lockstep/engine/evaluate.js';
import { imagesListed } from '#lockstep/engine/memory.js';
import { planWork } from '#lockstep/engine/step.js';
import type { Experiment } from '#lockstep/experiment/experiment.js';
import type { Kernels } from '#lockstep/kernels/kernels.js';
import { backendOf } from '#lockstep/model/backends.js';
import { catalogue, figuresFor } from '#lockstep/model/catalogue.js';
import { mapMemory } from '#lockstep/model/memory-map.js';
import { planNetwork } from '#lockstep/model/network.js';
import type { Tensor } from '#lockstep/model/tensor.js';
import { elementIndex } from '#lockstep/model/tensor.js';
import { initializeState } from '#lockstep/model/weights.js';
import { createControl } from '#lockstep/sync/control.js';

/** The kernels and samples for a network, and what they are. */
export interface InlineSettings {
  kernels: string;
  samples: Samples;
  /** Of pictures with so many classes, by default of one line, or ... */
  classes?: number;
  picture?: readonly [height: number, width: number, channels: number];
  /** ... of whatever this says. */
  signature?: Signature;
  /** By class, what the losses are multiplied by. */
  classWeights?: readonly number[];
  /** Replaces the experiment's optimizer, and gets one slot, "kept". */
  optimizer?: (kernels: Kernels) => Optimizer;
}

/** An experiment's network in this thread. Its samples are one minibatch, run by the phases of a training. */
export function inlineNetwork(
  experiment: Experiment,
  { kernels: name, samples, classes = 0, picture, signature, classWeights, optimizer }: InlineSettings,
) {
  const rows = samples.count;
  const data = signature ?? picturesOf(samples, classes, picture);
  const network = planNetwork(experiment.model, shapeOf(data));
  const kind = catalogue.optimizer.get(experiment.optimizer.kind)!;
  const slots = optimizer ? ['kept'] : kind.slots(experiment.optimizer);
  const clipNorm = experiment.optimizer.clipNorm as number;
  const images = imagesListed(name, { samples: rows });
  const { layout, create, attach } = backendOf(name);
  const map = mapMemory(network, {
    layout,
    rows,
    samples: 0,
    slots,
    images,
    clipped: clipNorm > 0,
    weighted: classWeights !== undefined,
    threads: 1,
  });
  const kernels = attach(create(map.elements), map.threads[0]!.scratch);
  const { elements } = kernels;
  const packed = map.packed?.samples;
  if (packed) kernels.images!.pack(samples.features as Uint8Array, packed, 0);
  if (classWeights) elements.set(classWeights, map.classWeights!.offset);
  initializeState(elements, network.state, map.state);
  const control = createControl(1, 1 + figuresFor(network.task).minibatches.sums(network.outputs));
  const order = Uint32Array.from({ length: rows }, (_, row) => row);
  const settings = {
    seed: experiment.seed,
    batchSize: rows,
    loss: experiment.loss,
    signature: data,
    optimizer: optimizer?.(kernels) ?? kind.build(experiment.optimizer, kernels),
    decayExempt: experiment.optimizer.decayExempt as string,
    clipNorm,
    learningRate: () => experiment.optimizer.learningRate as number,
    epochOrder: () => ({ samples, order, count: rows, packed }),
    threads: 1,
  };
  const { begin, phases, evaluate } = planWork(network, map, kernels, control, settings, 0);

  /** The places of a parameter's elements, or of a slot's, row-major. */
  const places = (tensors: readonly Tensor[], p: number) => {
    const { shape, count } = network.parameters[p]!;
    const columns = shape.at(-1)!;
    return Array.from({ length: count }, (_, i) =>
      elementIndex(tensors[p]!, Math.floor(i / columns), i % columns),
    );
  };
  const read = (tensors: readonly Tensor[]) =>
    network.parameters.map((_, p) => places(tensors, p).map((place) => elements[place]!));

  let epoch = 0;
  return {
    ids: network.parameters.map(({ id }) => id),
    /** Runs one step of the training. Returns the minibatch's mean loss before the update. */
    step(): number {
      control.sums.fill(0);
      // Here an epoch is one step.
      begin(++epoch, 0);
      for (const phase of phases) {
        for (let block = 0, blocks = phase.begin(); block < blocks; block++) phase.run(block);
      }
      return control.sums[0]! / rows;
    },
    /** The logits of the last step, row-major. */
    logits(): number[] {
      const { offset, columns, stride } = map.values.at(-1)!;
      return Array.from(
        { length: rows * columns },
        (_, i) => elements[offset + Math.floor(i / columns) * stride + (i % columns)]!,
      );
    },
    /** The loss of each sample in an evaluation. */
    evaluate(): number[] {
      const set = { samples, order: undefined, count: rows, packed };
      for (let block = 0; block < evaluationBlocks(rows); block++) evaluate(set, block);
      return [...elements.subarray(map.loss.offset, map.loss.offset + rows)];
    },
    /** The state of the layers, by name. */
    state: () =>
      Object.fromEntries(
        network.state.map(({ id, length }, s) => {
          const { offset } = map.state[s]!;
          return [id, [...elements.subarray(offset, offset + length)]];
        }),
      ),
    parameters: () => read(map.parameters),
    slot: () => read(map.slots[0]!),
    setParameters(values: readonly (readonly number[])[]) {
      for (const [p, numbers] of values.entries()) {
        for (const [i, place] of places(map.parameters, p).entries()) elements[place] = numbers[i]!;
      }
    },
  };
}

/** The signature of pictures with classes. */
function picturesOf(
  { features, count }: Samples,
  classes: number,
  shape: readonly [number, number, number] = [1, features.length / count, 1],
): Signature {
  return {
    features: { kind: 'bytes', shape },
    targets: { kind: 'classes', count: classes },
    preparation: { kind: 'pixels' },
    unit: { mean: [0], deviation: [1] },
  };
}
