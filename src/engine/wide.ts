/**
 * Wide layers: their W is larger than a core's cache. They go by rows and columns, in phases of their own, so
 * that a thread reads a part of W for many rows, and forward the part that it also updates.
 */
import { panelCount, type Range } from '../foundation/shapes.ts';
import { isWide } from '../model/blocks.ts';
import type { MemoryMap } from '../model/memory-map.ts';
import type { NetworkPlan } from '../model/network.ts';

/** How a wide layer can be divided. */
export interface WideLayer {
  /** Panels of W, forward. */
  panels: number;
  /** Parts of the columns of dx, backward. */
  parts: number;
  columnsOf(parts: Range): Range;
}

/** Columns of dx in a part: the layer's `backward` is given whole panels. */
const columnsOfPart = 32;

/** Undefined if the layer is not wide, or does not read x as an operand. */
export function wideLayer({ nodes }: NetworkPlan, map: MemoryMap, index: number): WideLayer | undefined {
  const { plan, parameters } = nodes[index]!;
  if (plan.reads.x !== 'operand') return undefined;
  for (const parameter of parameters) {
    const W = map.parameters[parameter]!;
    if (!('width' in W && isWide(W))) continue;
    return {
      panels: panelCount(W),
      parts: Math.ceil(W.rows / columnsOfPart),
      columnsOf({ first, count }) {
        const from = first * columnsOfPart;
        return { first: from, count: Math.min(count * columnsOfPart, W.rows - from) };
      },
    };
  }
  return undefined;
}
