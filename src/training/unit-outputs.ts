/** What every unit of a network gives for samples, while its weights change: for pictures of it at work. */
import { allocateTargets, type FeatureArray } from '../data/dataset.ts';
import type { Signature } from '../data/split.ts';
import type { Experiment } from '../experiment/experiment.ts';
import { catalogue } from '../model/catalogue.ts';
import type { NetworkPlan } from '../model/network.ts';
import type { Weights } from './events.ts';
import { networkAtWork } from './network-at-work.ts';
import type { Rows } from './trained-model.ts';

/** The outputs of a layer, after the layers that work in its place, such as activations. */
export interface LayerOutputs {
  /** The layer that made them: `model[0]`. */
  path: string;
  units: number;
  /** Of all samples. (count, units) */
  values: Float32Array;
}

export interface UnitOutputs {
  /** Of the layers from front to back; the last are the logits. */
  layers: LayerOutputs[];
  /** How likely each class or flag is; undefined for values. (count, outputs) */
  probabilities: Float64Array | undefined;
}

export interface NetworkView {
  /** Takes over these weights. */
  write(weights: Weights): void;
  /** Takes samples through the network as an evaluation does. */
  outputs(rows: Rows): UnitOutputs;
}

/** A network whose weights are still to be written. */
export function viewNetwork(experiment: Experiment, network: NetworkPlan, signature: Signature): NetworkView {
  const { own, elements, write, each } = networkAtWork(experiment, network, signature);
  const turn =
    network.task === 'values' ? undefined : catalogue.loss.get(experiment.loss.kind)!.probabilities;
  const seen = shownValues(network).map(({ path, value }) => ({ path, matrix: own.values[value]! }));
  const logits = own.values.at(-1)!;
  return {
    write: ({ weights, state }) => write(weights, state),
    outputs({ count, features }) {
      const targets = allocateTargets(count, signature.targets);
      const layers = seen.map(({ path, matrix: { columns } }) => ({
        path,
        units: columns,
        values: new Float32Array(count * columns),
      }));
      const probabilities = turn && new Float64Array(count * network.outputs);
      each({ count, features: features as FeatureArray, targets }, (sample, row) => {
        for (const [i, { matrix }] of seen.entries()) {
          const first = matrix.offset + row * matrix.stride;
          layers[i]!.values.set(elements.subarray(first, first + matrix.columns), sample * matrix.columns);
        }
        if (!probabilities) return;
        const first = logits.offset + row * logits.stride;
        const part = probabilities.subarray(sample * network.outputs, (sample + 1) * network.outputs);
        part.set(elements.subarray(first, first + network.outputs));
        turn!(part);
      });
      return { layers, probabilities };
    },
  };
}

/** One value for each place that layers write to, and the first layer that does. */
function shownValues({ nodes, values }: NetworkPlan): { path: string; value: number }[] {
  const made = nodes.filter(({ role, y }) => role !== 'fork' && !values[y]!.samples);
  const first = made.filter(
    ({ y }, i) => made.findIndex((other) => values[other.y]!.storage === values[y]!.storage) === i,
  );
  return first.map(({ path, y }) => ({ path, value: y }));
}
