/**
 * The outputs of an ONNX graph, made of the network's own: `probabilities` and `label` of classes and flags,
 * `values` in the user's units.
 */
import type { OutputUnit, Targets } from '../../contracts/task.ts';
import { LockstepError } from '../../foundation/errors.ts';
import { batch, type GraphWriter } from './graph.ts';

/** The names of the outputs, which no input may have. */
export const outputNames = ['probabilities', 'label', 'values'] as const;

export interface OutputSite {
  graph: GraphWriter;
  /** The network's outputs. (n, outputs) */
  z: string;
  targets: Targets;
  unit: OutputUnit;
  /** Kind of the loss. */
  loss: string;
  /** Of the classes: texts or whole numbers. */
  names: readonly string[] | readonly number[];
}

export function writeOutputs(site: OutputSite): void {
  const { kind } = site.targets;
  if (kind === 'values') writeValues(site);
  else if (kind === 'flags') writeFlags(site);
  else writeClasses(site);
}

/** value = mean + deviation z */
function writeValues({ graph, z, unit: { mean, deviation } }: OutputSite): void {
  const scaled = graph.node('values.scaled', 'Mul', [z, graph.floats('values.deviation', deviation)]);
  const port = { name: 'values', type: 'float', shape: [batch, mean.length] } as const;
  graph.output(port, 'Add', [scaled, graph.floats('values.mean', mean)]);
}

/** A flag is 1 where it is likelier than not. */
function writeFlags({ graph, z, unit: { mean } }: OutputSite): void {
  const shape = [batch, mean.length];
  graph.output({ name: 'probabilities', type: 'float', shape }, 'Sigmoid', [z]);
  const isLikely = graph.node('label.likely', 'Greater', [z, graph.floats('label.threshold', [0])]);
  graph.output({ name: 'label', type: 'int64', shape }, 'Cast', [isLikely], { attributes: { to: { i: 7 } } });
}

function writeClasses({ graph, z, loss, names }: OutputSite): void {
  const port = { name: 'probabilities', type: 'float', shape: [batch, names.length] } as const;
  const likelihoods = Object.hasOwn(probabilities, loss) ? probabilities[loss] : undefined;
  if (!likelihoods) {
    throw new LockstepError('usage', {
      where: 'loss.kind',
      expected: `a loss of classes that ONNX knows: ${Object.keys(probabilities).join(', ')}`,
      got: JSON.stringify(loss),
    });
  }
  likelihoods(graph, z, names.length, (op, from, attributes = {}) =>
    graph.output(port, op, from, { attributes }),
  );
  // Of several largest outputs, the first is the class, here as in Lockstep.
  const largest = { axis: { i: 1 }, keepdims: { i: 0 } };
  const texts = names.every((name) => typeof name === 'string');
  const label = { name: 'label', type: texts ? 'string' : 'int64', shape: [batch] } as const;
  if (!texts && names.every((name, c) => name === c)) {
    graph.output(label, 'ArgMax', [z], { attributes: largest });
    return;
  }
  const at = graph.node('label.index', 'ArgMax', [z], { attributes: largest });
  const list = texts ? graph.texts('label.names', names) : graph.integers('label.names', names as number[]);
  graph.output(label, 'Gather', [list, at], { attributes: { axis: { i: 0 } } });
}

type Finish = (op: string, inputs: readonly string[], attributes?: Record<string, { i: number }>) => void;

/** By loss: how likely each class is. */
const probabilities: Readonly<
  Record<string, (graph: GraphWriter, z: string, classes: number, finish: Finish) => void>
> = {
  'softmax-cross-entropy': (_graph, z, _classes, finish) => finish('Softmax', [z], { axis: { i: 1 } }),

  // The nearest probabilities are max(z - excess, 0), as src/losses/mean-squared-error.ts has it. The excess
  // is the largest of (the sum of the j largest z, less 1) / j: as long as the next z is above it, it grows.
  'mean-squared-error'(graph, z, classes, finish) {
    const count = graph.integers('probabilities.count', [classes]);
    const sorted = graph.node('probabilities.sorted', 'TopK', [z, count], {
      attributes: { axis: { i: 1 } },
      unread: 'probabilities.order',
    });
    const axis = graph.integers('probabilities.axis', [1]);
    const sums = graph.node('probabilities.sums', 'CumSum', [sorted, axis]);
    const over = graph.node('probabilities.over', 'Sub', [sums, graph.floats('probabilities.1', [1])]);
    const ranks = graph.floats(
      'probabilities.ranks',
      Array.from({ length: classes }, (_, rank) => rank + 1),
    );
    const shares = graph.node('probabilities.shares', 'Div', [over, ranks]);
    const excess = graph.node('probabilities.excess', 'ReduceMax', [shares], {
      attributes: { axes: { ints: [1] }, keepdims: { i: 1 } },
    });
    finish('Relu', [graph.node('probabilities.nearest', 'Sub', [z, excess])]);
  },
};
