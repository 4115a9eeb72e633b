/**
 * Looks into a step while it runs: a wrapper around each piece of work copies what it left for one row of the
 * minibatch, before the next piece writes over it, and one around the optimizer keeps the gradients. The work
 * itself is that of every training, so what is seen are its bits.
 */
import type { Optimizer } from '../contracts/optimizer.ts';
import { loaderOf } from '../engine/gather.ts';
import type { Profiler, Timed } from '../engine/profile.ts';
import type { WorkSettings } from '../engine/step.ts';
import type { Matrix, Range } from '../foundation/shapes.ts';
import type { Elements } from '../kernels/layout.ts';
import type { Workplace } from '../parallel/participant.ts';
import { span } from './run-state.ts';

/** What was seen of one row. Arrays are copies. */
export interface Sight {
  /** The sample as the network reads it. (inputs) */
  x: Float64Array | undefined;
  /** By node: its output, ... (columns) */
  outputs: (Float64Array | undefined)[];
  /** ... and the gradient of the row's own loss with respect to it, if one is needed. (columns) */
  gradients: (Float64Array | undefined)[];
  loss: number;
  /** Classes: the predicted one. */
  predicted: number;
}

export interface Watch {
  /** The settings of a participant, changed so that it is watched. */
  settings: WorkSettings;
  sight: Sight;
  /** The averaged gradient of all parameters, as `span` of the memory; what has none is 0. */
  gradient: Float32Array | Float64Array;
  /** What the sums of the gradients were multiplied by. */
  scale(): number;
  /** To be called when the step is done. */
  end(): void;
}

/**
 * Watches a participant.
 *
 * @param row of the minibatch; undefined: none of them
 * @param sample the data set's index of the sample in this row
 */
export function watch(
  settings: WorkSettings,
  { network, map, kernels }: Workplace,
  row: number | undefined,
  sample: number,
): Watch {
  const { elements } = kernels;
  const { nodes, values } = network;
  const nothing = () => nodes.map(() => undefined);
  const sight: Sight = {
    x: undefined,
    outputs: nothing(),
    gradients: nothing(),
    loss: Number.NaN,
    predicted: Number.NaN,
  };
  // Distorted images are numbers.
  const listed = map.threads[0]!.lists !== undefined && !settings.augment;
  const rowOf = (matrix: Matrix | undefined, at = row!) => matrix && copyOf(elements, matrix, at);
  const gradientOf = (node: number) => rowOf(map.gradients[nodes[node]!.y]);

  const after = (activity: string, node: number | undefined) => {
    if (activity === 'gather' && !listed) sight.x = rowOf(map.values[0]);
    if (activity === 'forward') sight.outputs[node!] = rowOf(map.values[nodes[node!]!.y]);
    if (activity !== 'loss') return;
    sight.loss = elements[map.loss.offset + row!]!;
    if (network.task === 'classes') sight.predicted = elements[map.predicted.offset + row!]!;
  };
  const timed: Timed = (activity, work, node) => {
    // Layers that read lists go forward by columns: (columns, rows). All others get (rows, minibatch).
    const byColumns = listed && activity === 'forward' && values[nodes[node!]!.x]!.samples;
    return (...given) => {
      const has = row !== undefined && contains(given[byColumns ? 1 : 0] as Range | undefined, row);
      // Its own backward may write over it.
      if (has && activity === 'backward') sight.gradients[node!] = gradientOf(node!);
      work(...given);
      if (has) after(activity, node);
    };
  };
  const profiler: Profiler = { timed, at() {} };

  const { begin, end } = span(map);
  const gradient = elements.slice(begin, end).fill(0);
  let scale = 0;
  const optimizer: Optimizer = {
    update(block, g, state) {
      const { W } = block;
      scale = state.scale;
      for (let run = 0; run < W.runs; run++) {
        const at = W.offset - begin + run * W.stride;
        for (let i = 0; i < W.length; i++) gradient[at + i] = elements[g + run * W.length + i]! * scale;
      }
      settings.optimizer.update(block, g, state);
    },
  };
  return {
    settings: { ...settings, profiler, optimizer },
    sight,
    gradient,
    scale: () => scale,
    end() {
      if (row === undefined) return;
      // Those of the layers that nothing before has to learn from.
      for (const node of nodes.keys()) sight.gradients[node] ??= gradientOf(node);
      if (!listed) return;
      const { samples } = settings.epochOrder(0);
      loaderOf(settings.signature, kernels)(samples.features, sample, map.values[0]!, 0);
      sight.x = rowOf(map.values[0], 0);
    },
  };
}

function copyOf(elements: Elements, { offset, stride, columns }: Matrix, row: number): Float64Array {
  const first = offset + row * stride;
  return Float64Array.from(elements.subarray(first, first + columns));
}

const contains = (range: Range | undefined, row: number) =>
  range !== undefined && range.first <= row && row < range.first + range.count;
