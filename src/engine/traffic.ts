/** How much ranks tell each other in a step, from the plan alone. */
import type { MemoryMap } from '../model/memory-map.ts';
import type { NetworkPlan } from '../model/network.ts';
import type { Parcel } from '../ranks/exchange.ts';
import {
  cutSumsParcels,
  cutsOf,
  outcomeParcels,
  ownBlocks,
  partialParcels,
  sharesOf,
  totalParcels,
} from './shares.ts';

/** What one rank does in a step; sent and received in elements. */
export interface RankTraffic {
  cuts: number;
  /** Elements of the gradient whose cuts it adds. */
  adds: number;
  sends: number;
  gets: number;
}

/** By rank, for a minibatch of so many rows. The map must be made for so many ranks. */
export function trafficOf(network: NetworkPlan, map: MemoryMap, rows: number): RankTraffic[] {
  const shared = map.shared!;
  const { ranks } = shared;
  const shares = sharesOf(network, map, ranks);
  const parcels: Parcel[] = [
    ...shares.flatMap((share) => [...partialParcels(shared, share, rows), ...totalParcels(shared, share)]),
    ...outcomeParcels(map, rows),
    ...network.nodes.flatMap(({ plan, y }, node) => {
      const sums = shared.statistics[node];
      if (!sums || !plan.rounds) return [];
      const { forward, backward } = plan.rounds;
      const rounds = forward + (network.values[y]!.differentiated ? backward : 0);
      return Array.from({ length: rounds }, () => cutSumsParcels(ranks, sums, rows)).flat();
    }),
  ];
  return Array.from({ length: ranks }, (_, index) => {
    const total = (of: 'from' | 'to') =>
      parcels.reduce((sum, parcel) => sum + (parcel[of] === index ? parcel.count : 0), 0);
    return {
      cuts: cutsOf(rows, { index, count: ranks }).count,
      adds: shares.flatMap((share) => ownBlocks(share, index)).reduce((sum, { size }) => sum + size, 0),
      sends: total('from'),
      gets: total('to'),
    };
  });
}
