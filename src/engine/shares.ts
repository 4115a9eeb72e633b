/**
 * Which rank has what of a minibatch, and what travels: all of it follows from the plan and the number of
 * rows, so every rank knows what it sends and what it gets.
 *
 * Ranks have whole cuts of rows, because sums are made cut by cut. They have blocks of the gradient, of which
 * they add the cuts, and samples of an evaluation.
 */
import { cutCount, longestSum } from '../foundation/cuts.ts';
import type { Range } from '../foundation/shapes.ts';
import { blockSize, blocksOf } from '../model/blocks.ts';
import type { MemoryMap } from '../model/memory-map.ts';
import type { NetworkPlan } from '../model/network.ts';
import { part } from '../model/partition.ts';
import type { CutSums, Shared } from '../model/shared-minibatch.ts';
import { type Parcel, type Rank, type Span, toAll } from '../ranks/exchange.ts';

/** The cuts of a minibatch of so many rows that a rank has: as even as possible. */
export function cutsOf(rows: number, { index, count }: Rank): Range {
  return part(cutCount(rows), count, index);
}

/** The rows of these cuts. */
export function rowsOf(rows: number, rank: Rank): Range {
  const { first, count } = cutsOf(rows, rank);
  const from = Math.min(first * longestSum, rows);
  return { first: from, count: Math.min((first + count) * longestSum, rows) - from };
}

/** The most rows that a rank has of a minibatch of so many or fewer. */
export function mostRowsOf(rows: number, { count }: Rank): number {
  return Math.min(rows, Math.ceil(cutCount(rows) / count) * longestSum);
}

/** Where a block of the gradient is kept. */
export interface KeptBlock {
  kept: number;
  size: number;
}

/** The blocks of all parameters that learn, in the order in which they are kept. */
function keptBlocks({ parameters }: NetworkPlan, { layout, shared }: MemoryMap): KeptBlock[] {
  return parameters.flatMap((tensor, p) => {
    if (tensor.frozen) return [];
    let end = shared!.gradients[p]!;
    return blocksOf(tensor, layout).map((block) => {
      const kept = end;
      const size = blockSize(tensor, layout, block);
      end += size;
      return { kept, size };
    });
  });
}

/** A part of the gradient that is exchanged by itself, and which of its blocks each rank adds. */
export interface Share {
  blocks: readonly KeptBlock[];
  owners: readonly Range[];
}

/** Elements that are worth an exchange of their own: 256 KiB take two milliseconds at 1 Gbit/s. */
const leastShare = 65_536;
/** The most of them. While one is on its way, the next is summed, or the one before updated. */
const mostShares = 4;

/** The gradient in parts of whole blocks, about as many elements each. */
export function sharesOf(network: NetworkPlan, map: MemoryMap, ranks: number): Share[] {
  const blocks = keptBlocks(network, map);
  const all = blocks.reduce((sum, { size }) => sum + size, 0);
  const count = Math.max(1, Math.min(mostShares, Math.floor(all / leastShare)));
  return ownersOf(blocks, count)
    .filter(({ count }) => count > 0)
    .map(({ first, count }) => {
      const some = blocks.slice(first, first + count);
      return { blocks: some, owners: ownersOf(some, ranks) };
    });
}

/** The blocks of each rank, as numbers in the list: one after the other, about as many elements each. */
export function ownersOf(blocks: readonly KeptBlock[], ranks: number): Range[] {
  const all = blocks.reduce((sum, { size }) => sum + size, 0);
  const owned: Range[] = [];
  let first = 0;
  let before = 0;
  for (let rank = 0; rank < ranks; rank++) {
    const until = (all * (rank + 1)) / ranks;
    let end = first;
    while (end < blocks.length && (rank === ranks - 1 || before + blocks[end]!.size / 2 <= until)) {
      before += blocks[end]!.size;
      end++;
    }
    owned.push({ first, count: end - first });
    first = end;
  }
  return owned;
}

/** The blocks that a rank adds. */
export function ownBlocks({ blocks, owners }: Share, rank: number): readonly KeptBlock[] {
  const { first, count } = owners[rank]!;
  return blocks.slice(first, first + count);
}

/** From the first element to the last of these blocks, which lie one after the other. */
function spanOf(blocks: readonly KeptBlock[], { first, count }: Range): Span {
  if (count === 0) return { first: 0, count: 0 };
  const [begin, last] = [blocks[first]!, blocks[first + count - 1]!];
  return { first: begin.kept, count: last.kept + last.size - begin.kept };
}

/** Where the gradient of a cut is kept that is `kept` when it is summed. */
export function partialAt({ gradients, partials }: Shared, cut: number, kept: number): number {
  return partials.offset + cut * partials.stride + kept - gradients[0]!;
}

/** Each rank sends the gradients of its cuts to the ranks that add them. */
export function partialParcels(shared: Shared, { blocks, owners }: Share, rows: number): Parcel[] {
  const { ranks } = shared;
  const parcels: Parcel[] = [];
  for (let from = 0; from < ranks; from++) {
    const cuts = cutsOf(rows, { index: from, count: ranks });
    for (let cut = cuts.first; cut < cuts.first + cuts.count; cut++) {
      for (let to = 0; to < ranks; to++) {
        const { first, count } = spanOf(blocks, owners[to]!);
        if (to !== from && count > 0) parcels.push({ from, to, first: partialAt(shared, cut, first), count });
      }
    }
  }
  return parcels;
}

/** Each rank gives the sums of its blocks to all others. */
export function totalParcels({ ranks }: Shared, { blocks, owners }: Share): Parcel[] {
  return toAll(ranks, (rank) => [spanOf(blocks, owners[rank]!)]);
}

/** Each rank gives the losses and the outcomes of its rows to all others, and what it wishes. */
export function outcomeParcels(map: MemoryMap, rows: number): Parcel[] {
  const { shared, loss, predicted, target } = map;
  const { ranks, wishes } = shared!;
  const z = map.values.at(-1)!;
  return toAll(ranks, (index) => {
    const { first, count } = rowsOf(rows, { index, count: ranks });
    return [
      { first: wishes.offset + index, count: 1 },
      { first: loss.offset + first, count },
      target.columns === 0
        ? { first: predicted.offset + first, count }
        : { first: z.offset + first * z.stride, count: count * z.stride },
    ];
  });
}

/** Each rank gives the sums of its cuts to all others. */
export function cutSumsParcels(ranks: number, { offset, stride }: CutSums, rows: number): Parcel[] {
  return toAll(ranks, (index) => {
    const { first, count } = cutsOf(rows, { index, count: ranks });
    return [{ first: offset + first * stride, count: count * stride }];
  });
}

/** Each rank gives what came out for its samples of an evaluation to all others. */
export function evaluatedParcels(
  { loss, outcome }: Pick<MemoryMap, 'loss' | 'outcome'>,
  samplesOf: (rank: number) => Range,
  ranks: number,
): Parcel[] {
  return toAll(ranks, (rank) => {
    const { first, count } = samplesOf(rank);
    return [
      { first: loss.offset + first, count },
      { first: outcome.offset + first * outcome.stride, count: count * outcome.stride },
    ];
  });
}
