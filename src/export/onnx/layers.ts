/** Each kind of layer as nodes of an ONNX graph, as it evaluates: dropout passes everything on. */
import type { KindConfig } from '../../contracts/fields.ts';
import type { LayerPlan } from '../../contracts/layer.ts';
import { LockstepError } from '../../foundation/errors.ts';
import type { GraphWriter } from './graph.ts';
import { writeWindows } from './windows.ts';

/** What a layer's nodes are made of: the names of its input, its parameters and its state in the graph. */
export interface LayerSite {
  graph: GraphWriter;
  /** A wish for names: `model.0`. */
  id: string;
  x: string;
  plan: LayerPlan;
  /** Numbers of a row of x. */
  inputs: number;
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
  // ONNX normalises the second axis. Of feature maps each place becomes a row, so that this is the channel.
  'batch-norm'({ graph, id, x, plan, inputs, parameters: { gamma, beta }, state }, { epsilon }) {
    const channels = plan.parameters[0]!.shape[0];
    const reshaped = (name: string, from: string, columns: number) =>
      graph.node(name, 'Reshape', [from, graph.integers(`${name}.shape`, [-1, columns])]);
    const maps = channels !== inputs;
    const y = graph.node(
      maps ? `${id}.places` : id,
      'BatchNormalization',
      [
        maps ? reshaped(`${id}.channels`, x, channels) : x,
        gamma!,
        beta!,
        state.runningMean!,
        state.runningVariance!,
      ],
      { attributes: { epsilon: { f: epsilon! } } },
    );
    return maps ? reshaped(id, y, inputs) : y;
  },
  'layer-norm': ({ graph, id, x, parameters: { gamma, beta } }, { epsilon }) =>
    graph.node(id, 'LayerNormalization', [x, gamma!, beta!], {
      attributes: { axis: { i: -1 }, epsilon: { f: epsilon! } },
    }),
  dropout: ({ x }) => x,
  flatten: ({ x }) => x,
  conv({ graph, id, x, plan, parameters: { W, b } }) {
    // Ours has the window first: ONNX wants (outputs, inputs, height, width).
    const turned = graph.node(`${id}.W`, 'Transpose', [W!], { attributes: { perm: { ints: [3, 2, 0, 1] } } });
    const given = b === undefined ? [turned] : [turned, b];
    return writeWindows(graph, { id, x, window: plan.window! }, 'Conv', given);
  },
  'max-pool': ({ graph, id, x, plan }) => writeWindows(graph, { id, x, window: plan.window! }, 'MaxPool'),
  'average-pool': ({ graph, id, x, plan }) =>
    writeWindows(graph, { id, x, window: plan.window! }, 'AveragePool'),
  'global-average-pool': ({ graph, id, x, plan }) =>
    writeWindows(graph, { id, x, window: plan.window! }, 'AveragePool'),
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
