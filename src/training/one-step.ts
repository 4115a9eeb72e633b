/**
 * One step of a training on given samples, in this thread, that leaves the weights alone: what it is for is
 * the gradient, which is that of the mean loss over the samples, by the very code that trains.
 */
import type { Optimizer } from '../contracts/optimizer.ts';
import type { SampleSet } from '../data/sample-set.ts';
import type { Signature } from '../data/split.ts';
import { planWork } from '../engine/step.ts';
import type { Experiment } from '../experiment/experiment.ts';
import type { Kernels } from '../kernels/kernels.ts';
import { backendOf } from '../model/backends.ts';
import { type MemoryMap, mapMemory } from '../model/memory-map.ts';
import type { NetworkPlan, ParameterTensor } from '../model/network.ts';
import { elementIndex, type Tensor } from '../model/tensor.ts';
import { createControl } from '../sync/control.ts';

/** An optimizer that leaves the weights alone and keeps their average gradient in its one slot. */
export function captureGradient({ elements }: Pick<Kernels, 'elements'>): Optimizer {
  return {
    update({ W, slots: [kept] }, g, { scale }) {
      for (let run = 0; run < W.runs; run++) {
        for (let i = 0; i < W.length; i++) {
          elements[kept!.offset + run * kept!.stride + i] = elements[g + run * W.length + i]! * scale;
        }
      }
    },
  };
}

export interface StepSettings extends Pick<Experiment, 'seed' | 'loss' | 'kernels'> {
  signature: Signature;
  classWeights: readonly number[] | undefined;
  /** All of them are the minibatch. */
  set: SampleSet;
}

/** A step that is ready to run, once the weights and the state have been written. */
export interface PreparedStep {
  elements: Kernels['elements'];
  map: MemoryMap;
  /** Where the entries of a parameter lie, row-major. */
  places: readonly Uint32Array[];
  /** Forward pass, loss and backward pass; or then the gradients of the parameters. */
  run(name: 'rows' | 'parameters'): void;
  /** Runs both: the gradient of the mean loss, row-major, by parameter. */
  gradients(): Float64Array[];
}

export function prepareStep(
  network: NetworkPlan,
  { seed, loss, kernels: name, signature, classWeights, set }: StepSettings,
): PreparedStep {
  const { layout, create, attach } = backendOf(name);
  const map = mapMemory(network, {
    layout,
    rows: set.count,
    samples: 0,
    slots: ['gradient'],
    weighted: classWeights !== undefined,
    threads: 1,
  });
  const kernels = attach(create(map.elements), map.threads[0]!.scratch);
  const { elements } = kernels;
  if (map.classWeights) elements.set(classWeights!, map.classWeights.offset);
  const settings = {
    seed,
    batchSize: set.count,
    loss,
    signature,
    optimizer: captureGradient(kernels),
    decayExempt: 'none',
    clipNorm: 0,
    learningRate: () => 0,
    epochOrder: () => set,
    threads: 1,
  };
  const { begin, phases } = planWork(network, map, kernels, createControl(1), settings, 0);
  begin(1, 0);
  const run = (name: 'rows' | 'parameters') => {
    for (const phase of phases) {
      if ((phase.name === 'parameters') !== (name === 'parameters')) continue;
      for (let block = 0, blocks = phase.begin(); block < blocks; block++) phase.run(block);
    }
  };
  return {
    elements,
    map,
    places: network.parameters.map((parameter, p) => placesOf(parameter, map.parameters[p]!)),
    run,
    gradients() {
      run('rows');
      run('parameters');
      return network.parameters.map((parameter, p) => {
        // Large networks have millions of entries; `from` with a function is ten times as slow.
        const places = placesOf(parameter, map.slots[0]![p]!);
        const gradient = new Float64Array(places.length);
        for (let i = 0; i < places.length; i++) gradient[i] = elements[places[i]!]!;
        return gradient;
      });
    },
  };
}

function placesOf({ shape, count }: ParameterTensor, tensor: Tensor): Uint32Array {
  const columns = shape.at(-1)!;
  const places = new Uint32Array(count);
  for (let i = 0; i < count; i++) places[i] = elementIndex(tensor, Math.floor(i / columns), i % columns);
  return places;
}
