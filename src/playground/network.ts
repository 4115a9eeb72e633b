/** The network of a training, as pictures of it read it. */

import type { Experiment, SteppedTraining, Weights } from 'lockstep/browser';
import { type Dataset, type NetworkView, type UnitOutputs, viewNetwork } from 'lockstep/browser';

/** W of a dense layer. (inputs, units), row-major */
export interface Matrix {
  inputs: number;
  units: number;
  values: Float32Array;
}

/** What the units of a layer give for each sample, after normalisation and activation. (count, units) */
export interface Outputs {
  units: number;
  values: ArrayLike<number>;
}

/** How samples went through the network. */
export interface Pass {
  /** Of each hidden layer, from front to back. */
  hidden: Outputs[];
  /** (count, classes) */
  probabilities: Outputs;
}

export interface ShownNetwork {
  dataset: Dataset;
  training: SteppedTraining;
  /** Names of the classes. */
  classes: readonly string[];
  /** Units of the input, of each hidden layer, and of the output. */
  widths: readonly number[];
  /** Takes the weights as they are now, and returns those of the dense layers, from front to back. */
  refresh(): Matrix[];
  /** Takes samples through, with the weights of the last `refresh`. Raw numbers. (count, columns) */
  pass(features: Uint8Array | Float64Array): Pass;
}

export function showNetwork(
  experiment: Experiment,
  dataset: Dataset,
  training: SteppedTraining,
): ShownNetwork {
  const { network } = training.plan;
  const view: NetworkView = viewNetwork(experiment, network, training.signature);
  const columns = dataset.features.shape.reduce<number>((product, size) => product * size, 1);
  const dense = experiment.model.flatMap(({ kind }, index) => (kind === 'dense' ? [index] : []));
  const { targets } = dataset;
  const names = targets.kind === 'classes' ? targets.names : undefined;
  const classes = names ?? Array.from({ length: network.outputs }, (_, label) => String(label));
  const matrices = ({ weights }: Weights) =>
    weights.flatMap(({ shape: [inputs, units], values }) =>
      units === undefined ? [] : [{ inputs: inputs!, units, values }],
    );
  return {
    dataset,
    training,
    classes,
    widths: [columns, ...matrices(training.weights()).map(({ units }) => units)],
    refresh() {
      const weights = training.weights();
      view.write(weights);
      return matrices(weights);
    },
    pass(features) {
      const passed = view.outputs({ count: features.length / columns, features });
      const probabilities = { units: network.outputs, values: passed.probabilities! };
      return { hidden: hiddenOf(passed, dense), probabilities };
    },
  };
}

/** Of each hidden layer what is last written before the next dense layer reads it. */
function hiddenOf({ layers }: UnitOutputs, dense: readonly number[]): Outputs[] {
  const place = (path: string) => Number(/\d+/.exec(path)![0]);
  return dense.slice(1).map((next) => layers.findLast(({ path }) => place(path) < next)!);
}
