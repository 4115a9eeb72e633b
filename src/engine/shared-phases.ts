/**
 * The phases of a step that ranks share: each sums the cuts that it has, and gives the sums to whoever adds
 * them in the order of the cuts. So every sum is the one that a single process would make.
 *
 *   statistics  each round: sums of the cuts, exchange, totals
 *   parameters  the gradients of the cuts; exchange; each rank adds the cuts of its blocks; exchange; all
 *               ranks update all blocks
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
  keptBlocks,
  outcomeParcels,
  ownersOf,
  partialAt,
  partialParcels,
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

/** A phase of one block, in which a thread trades. `parcels` follow from the rows of the minibatch. */
export function exchangePhase(
  name: Phase['name'],
  { exchange, batch }: Pick<SharedSite, 'exchange' | 'batch'>,
  parcels: (rows: number) => readonly Parcel[],
  { before = () => {}, after = () => {} }: { before?(): void; after?(): void } = {},
): Phase {
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
    name,
    begin: () => 1,
    run() {
      before();
      exchange.trade(own(batch.count));
      after();
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
      exchangePhase('statistics', site, (all) => cutSumsParcels(shared.ranks, sums, all)),
    ]),
    phase((some) => finish(rounds.at(-1)!, some)),
  ];
}

/** A phase of blocks, or an exchange. */
export type SharedUpdate = { blocks: BlockPhase; counts: boolean } | { exchange: Phase };

/**
 * The parameters follow their gradient.
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
  const { network, map, kernels, exchange, rows, batch } = site;
  const shared = map.shared!;
  const all = keptBlocks(network, map);
  const owners = ownersOf(all, shared.ranks);
  const { first, count } = owners[exchange.index]!;
  const own = all.slice(first, first + count);
  const phase = (blocks: BlockPhase['blocks'], counts = false) => ({
    blocks: { begin() {}, blocks },
    counts,
  });
  const sums = works.map((some) => keptSums(some, kernels, site.own.gradient, rule.threads));
  const updates = map.clipping
    ? clippedPhases(works, map.clipping, kernels, rule, { rows, batch, state })
    : [{ begin() {}, blocks: evenly(works).map(({ update, kept }) => ({ run: () => update(kept) })) }];
  return [
    phase(
      evenly(sums).map(({ features, sum }) => ({
        features,
        run: () => inCuts(rows, (cut) => sum(cut, (kept) => partialAt(shared, cut.first / longestSum, kept))),
      })),
    ),
    {
      exchange: exchangePhase(
        'parameters',
        site,
        (rows) => [...outcomeParcels(map, rows), ...partialParcels(shared, all, owners, rows)],
        wish,
      ),
    },
    phase(
      own.map(({ kept, size }) => ({ run: () => addPartials(kernels, shared, kept, size, batch.count) })),
      true,
    ),
    { exchange: exchangePhase('parameters', site, () => totalParcels(shared, all, owners)) },
    ...updates.map((blocks) => ({ blocks, counts: false })),
  ];
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
