/** The layers of a network, built over some matrices. */
import type { Draw, Layer } from '../contracts/layer.ts';
import type { Matrix } from '../foundation/shapes.ts';
import type { Kernels } from '../kernels/kernels.ts';
import { catalogue } from '../model/catalogue.ts';
import type { MemoryMap, ThreadMemory } from '../model/memory-map.ts';
import type { LayerNode, NetworkPlan } from '../model/network.ts';
import { numbersOperand, type Operand } from '../operands/operand.ts';

/** What the layers work on. */
export interface LayerMemory {
  map: MemoryMap;
  own: Pick<ThreadMemory, 'rooms'>;
  /** By value. (rows, columns) */
  values: readonly Matrix[];
  /** By value; none when evaluating. (rows, columns) */
  gradients: readonly (Matrix | undefined)[];
  /** The samples, as the layers that read them multiply with them; undefined: as numbers. */
  samples: Operand | undefined;
  draw: Draw;
  training: boolean;
}

export function buildLayers(network: NetworkPlan, kernels: Kernels, memory: LayerMemory): Layer[] {
  return network.nodes.map((node, index) => {
    if (node.role === 'fork') return fork(node, kernels, memory);
    if (node.role === 'join') return join(node, kernels, memory);
    return buildLayer(network, node, index, kernels, memory);
  });
}

function buildLayer(
  network: NetworkPlan,
  { config, plan, frozen, parameters, state, x, y, format }: LayerNode,
  index: number,
  kernels: Kernels,
  { map, own, values, gradients, samples, draw, training }: LayerMemory,
): Layer {
  const readsLists = samples !== undefined && network.values[x]!.samples;
  const layer = catalogue.layer.get(config.kind)!.build(config, {
    kernels,
    x: values[x]!,
    shape: network.values[x]!.shape,
    operand: readsLists ? samples : numbersOperand(kernels, values[x]!, format),
    y: values[y]!,
    dx: gradients[x],
    dy: gradients[y],
    parameters: byName(plan.parameters, (i) => map.parameters[parameters[i]!]!),
    state: byName(plan.state ?? [], (i) => map.state[state[i]!]!),
    statistics: map.statistics[index]!,
    room: own.rooms[index]!,
    training: training && !frozen,
    index,
    draw,
  });
  if (!frozen) return layer;
  const { statistics: _, gradients: _g, ...rest } = layer;
  return rest;
}

function byName<T>(plans: readonly { name: string }[], at: (index: number) => T): Record<string, T> {
  return Object.fromEntries(plans.map(({ name }, i) => [name, at(i)]));
}

/** y and `other` are x; dx is the sum of their gradients. */
function fork({ x, y, other }: LayerNode, kernels: Kernels, { gradients }: LayerMemory): Layer {
  const [dx, dy, also] = [gradients[x], gradients[y], gradients[other!]];
  return { forward() {}, backward: (rows) => kernels.add(dy!, also!, dx!, rows) };
}

/** y is the sum of x and `other`; their gradients lie where that of y lies. */
function join({ x, y, other }: LayerNode, kernels: Kernels, { values }: LayerMemory): Layer {
  return { forward: (rows) => kernels.add(values[x]!, values[other!]!, values[y]!, rows), backward() {} };
}
