/** The phases in which the parameters follow their gradient, and what the minibatch came to is counted. */
import type { MinibatchTally } from '../contracts/figures.ts';
import type { Layer } from '../contracts/layer.ts';
import type { StepState } from '../contracts/optimizer.ts';
import type { Signature } from '../data/split.ts';
import type { Range } from '../foundation/shapes.ts';
import type { Kernels } from '../kernels/kernels.ts';
import { figuresFor } from '../model/catalogue.ts';
import type { MemoryMap, ThreadMemory } from '../model/memory-map.ts';
import type { NetworkPlan } from '../model/network.ts';
import type { Exchange } from '../ranks/exchange.ts';
import { type Control, words } from '../sync/control.ts';
import { loadTargets, type SampleInput, type SampleRows } from './gather.ts';
import type { Phase } from './phases.ts';
import type { Timed } from './profile.ts';
import { sharedUpdates } from './shared-phases.ts';
import { type BlockWork, planBlocks, planUpdates, type UpdateRule } from './update.ts';
import { meetWishes } from './wishes.ts';

/** What a thread updates, and with what. */
export interface ParametersSite {
  network: NetworkPlan;
  map: MemoryMap;
  own: ThreadMemory;
  kernels: Kernels;
  timed: Timed;
  input: SampleInput;
  layers: readonly Layer[];
  control: Control;
  rule: UpdateRule & { exchange?: Exchange | undefined; signature: Signature };
  /** The minibatch: where it begins, all of its rows, and those that this process has. */
  at: SampleRows;
  batch: Range;
  rows: Range;
  state: StepState;
}

/** The update. One block of a phase counts what the minibatch came to. */
export function parametersPhases(site: ParametersSite): Phase[] {
  const { network, map, own, kernels, input, layers, control, rule, at, batch, rows, state } = site;
  const { byColumns } = input;
  const { exchange, signature } = rule;
  const { minibatches } = figuresFor(network.task);
  const count: BlockWork = {
    run() {
      // The other ranks have sent what came out, not what was asked for.
      if (exchange) loadTargets(kernels, at.set, at.first, batch, map, signature.unit);
      tally(minibatches, kernels.elements, map, batch.count, control);
    },
  };
  const context = { own, byColumns, rows, batch, state };
  if (exchange) {
    const works = planBlocks(network, map, kernels, layers, rule, context);
    const wish = meetWishes(kernels.elements, map.shared!, exchange.index, control);
    const shared = { network, map, own, kernels, exchange, rows, batch };
    return sharedUpdates(shared, works, rule, state, wish).map((update) => {
      if ('exchange' in update) return update.exchange;
      const { begin, blocks } = update.blocks;
      return blocksPhase(site, begin, update.counts ? [...blocks, count] : blocks);
    });
  }
  const updates = planUpdates(network, map, kernels, layers, rule, context);
  return updates.map(({ begin, blocks }, index) =>
    blocksPhase(site, begin, index === 0 ? [count, ...blocks] : blocks),
  );
}

function blocksPhase(
  { timed, input, at, rows }: ParametersSite,
  begin: () => void,
  blocks: readonly BlockWork[],
): Phase {
  const run = timed('update', (block: BlockWork) => block.run());
  return {
    name: 'parameters',
    begin() {
      input.forget();
      begin();
      return blocks.length;
    },
    run(number) {
      const block = blocks[number]!;
      if (block.features) input.gatherFeatures(at, rows, block.features);
      run(block);
    },
  };
}

/** Adds the minibatch's losses in the order of the rows, and counts what the task's figure is made of. */
function tally(
  { add }: MinibatchTally,
  elements: Kernels['elements'],
  map: MemoryMap,
  rows: number,
  { words: w, sums }: Control,
): void {
  const { loss, label, predicted, target } = map;
  const z = map.values.at(-1)!;
  const classes = target.columns === 0;
  let sum = sums[0]!;
  for (let row = 0; row < rows; row++) {
    sum += elements[loss.offset + row]!;
    const outcome = classes ? predicted.offset + row : z.offset + row * z.stride;
    const asked = classes ? label.offset + row : target.offset + row * target.stride;
    add(sums, 1, elements, outcome, asked, z.columns);
  }
  sums[0] = sum;
  Atomics.add(w, words.seen, rows);
  // The coordinator finds out what has diverged.
  if (!Number.isFinite(sum)) Atomics.store(w, words.pause, 1);
}
