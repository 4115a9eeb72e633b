/**
 * The phases of a step that ranks share: each sums the cuts that it has, and gives the sums to whoever adds
 * them in the order of the cuts. So every sum is the one that a single process would make.
 *
 *   statistics  each round: sums of the cuts, exchange, totals
 *   parameters  the gradients of the cuts; exchange; each rank adds the cuts of its blocks; exchange; all
 *               ranks update all blocks. Large gradients go in up to four shares, so that one travels while
 *               another is summed or updated.
 *
 * All ranks update all blocks, although one could, and hand out the weights instead of the sums: as many
 * bytes travel, slots are the same everywhere, so that a checkpoint takes no exchange, and the norm of a
 * clipped gradient takes none either. An update is a hundredth of a step's work.
 */
import type { Round } from '../contracts/layer.ts';
import { inCuts, longestSum } from '../foundation/cuts.ts';
import type { Range } from '../foundation/shapes.ts';
import type { Kernels } from '../kernels/kernels.ts';
import type { MemoryMap } from '../model/memory-map.ts';
import type { NetworkPlan } from '../model/network.ts';
import { evenly } from '../model/partition.ts';
import type { CutSums, Shared } from '../model/shared-minibatch.ts';
import type { Exchange, Parcel } from '../ranks/exchange.ts';
import { keptSums } from './kept-sums.ts';
import { type Phase, type StatisticsWork, statisticsPhase } from './phases.ts';
import {
  cutSumsParcels,
  outcomeParcels,
  ownBlocks,
  partialAt,
  partialParcels,
  type Share,
  sharesOf,
  totalParcels,
} from './shares.ts';
import {
  type BlockPhase,
  clippedPhases,
  type ParameterWork,
  type UpdateContext,
  type UpdateRule,
} from './update.ts';

/** What a rank needs to share the minibatches. */
export interface SharedSite {
  network: NetworkPlan;
  map: MemoryMap;
  own: UpdateContext['own'];
  kernels: Kernels;
  exchange: Exchange;
  /** Of the minibatch: those that this rank has, and all. */
  rows: Range;
  batch: Range;
}

/** An exchange: where it begins, and the phase of one block in which it ends. */
interface Trade {
  begin(): void;
  end: Phase;
}

/** An exchange of the parcels that follow from the rows of the minibatch. */
function tradeOf(
  name: Phase['name'],
  { exchange, batch }: Pick<SharedSite, 'exchange' | 'batch'>,
  parcels: (rows: number) => readonly Parcel[],
  { before = () => {}, after = () => {} }: { before?(): void; after?(): void } = {},
): Trade {
  // Minibatches have one or two sizes.
  const known = new Map<number, readonly Parcel[]>();
  const own = (rows: number) => {
    const found =
      known.get(rows) ??
      parcels(rows).filter(({ from, to }) => from === exchange.index || to === exchange.index);
    known.set(rows, found);
    return found;
  };
  return {
    begin() {
      before();
      exchange.begin(own(batch.count));
    },
    end: {
      name,
      begin: () => 1,
      run() {
        exchange.end();
        after();
      },
    },
  };
}

/** The same in one phase. */
function wholeTrade({ begin, end }: Trade): Phase {
  return {
    ...end,
    run(block) {
      begin();
      end.run(block);
    },
  };
}

/** The statistics of a layer, round by round. */
export function sharedStatistics(
  site: Omit<SharedSite, 'own'>,
  node: number,
  { features, places }: Omit<StatisticsWork, 'run'>,
  rounds: readonly Round[],
  threads: number,
): Phase[] {
  const { map, kernels, rows, batch } = site;
  const shared = map.shared!;
  const sums = shared.statistics[node]!;
  const place = (cut: number) => ({ offset: sums.offset + cut * sums.stride, stride: sums.vector });
  const finish = (round: Round, some: Range) => {
    for (let sum = 0; sum < round.sums; sum++) {
      const first = sums.offset + sum * sums.vector + some.first;
      addCuts(kernels, { offset: first, stride: sums.stride }, first, some.count, batch.count);
    }
    round.finish(some, place(0), batch);
  };
  const phase = (run: (some: Range) => void) => statisticsPhase({ features, places, run }, threads);
  return [
    ...rounds.flatMap((round, index) => [
      phase((some) => {
        if (index > 0) finish(rounds[index - 1]!, some);
        inCuts(rows, (cut) => round.sum(some, cut, place(cut.first / longestSum)));
      }),
      wholeTrade(tradeOf('statistics', site, (all) => cutSumsParcels(shared.ranks, sums, all))),
    ]),
    phase((some) => finish(rounds.at(-1)!, some)),
  ];
}

/** A phase of blocks, or the end of an exchange. */
export type SharedUpdate = { blocks: BlockPhase; counts: boolean } | { exchange: Phase };

/**
 * The parameters follow their gradient, share by share: while one travels, the next is summed or added, or
 * the one before updated.
 *
 * @param wish what surrounds the exchange of wishes
 */
export function sharedUpdates(
  site: SharedSite,
  works: readonly (readonly ParameterWork[])[],
  rule: Pick<UpdateRule, 'clipNorm' | 'threads'>,
  state: UpdateContext['state'],
  wish: { before(): void; after(): void },
): SharedUpdate[] {
  const { network, map, kernels, own, exchange, rows, batch } = site;
  const shared = map.shared!;
  const shares = sharesOf(network, map, shared.ranks);
  const worksOf = ({ blocks }: Share) => {
    const kept = new Set(blocks.map((block) => block.kept));
    return works.map((some) => some.filter((work) => kept.has(work.kept)));
  };
  const sums = shares.map((share) =>
    evenly(worksOf(share).map((some) => keptSums(some, kernels, own.gradient, rule.threads))).map(
      ({ features, sum }) => ({
        features,
        run: () => inCuts(rows, (cut) => sum(cut, (kept) => partialAt(shared, cut.first / longestSum, kept))),
      }),
    ),
  );
  const added = shares.map((share) =>
    ownBlocks(share, exchange.index).map(({ kept, size }) => ({
      run: () => addPartials(kernels, shared, kept, size, batch.count),
    })),
  );
  const partials = shares.map((share, index) => {
    const parcels = (rows: number) => partialParcels(shared, share, rows);
    if (index > 0) return tradeOf('parameters', site, parcels);
    return tradeOf('parameters', site, (rows) => [...outcomeParcels(map, rows), ...parcels(rows)], wish);
  });
  const totals = shares.map((share) => tradeOf('parameters', site, () => totalParcels(shared, share)));
  const { clipping } = map;
  const clipped =
    clipping && clippedPhases(works, clipping, kernels, rule, { batch, state }, shares.map(worksOf));
  const updates = clipped
    ? clipped.slice(0, -1)
    : shares.map((share) => ({
        begin() {},
        blocks: evenly(worksOf(share)).map(({ update, kept }) => ({ run: () => update(kept) })),
      }));

  const steps: SharedUpdate[] = [];
  // What travels meanwhile begins with the first block, and ends in a phase of its own.
  const meanwhile = (trade: Trade | undefined, blocks: BlockPhase['blocks'], counts = false) => {
    if (trade && blocks.length === 0 && !counts) {
      steps.push({ exchange: wholeTrade(trade) });
      return;
    }
    const all = trade ? [{ run: trade.begin }, ...blocks] : blocks;
    steps.push({ blocks: { begin() {}, blocks: all }, counts });
    if (trade) steps.push({ exchange: trade.end });
  };
  const last = shares.length - 1;
  for (const [share, blocks] of sums.entries()) meanwhile(partials[share - 1], blocks);
  meanwhile(partials[last], added.slice(0, last).flat());
  // The first share is added, unless it is the last.
  meanwhile(last > 0 ? totals[0] : undefined, added[last]!, true);
  if (last === 0) meanwhile(totals[0], []);
  for (let share = 1; share <= last; share++) meanwhile(totals[share], updates[share - 1]!.blocks);
  meanwhile(undefined, updates[last]!.blocks);
  if (clipped) steps.push({ blocks: clipped.at(-1)!, counts: false });
  return steps;
}

/** The gradient of a block, of all cuts. */
function addPartials(kernels: Kernels, shared: Shared, kept: number, size: number, rows: number): void {
  addCuts(kernels, { offset: partialAt(shared, 0, kept), stride: shared.partials.stride }, kept, size, rows);
}

/** to = the sum of so many elements of each cut, in the order of the cuts. `to` may be that of the first. */
function addCuts(
  { add, elements }: Kernels,
  { offset, stride }: CutSums,
  to: number,
  count: number,
  rows: number,
): void {
  if (to !== offset) elements.copyWithin(to, offset, offset + count);
  const row = { first: 0, count: 1 };
  const total = { offset: to, columns: count, stride: count };
  for (let cut = 1; cut * longestSum < rows; cut++) {
    add(total, { ...total, offset: offset + cut * stride }, total, row);
  }
}
