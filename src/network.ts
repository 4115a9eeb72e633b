/**
 * From the description of a model to its plan: which layers, which matrices between them, which parameters.
 *
 * Everything here is pure. Each thread plans the same network from the same experiment, so no shape and no
 * offset ever travels in a message.
 */
import { catalogue } from './catalogue.ts';
import type { KindConfig } from './contracts/fields.ts';
import type { LayerPlan, ParameterPlan, StatePlan } from './contracts/layer.ts';
import { LockstepError } from './foundation/errors.ts';
import { type PanelWidth, panelSize, roundUp, widestPanel } from './foundation/shape.ts';

/** A matrix that a layer reads or writes: the samples, or the output of a layer. (rows, columns) */
export interface ValuePlan {
  columns: number;
  /** Values with the same storage lie in the same place: a layer that works in place shares its input's. */
  storage: number;
  /** Whether the loss's gradient with respect to this value is needed. */
  differentiated: boolean;
}

export interface LayerNode {
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
  /** x is the samples themselves: mostly zeros. */
  sparse: boolean;
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
  const values: ValuePlan[] = [{ columns: inputs, storage: 0, differentiated: false }];
  const nodes: LayerNode[] = [];
  const parameters: ParameterTensor[] = [];
  const state: StateTensor[] = [];
  let storages = 1;

  for (const [index, config] of model.entries()) {
    const path = `model[${index}]`;
    const x = values.length - 1;
    const before = values[x]!;
    const plan = catalogue.layer.get(config.kind)!.plan(config, { inputs: before.columns, classes });
    const sparse = x === 0;

    const first = parameters.length;
    for (const parameter of plan.parameters) {
      parameters.push(tensor(`model.${index}.${parameter.name}`, parameter, sparse));
    }
    const firstState = state.length;
    for (const vector of plan.state ?? []) {
      state.push({ ...vector, id: `model.${index}.${vector.name}`, shape: [vector.length] });
    }
    // The layer before must not need its output again, and the samples are not to be written over.
    const inPlace = plan.inPlace && x > 0 && !nodes[x - 1]!.plan.reads.y;
    values.push({
      columns: plan.outputs,
      storage: inPlace ? before.storage : storages++,
      differentiated: before.differentiated || plan.parameters.length > 0,
    });
    nodes.push({
      path,
      config,
      plan,
      x,
      y: x + 1,
      parameters: plan.parameters.map((_, i) => first + i),
      state: (plan.state ?? []).map((_, i) => firstState + i),
      sparse,
    });
  }

  const outputs = values.at(-1)!.columns;
  if (outputs !== classes) {
    const last = model.findLastIndex((config) => 'units' in config);
    throw new LockstepError('usage', {
      where: locate(last < 0 ? 'model' : `model[${last}].units`),
      expected: `the network to end in ${classes} outputs, one for each class of the data`,
      got: String(outputs),
      hint: last < 0 ? 'end with a dense layer of `units: classes`' : 'write `units: classes`',
    });
  }
  if (parameters.length === 0) {
    throw new LockstepError('usage', {
      where: locate('model'),
      expected: 'at least one layer that learns, such as dense',
      got: model.map((config) => config.kind).join(', '),
    });
  }
  return { inputs, classes, nodes, values, storages, parameters, state };
}

function tensor(id: string, plan: ParameterPlan, sparse: boolean): ParameterTensor {
  const [rows, columns] = plan.shape;
  if (columns === undefined) {
    return { ...plan, id, width: undefined, count: rows, size: roundUp(rows, widestPanel) };
  }
  const width = sparse ? 32 : 8;
  return { ...plan, id, width, count: rows * columns, size: panelSize({ rows, columns, width }) };
}

/** How many numbers the network learns. */
export function parameterCount({ parameters }: NetworkPlan): number {
  return parameters.reduce((sum, { count }) => sum + count, 0);
}

/** Multiplications and additions of the forward pass, a sample, every input counted. */
export function forwardFlops({ nodes }: NetworkPlan): number {
  return nodes.reduce((sum, { plan }) => sum + plan.flops, 0);
}
