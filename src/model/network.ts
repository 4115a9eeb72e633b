/**
 * From the description of a model to its plan: which layers, which matrices between them, which parameters.
 *
 * Everything here is pure. Each thread plans the same network from the same experiment, so no shape and no
 * offset ever travels in a message.
 */
import type { KindConfig } from '../contracts/fields.ts';
import type { LayerInput, LayerPlan, ParameterPlan, StatePlan } from '../contracts/layer.ts';
import type { Task } from '../contracts/task.ts';
import { shapeText } from '../contracts/windows.ts';
import { LockstepError } from '../foundation/errors.ts';
import { matrixOf } from '../foundation/shapes.ts';
import type { ImageShape } from '../foundation/window.ts';
import { type Format, type Given, grantFormat } from '../operands/format.ts';
import { catalogue } from './catalogue.ts';
import { assignStorage, type Storage } from './storage.ts';

/** A matrix that a layer reads or writes: the samples, or the output of a layer. (rows, columns) */
export interface ValuePlan extends Given, Storage {
  columns: number;
  /** The image that a row is; undefined: a vector. */
  shape: ImageShape | undefined;
  /** A convolution or a pool made it, or what it is made of number by number. */
  maps: boolean;
  /** Whether the loss's gradient with respect to this value is needed. */
  differentiated: boolean;
}

/**
 * A layer, or one end of a residual block: `fork` hands x to two paths, y and `other`, which lie where x
 * lies, and adds their gradients; `join` adds x and `other`, and its gradient is that of both.
 */
export interface LayerNode {
  role: 'layer' | 'fork' | 'join';
  /** The second value of a fork or join. */
  other?: number;
  /** Where in the experiment: `model[0]`. */
  path: string;
  config: KindConfig;
  plan: LayerPlan;
  /** It has parameters, but none is updated, and its state stays. */
  frozen: boolean;
  /** Indices of values. */
  x: number;
  y: number;
  /** Indices of parameters, in the order of the plan. */
  parameters: readonly number[];
  /** Indices of state vectors, likewise. */
  state: readonly number[];
  /** In which form its products get x. */
  format: Format;
}

export interface ParameterTensor extends ParameterPlan {
  /** Unique: `model.0.W`. */
  id: string;
  /** Numbers in it, as shape says. */
  count: number;
  /** Its layer is frozen. */
  frozen: boolean;
  /** Of the product that reads it; undefined for a vector. */
  format: Format | undefined;
}

/** A vector of state. */
export interface StateTensor extends StatePlan {
  /** Unique: `model.1.runningMean`. */
  id: string;
  shape: readonly [length: number];
}

export interface NetworkPlan {
  /** Numbers of a sample as the network reads it. */
  inputs: number;
  outputs: number;
  task: Task;
  /** In order of the forward pass. */
  nodes: readonly LayerNode[];
  /** values[0] are the samples, the last one the logits. */
  values: readonly ValuePlan[];
  parameters: readonly ParameterTensor[];
  state: readonly StateTensor[];
  /** All that read the samples read them as an operand, so that they can come as lists of pixels. */
  readsLists: boolean;
}

/** A residual block as it stands in a resolved experiment: y = layers(x) + shortcut(x). */
export interface ResidualConfig {
  layers: readonly KindConfig[];
  /** Empty: x itself. */
  shortcut: readonly KindConfig[];
}

/** The two paths of a residual block; undefined for a layer. */
export function pathsOf(config: KindConfig): ResidualConfig | undefined {
  return config.kind === 'residual' ? (config as object as ResidualConfig) : undefined;
}

/** What the network is fed, and what it is asked for. */
export interface DataShape {
  inputs: number;
  outputs: number;
  task: Task;
  /** The samples are bytes, of which lists of pixels can be made. */
  packable: boolean;
  /** The picture that a sample is; left out: a row of a table. */
  shape?: ImageShape;
}

/** Turns a path into the experiment into what a person finds: `file:line:column path`. */
export type Locate = (path: string) => string;

/** Plans the model for data of this shape. Throws a LockstepError if a shape cannot fit. */
export function planNetwork(
  model: readonly KindConfig[],
  shape: DataShape,
  locate: Locate = (path) => path,
): NetworkPlan {
  const draft = draftNetwork(model, shape, locate);
  checkOutputs(model, draft, shape, locate);
  checkLearns(model, draft, locate);
  const storage = assignStorage(draft.values.length, draft.nodes, draft.values);
  const values = draft.values.map((value, index) => ({ ...value, ...storage[index]! }));
  const readsLists = draft.nodes.every(({ role, plan, x, other }) => {
    if (role === 'join') return !values[x]!.samples && !values[other!]!.samples;
    return role === 'fork' || !values[x]!.samples || plan.reads.x === 'operand';
  });
  const { inputs, outputs, task } = shape;
  return { inputs, outputs, task, ...draft, values, readsLists: shape.packable && readsLists };
}

/** A value before it is known where it lies. */
type DraftValue = Omit<ValuePlan, keyof Storage>;

interface Draft {
  nodes: LayerNode[];
  values: DraftValue[];
  parameters: ParameterTensor[];
  state: StateTensor[];
}

/** Goes through the model from front to back; every layer makes a value of the one before. */
function draftNetwork(
  model: readonly KindConfig[],
  { inputs, outputs: targets, packable, shape, task }: DataShape,
  locate: Locate,
): Draft {
  const draft: Draft = { nodes: [], values: [], parameters: [], state: [] };
  const { nodes, values, parameters, state } = draft;
  const push = (value: DraftValue) => values.push(value) - 1;

  /** Each of these gives the index of the value that it makes. */
  const planLayer = (config: KindConfig, x: number, path: string): number => {
    const id = path.replaceAll('[', '.').replaceAll(']', '');
    const before = values[x]!;
    for (const setting of ['units', 'channels']) {
      if (config[setting] !== 'classes' || task === 'classes') continue;
      throw new LockstepError('usage', {
        where: locate(`${path}.${setting}`),
        expected: `a number or \`targets\`, because the data has ${task} to predict`,
        got: '`classes`',
        hint: `write \`${setting}: targets\`, or \`data.task: classes\` if these are classes`,
      });
    }
    const input = { inputs: before.columns, shape: before.shape, maps: before.maps, targets };
    const plan = planOne(config, input, path, draft, locate);
    const format = plan.reads.x === 'operand' ? grantFormat(before, plan.outputs) : 'dense';
    const frozen = config.freeze === true;
    const learns = plan.parameters.length > 0 && !frozen;
    const first = parameters.length;
    for (const parameter of plan.parameters) parameters.push(tensorOf(id, parameter, format, frozen));
    const firstState = state.length;
    for (const vector of plan.state ?? []) {
      state.push({ ...vector, id: `${id}.${vector.name}`, shape: [vector.length] });
    }
    const y = push({
      columns: plan.outputs,
      ...(plan.shape === 'kept'
        ? { shape: before.shape, maps: before.maps }
        : { shape: plan.shape, maps: plan.shape !== undefined }),
      samples: false,
      rectified: plan.zeros === 'makes' || (plan.zeros === 'keeps' && before.rectified),
      differentiated: before.differentiated || learns,
    });
    nodes.push({
      role: 'layer',
      path,
      config,
      plan,
      frozen,
      x,
      y,
      parameters: plan.parameters.map((_, i) => first + i),
      state: (plan.state ?? []).map((_, i) => firstState + i),
      format,
    });
    return y;
  };

  const planResidual = ({ layers, shortcut }: ResidualConfig, x: number, path: string): number => {
    const [a, b] = [push({ ...values[x]! }), push({ ...values[x]! })];
    nodes.push(structure('fork', path, { x, y: a, other: b }, values[x]!.columns));
    const p = planList(layers, a, `${path}.layers`);
    const q = planList(shortcut, b, `${path}.shortcut`);
    const [first, second] = [values[p]!, values[q]!];
    checkMeeting(first, second, path, locate);
    const y = push({
      columns: first.columns,
      // What is an image by one path only is no image.
      shape: second.shape && first.shape,
      maps: first.maps || second.maps,
      samples: false,
      rectified: false,
      differentiated: first.differentiated || second.differentiated,
    });
    nodes.push(structure('join', path, { x: p, y, other: q }, first.columns));
    return y;
  };

  const planList = (list: readonly KindConfig[], x: number, path: string): number =>
    list.reduce((at, config, index) => {
      const paths = pathsOf(config);
      const here = `${path}[${index}]`;
      return paths ? planResidual(paths, at, here) : planLayer(config, at, here);
    }, x);

  const samples = { samples: packable, rectified: false, differentiated: false };
  planList(model, push({ columns: inputs, shape, maps: false, ...samples }), 'model');
  return draft;
}

/** The plan of one layer. What does not fit is told with its place, and the sizes up to there. */
function planOne(
  config: KindConfig,
  input: LayerInput,
  path: string,
  { nodes, values }: Draft,
  locate: Locate,
): LayerPlan {
  try {
    return catalogue.layer.get(config.kind)!.plan(config, input);
  } catch (error) {
    const complaint = error instanceof LockstepError ? error.complaint : undefined;
    if (!complaint) throw error;
    const { where, hint } = complaint;
    const made = nodes.flatMap(({ role, path, config, y }) =>
      role === 'layer' ? [`${path} ${config.kind} ${sizeText(values[y]!)}`] : [],
    );
    const sizes = `sizes: ${[`samples ${sizeText(values[0]!)}`, ...made].join(', ')}`;
    throw new LockstepError('usage', {
      ...complaint,
      where: locate(where ? `${path}.${where}` : path),
      hint: hint ? `${hint}; ${sizes}` : sizes,
    });
  }
}

/** The size of a row: `28 x 28 x 1`, or of a vector `128`. */
export function sizeText({ columns, shape }: Pick<ValuePlan, 'columns' | 'shape'>): string {
  return shape ? shapeText(shape) : String(columns);
}

/** One end of a residual block. */
function structure(
  role: 'fork' | 'join',
  path: string,
  at: { x: number; y: number; other: number },
  columns: number,
): LayerNode {
  const plan = {
    outputs: columns,
    parameters: [],
    reads: { x: false, y: false },
    inPlace: role === 'fork',
    flops: role === 'join' ? columns : 0,
  };
  const nothing = { frozen: false, parameters: [], state: [], format: 'dense' } as const;
  return { role, path, config: { kind: role }, plan, ...at, ...nothing };
}

function tensorOf(layer: string, plan: ParameterPlan, format: Format, frozen: boolean): ParameterTensor {
  const id = `${layer}.${plan.name}`;
  const matrix = matrixOf(plan.shape);
  if (!matrix) return { ...plan, id, frozen, count: plan.shape[0], format: undefined };
  return { ...plan, id, frozen, count: matrix.rows * matrix.columns, format };
}

function checkMeeting(layers: DraftValue, shortcut: DraftValue, path: string, locate: Locate): void {
  const [a, b] = [layers.shape, shortcut.shape];
  if (a && b) {
    if (shapeText(a) === shapeText(b)) return;
    const [down, right] = [Math.round(b.height / a.height), Math.round(b.width / a.width)];
    const stride = down === right ? String(down) : `[${down}, ${right}]`;
    const fits = Math.ceil(b.height / down) === a.height && Math.ceil(b.width / right) === a.width;
    const steps = stride === '1' ? '' : `, stride: ${stride}`;
    const one = `{ kind: conv, channels: ${a.channels}, kernel: 1${steps} }`;
    throw new LockstepError('usage', {
      where: locate(path),
      expected: `layers and shortcut of a residual block to end in the same shape, ${shapeText(a)}`,
      got: `${shapeText(b)} from the shortcut`,
      ...(fits ? { hint: `end the shortcut with \`${one}\`` } : {}),
    });
  }
  if (layers.columns === shortcut.columns) return;
  throw new LockstepError('usage', {
    where: locate(path),
    expected: `layers and shortcut of a residual block to end in as many outputs, ${layers.columns}`,
    got: `${shortcut.columns} from the shortcut`,
    hint: `write \`shortcut: [{ kind: dense, units: ${layers.columns} }]\``,
  });
}

function checkOutputs(
  model: readonly KindConfig[],
  { values }: Draft,
  { outputs: targets, task }: DataShape,
  locate: Locate,
): void {
  const outputs = values.at(-1)!.columns;
  const [first, ...others] = lastUnits(model, 'model');
  if (outputs === targets) return;
  const also = others.length > 0 ? ` here and in ${others.join(' and ')}` : '';
  const units = task === 'classes' ? 'classes' : 'targets';
  const each = { classes: 'class of the data', values: 'column to predict', flags: 'flag' }[task];
  throw new LockstepError('usage', {
    where: locate(first ?? 'model'),
    expected: `the network to end in ${targets} outputs, one for each ${each}`,
    got: String(outputs),
    hint: first ? `write \`units: ${units}\`${also}` : `end with a dense layer of \`units: ${units}\``,
  });
}

function checkLearns(model: readonly KindConfig[], { parameters }: Draft, locate: Locate): void {
  if (parameters.some(({ frozen }) => !frozen)) return;
  if (parameters.length > 0) {
    throw new LockstepError('usage', {
      where: locate('model'),
      expected: 'at least one layer that learns',
      got: '`freeze: true` in all of them',
    });
  }
  throw new LockstepError('usage', {
    where: locate('model'),
    expected: 'at least one layer that learns, such as dense',
    got: model.map((config) => config.kind).join(', '),
  });
}

/**
 * The settings that say how many outputs a list of layers ends in: one, or at the end of a residual block one
 * for each of its paths; none if a path has the width of its input.
 */
function lastUnits(list: readonly KindConfig[], path: string): string[] {
  for (let i = list.length - 1; i >= 0; i--) {
    const config = list[i]!;
    if ('units' in config) return [`${path}[${i}].units`];
    if ('channels' in config) return [];
    const paths = pathsOf(config);
    if (!paths) continue;
    const layers = lastUnits(paths.layers, `${path}[${i}].layers`);
    const shortcut = lastUnits(paths.shortcut, `${path}[${i}].shortcut`);
    if (layers.length > 0 && shortcut.length > 0) return [...layers, ...shortcut];
    if (layers.length > 0 || shortcut.length > 0) return [];
  }
  return [];
}

/** How many numbers the network learns. */
export function parameterCount({ parameters }: NetworkPlan): number {
  return parameters.reduce((sum, { count }) => sum + count, 0);
}

/** Multiplications and additions of the forward pass, a sample, every input counted. */
export function forwardFlops({ nodes }: NetworkPlan): number {
  return nodes.reduce((sum, { plan }) => sum + plan.flops, 0);
}
