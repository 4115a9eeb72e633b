/**
 * From the description of a model to its plan: which layers, which matrices between them, which parameters.
 *
 * Everything here is pure. Each thread plans the same network from the same experiment, so no shape and no
 * offset ever travels in a message.
 */
import type { KindConfig } from '../contracts/fields.ts';
import type { LayerPlan, ParameterPlan, StatePlan } from '../contracts/layer.ts';
import type { Task } from '../contracts/task.ts';
import { LockstepError } from '../foundation/errors.ts';
import { type Format, type Given, grantFormat } from '../operands/format.ts';
import { catalogue } from './catalogue.ts';
import { assignStorage, type Storage } from './storage.ts';

/** A matrix that a layer reads or writes: the samples, or the output of a layer. (rows, columns) */
export interface ValuePlan extends Given, Storage {
  columns: number;
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
  { inputs, outputs: targets, packable, task }: DataShape,
  locate: Locate,
): Draft {
  const draft: Draft = { nodes: [], values: [], parameters: [], state: [] };
  const { nodes, values, parameters, state } = draft;
  const push = (value: DraftValue) => values.push(value) - 1;

  /** Each of these gives the index of the value that it makes. */
  const planLayer = (config: KindConfig, x: number, path: string): number => {
    const id = path.replaceAll('[', '.').replaceAll(']', '');
    const before = values[x]!;
    if (config.units === 'classes' && task !== 'classes') {
      throw new LockstepError('usage', {
        where: locate(`${path}.units`),
        expected: `a number or \`targets\`, because the data has ${task} to predict`,
        got: '`classes`',
        hint: 'write `units: targets`, or `data.task: classes` if these are classes',
      });
    }
    const plan = catalogue.layer.get(config.kind)!.plan(config, { inputs: before.columns, targets });
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
    checkMeeting(first.columns, second.columns, path, locate);
    const differentiated = first.differentiated || second.differentiated;
    const y = push({ columns: first.columns, samples: false, rectified: false, differentiated });
    nodes.push(structure('join', path, { x: p, y, other: q }, first.columns));
    return y;
  };

  const planList = (list: readonly KindConfig[], x: number, path: string): number =>
    list.reduce((at, config, index) => {
      const paths = pathsOf(config);
      const here = `${path}[${index}]`;
      return paths ? planResidual(paths, at, here) : planLayer(config, at, here);
    }, x);

  planList(
    model,
    push({ columns: inputs, samples: packable, rectified: false, differentiated: false }),
    'model',
  );
  return draft;
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
  const [rows, columns] = plan.shape;
  const id = `${layer}.${plan.name}`;
  if (columns === undefined) return { ...plan, id, frozen, count: rows, format: undefined };
  return { ...plan, id, frozen, count: rows * columns, format };
}

function checkMeeting(layers: number, shortcut: number, path: string, locate: Locate): void {
  if (layers === shortcut) return;
  throw new LockstepError('usage', {
    where: locate(path),
    expected: `layers and shortcut of a residual block to end in as many outputs, ${layers}`,
    got: `${shortcut} from the shortcut`,
    hint: `write \`shortcut: [{ kind: dense, units: ${layers} }]\``,
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
