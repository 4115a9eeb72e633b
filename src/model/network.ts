/**
 * From the description of a model to its plan: which layers, which matrices between them, which parameters.
 *
 * Everything here is pure. Each thread plans the same network from the same experiment, so no shape and no
 * offset ever travels in a message.
 */

import type { KindConfig } from '../contracts/fields.ts';
import type { LayerPlan, ParameterPlan, StatePlan } from '../contracts/layer.ts';
import { LockstepError } from '../foundation/errors.ts';
import { type PanelWidth, panelSize, roundUp, widestPanel } from '../foundation/shapes.ts';
import { catalogue } from './catalogue.ts';

/** A matrix that a layer reads or writes: the samples, or the output of a layer. (rows, columns) */
export interface ValuePlan {
  columns: number;
  /** Values with the same storage lie in the same place: a layer that works in place shares its input's. */
  storage: number;
  /** The same for its gradient: the ends of two paths that meet have that of their sum. */
  gradient: number;
  /** Read by more than one: not to be written over. */
  shared: boolean;
  /** Whether the loss's gradient with respect to this value is needed. */
  differentiated: boolean;
  /** About half of it is zero: a rectifier made it, see `LayerPlan.zeros`. */
  rectified: boolean;
}

/**
 * A layer, or one end of a residual block: `fork` hands x to two paths, y and `other`, which lie where x lies, and
 * adds their gradients; `join` adds x and `other`, and its gradient is that of both.
 */
export interface LayerNode {
  role: 'layer' | 'fork' | 'join';
  /** The second value of a fork or join. */
  other?: number;
  /** Where in the experiment: `model[0]`. */
  path: string;
  config: KindConfig;
  plan: LayerPlan;
  /** Indices of values. */
  x: number;
  y: number;
  /** Indices of parameters, in the order of the plan. */
  parameters: readonly number[];
  /** Indices of state vectors, likewise. */
  state: readonly number[];
  /** x is the samples themselves. */
  samples: boolean;
}

export interface ParameterTensor extends ParameterPlan {
  /** Unique: `model.0.W`. */
  id: string;
  /** Columns a panel for a matrix; undefined for a vector. */
  width: PanelWidth | undefined;
  /** Numbers in it, as shape says. */
  count: number;
  /** Elements of memory, padding included. */
  size: number;
  /** Of a layer that reads the samples. */
  samples: boolean;
}

/** A vector of state. */
export interface StateTensor extends StatePlan {
  /** Unique: `model.1.runningMean`. */
  id: string;
  shape: readonly [length: number];
}

export interface NetworkPlan {
  /** Pixels a sample. */
  inputs: number;
  classes: number;
  /** In order of the forward pass. */
  nodes: readonly LayerNode[];
  /** values[0] are the samples, the last one the logits. */
  values: readonly ValuePlan[];
  storages: number;
  parameters: readonly ParameterTensor[];
  state: readonly StateTensor[];
  /** All that read the samples can do so from their pixels. */
  readsPixels: boolean;
}

/** A residual block as it stands in a resolved experiment: y = layers(x) + shortcut(x). */
export interface ResidualConfig {
  layers: readonly KindConfig[];
  /** Empty: x itself. */
  shortcut: readonly KindConfig[];
}

/** The two paths of a residual block; undefined for a layer. */
export function pathsOf(config: KindConfig): ResidualConfig | undefined {
  return config.kind === 'residual' ? (config as unknown as ResidualConfig) : undefined;
}

/** What the network is fed: the shape of the data. */
export interface DataShape {
  inputs: number;
  classes: number;
}

/** Turns a path into the experiment into what a person finds: `file:line:column path`. */
export type Locate = (path: string) => string;

/** Plans the model for data of this shape. Throws a LockstepError where a shape cannot fit. */
export function planNetwork(
  model: readonly KindConfig[],
  { inputs, classes }: DataShape,
  locate: Locate = (path) => path,
): NetworkPlan {
  const values: ValuePlan[] = [
    { columns: inputs, storage: 0, gradient: 0, rectified: false, shared: true, differentiated: false },
  ];
  const nodes: LayerNode[] = [];
  const parameters: ParameterTensor[] = [];
  const state: StateTensor[] = [];
  let storages = 1;
  let gradients = 1;
  const push = (value: ValuePlan) => values.push(value) - 1;

  /** Plans one layer on a value, and gives the value it makes. `last`: its gradient is another path's too. */
  const planLayer = (config: KindConfig, x: number, path: string, last: boolean): number => {
    const id = path.replaceAll('[', '.').replaceAll(']', '');
    const before = values[x]!;
    const plan = catalogue.layer.get(config.kind)!.plan(config, { inputs: before.columns, classes });
    const samples = before.storage === 0;

    const first = parameters.length;
    for (const parameter of plan.parameters) {
      parameters.push(tensor(`${id}.${parameter.name}`, parameter, samples, before.rectified));
    }
    const firstState = state.length;
    for (const vector of plan.state ?? []) {
      state.push({ ...vector, id: `${id}.${vector.name}`, shape: [vector.length] });
    }
    // The layer before must not need its output again, and what others read is not to be written over.
    const needed = nodes.some(({ y, plan }) => y === x && plan.reads.y);
    const inPlace = plan.inPlace && !before.shared && !needed && !last;
    const y = push({
      columns: plan.outputs,
      storage: inPlace ? before.storage : storages++,
      gradient: inPlace ? before.gradient : gradients++,
      rectified: plan.zeros === 'makes' || (plan.zeros === 'keeps' && before.rectified),
      shared: false,
      differentiated: before.differentiated || plan.parameters.length > 0,
    });
    nodes.push({
      role: 'layer',
      path,
      config,
      plan,
      x,
      y,
      parameters: plan.parameters.map((_, i) => first + i),
      state: (plan.state ?? []).map((_, i) => firstState + i),
      samples,
    });
    return y;
  };

  const structure = (role: 'fork' | 'join', path: string, x: number, y: number, other: number) => {
    const { columns } = values[y]!;
    const plan = {
      outputs: columns,
      parameters: [],
      reads: { x: false, y: false },
      inPlace: role === 'fork',
      flops: role === 'join' ? columns : 0,
    };
    nodes.push({
      role,
      path,
      config: { kind: role },
      plan,
      x,
      y,
      other,
      parameters: [],
      state: [],
      samples: false,
    });
  };

  const planResidual = ({ layers, shortcut }: ResidualConfig, x: number, path: string): number => {
    const branch = () => push({ ...values[x]!, gradient: gradients++, shared: true });
    const [a, b] = [branch(), branch()];
    structure('fork', path, x, a, b);
    const p = planList(layers, a, `${path}.layers`, true);
    const q = planList(shortcut, b, `${path}.shortcut`, true);
    const [first, second] = [values[p]!, values[q]!];
    if (first.columns !== second.columns) {
      throw new LockstepError('usage', {
        where: locate(path),
        expected: `layers and shortcut of a residual block to end in as many outputs, ${first.columns}`,
        got: `${second.columns} from the shortcut`,
        hint: `write \`shortcut: [{ kind: dense, units: ${first.columns} }]\``,
      });
    }
    const y = push({
      columns: first.columns,
      storage: storages++,
      gradient: gradients++,
      rectified: false,
      shared: false,
      differentiated: first.differentiated || second.differentiated,
    });
    const meeting = [first.gradient, second.gradient];
    for (const value of values) {
      if (value.differentiated && meeting.includes(value.gradient)) value.gradient = values[y]!.gradient;
    }
    structure('join', path, p, y, q);
    return y;
  };

  /** `inner`: a path of a residual block, at the end of which the gradient is the other path's too. */
  const planList = (list: readonly KindConfig[], x: number, path: string, inner: boolean): number =>
    list.reduce((at, config, index) => {
      const paths = pathsOf(config);
      return paths
        ? planResidual(paths, at, `${path}[${index}]`)
        : planLayer(config, at, `${path}[${index}]`, inner && index === list.length - 1);
    }, x);
  planList(model, 0, 'model', false);

  const outputs = values.at(-1)!.columns;
  if (outputs !== classes) {
    const [first, ...others] = lastUnits(model, 'model');
    const also = others.length > 0 ? ` here and in ${others.join(' and ')}` : '';
    throw new LockstepError('usage', {
      where: locate(first ?? 'model'),
      expected: `the network to end in ${classes} outputs, one for each class of the data`,
      got: String(outputs),
      hint: first ? `write \`units: classes\`${also}` : 'end with a dense layer of `units: classes`',
    });
  }
  if (parameters.length === 0) {
    throw new LockstepError('usage', {
      where: locate('model'),
      expected: 'at least one layer that learns, such as dense',
      got: model.map((config) => config.kind).join(', '),
    });
  }
  const readsPixels = nodes.every(({ role, plan, samples, x, other }) => {
    if (role === 'join') return values[x]!.storage !== 0 && values[other!]!.storage !== 0;
    return role === 'fork' || !samples || plan.readsPixels === true;
  });
  return { inputs, classes, nodes, values, storages, parameters, state, readsPixels };
}

/**
 * The settings that say how many outputs a list of layers ends in: one, or at the end of a residual block one for each of
 * its paths; none where a path has the width of its input.
 */
function lastUnits(list: readonly KindConfig[], path: string): string[] {
  for (let i = list.length - 1; i >= 0; i--) {
    const config = list[i]!;
    if ('units' in config) return [`${path}[${i}].units`];
    const paths = pathsOf(config);
    if (!paths) continue;
    const layers = lastUnits(paths.layers, `${path}[${i}].layers`);
    const shortcut = lastUnits(paths.shortcut, `${path}[${i}].shortcut`);
    if (layers.length > 0 && shortcut.length > 0) return [...layers, ...shortcut];
    if (layers.length > 0 || shortcut.length > 0) return [];
  }
  return [];
}

function tensor(id: string, plan: ParameterPlan, samples: boolean, rectified: boolean): ParameterTensor {
  const [rows, columns] = plan.shape;
  if (columns === undefined) {
    return { ...plan, id, samples, width: undefined, count: rows, size: roundUp(rows, widestPanel) };
  }
  const width = samples || (rectified && worthSkipping(columns)) ? 32 : 8;
  return { ...plan, id, samples, width, count: rows * columns, size: panelSize({ rows, columns, width }) };
}

/**
 * Whether a dense layer of so many units, of whose inputs half are zero, is faster if it skips them. The list of what is not zero takes
 * as long as the products with 16 columns, and all panels have 32.
 */
function worthSkipping(units: number): boolean {
  return units >= 64 && roundUp(units, 32) <= 1.2 * units;
}

/** How many numbers the network learns. */
export function parameterCount({ parameters }: NetworkPlan): number {
  return parameters.reduce((sum, { count }) => sum + count, 0);
}

/** Multiplications and additions of the forward pass, a sample, every input counted. */
export function forwardFlops({ nodes }: NetworkPlan): number {
  return nodes.reduce((sum, { plan }) => sum + plan.flops, 0);
}
