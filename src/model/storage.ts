/**
 * Shared memory of values: which values, and which of their gradients, lie in the same place.
 *
 * - A layer that works in place writes y over x, and dx over dy.
 * - The two values of a fork lie where x lies, and nothing may overwrite them. Each has its own gradient.
 * - The gradients at the ends of the two paths that a join adds are that of their sum.
 */
import type { LayerPlan } from '../contracts/layer.ts';

/** Where a value lies. Values with the same number share the memory. */
export interface Storage {
  /** Of the value. 0 is where the samples lie. */
  storage: number;
  /** Of the loss's gradient with respect to it. */
  gradient: number;
  /** Read by more than one: not to be written over. */
  shared: boolean;
}

/** What counts of a node: see LayerNode. */
export interface Connected {
  role: 'layer' | 'fork' | 'join';
  plan: Pick<LayerPlan, 'reads' | 'inPlace'>;
  x: number;
  y: number;
  other?: number;
}

/**
 * @param count number of values; the first are the samples
 * @param nodes in order of the forward pass
 * @param values whether the gradient of each is needed
 * @returns by value
 */
export function assignStorage(
  count: number,
  nodes: readonly Connected[],
  values: readonly { differentiated: boolean }[],
): Storage[] {
  const places = new Array<Storage>(count);
  let storages = 0;
  let gradients = 0;
  const apart = (): Storage => ({ storage: storages++, gradient: gradients++, shared: false });
  /** The layer that made it must not need its output again. */
  const needed = (value: number) => nodes.some(({ y, plan }) => y === value && plan.reads.y);
  /** At the end of a path the gradient is the other path's too. */
  const endsPath = (value: number) =>
    nodes.some(({ role, x, other }) => role === 'join' && (x === value || other === value));

  places[0] = { ...apart(), shared: true };
  for (const { role, plan, x, y, other } of nodes) {
    const before = places[x]!;
    if (role === 'fork') {
      for (const branch of [y, other!]) places[branch] = { ...before, gradient: gradients++, shared: true };
    } else if (role === 'join') {
      places[y] = apart();
      meet(places, values, [before.gradient, places[other!]!.gradient], places[y].gradient);
    } else {
      const inPlace = plan.inPlace && !before.shared && !needed(x) && !endsPath(y);
      places[y] = inPlace ? { ...before } : apart();
    }
  }
  return places;
}

/** The gradients of two paths become that of their sum. */
function meet(
  places: readonly (Storage | undefined)[],
  values: readonly { differentiated: boolean }[],
  ends: readonly number[],
  sum: number,
): void {
  for (const [value, place] of places.entries()) {
    if (place && values[value]!.differentiated && ends.includes(place.gradient)) place.gradient = sum;
  }
}
