/** Each kind of layer as nodes of an ONNX graph, as it evaluates: dropout passes everything on. */
import type { KindConfig } from '../../contracts/fields.ts';
import { LockstepError } from '../../foundation/errors.ts';
import type { GraphWriter } from './graph.ts';

/** What a layer's nodes are made of: the names of its input, its parameters and its state in the graph. */
export interface LayerSite {
  graph: GraphWriter;
  /** A wish for names: `model.0`. */
  id: string;
  x: string;
  /** By their names in the plan. */
  parameters: Readonly<Record<string, string>>;
  state: Readonly<Record<string, string>>;
}

/** Writes y = f(x) and returns the name of y. The settings are those of the layer, complete. */
type WriteLayer = (site: LayerSite, settings: Readonly<Record<string, number>>) => string;

const plain =
  (op: string): WriteLayer =>
  ({ graph, id, x }) =>
    graph.node(id, op, [x]);

const writers: Readonly<Record<string, WriteLayer>> = {
  dense: ({ graph, id, x, parameters: { W, b } }) => graph.node(id, 'Gemm', [x, W!, b!]),
  relu: plain('Relu'),
  sigmoid: plain('Sigmoid'),
  tanh: plain('Tanh'),
  'leaky-relu': ({ graph, id, x }, { slope }) =>
    graph.node(id, 'LeakyRelu', [x], { attributes: { alpha: { f: slope! } } }),
  elu: ({ graph, id, x }, { alpha }) => graph.node(id, 'Elu', [x], { attributes: { alpha: { f: alpha! } } }),
  silu: ({ graph, id, x }) => graph.node(id, 'Mul', [x, graph.node(`${id}.sigmoid`, 'Sigmoid', [x])]),
  // x Phi(x) with Phi(x) = (1 + erf(x / sqrt 2)) / 2. An operator for it comes with opset 20.
  gelu({ graph, id, x }) {
    const [root, one, half] = [Math.SQRT2, 1, 0.5].map((value, i) =>
      graph.floats(`${id}.${['root', 'one', 'half'][i]}`, [value]),
    );
    const erf = graph.node(`${id}.erf`, 'Erf', [graph.node(`${id}.scaled`, 'Div', [x, root!])]);
    const twice = graph.node(`${id}.twice`, 'Add', [erf, one!]);
    return graph.node(id, 'Mul', [graph.node(`${id}.x`, 'Mul', [x, half!]), twice]);
  },
  'batch-norm': ({ graph, id, x, parameters: { gamma, beta }, state }, { epsilon }) =>
    graph.node(id, 'BatchNormalization', [x, gamma!, beta!, state.runningMean!, state.runningVariance!], {
      attributes: { epsilon: { f: epsilon! } },
    }),
  'layer-norm': ({ graph, id, x, parameters: { gamma, beta } }, { epsilon }) =>
    graph.node(id, 'LayerNormalization', [x, gamma!, beta!], {
      attributes: { axis: { i: -1 }, epsilon: { f: epsilon! } },
    }),
  dropout: ({ x }) => x,
};

/** The kinds of layers that ONNX files can have. */
export const writtenLayers: readonly string[] = Object.keys(writers);

/** @throws LockstepError `usage` if nobody has said how this kind is written */
export function writeLayer(config: KindConfig, path: string, site: LayerSite): string {
  const write = Object.hasOwn(writers, config.kind) ? writers[config.kind] : undefined;
  if (write) return write(site, config as object as Record<string, number>);
  throw new LockstepError('usage', {
    where: `${path}.kind`,
    expected: `a layer that ONNX knows: ${writtenLayers.join(', ')}`,
    got: JSON.stringify(config.kind),
    hint: 'other formats can hold it',
  });
}
