/** `train explain --ranks 4`: what ranks that share a minibatch have of it, and tell each other in a step. */

import { type RankTraffic, trafficOf } from '../engine/traffic.ts';
import { unevenShares } from '../engine/unshared.ts';
import { counted } from '../foundation/format.ts';
import type { MemoryMap } from '../model/memory-map.ts';
import type { NetworkPlan } from '../model/network.ts';
import { bytes, table } from './format.ts';

/** @param size bytes of an element */
export function rankLines(network: NetworkPlan, map: MemoryMap, rows: number, size: number): string[] {
  const traffic = trafficOf(network, map, rows);
  const { length } = traffic;
  const uneven = unevenShares(rows, { count: length });
  const row = ({ cuts, adds, sends, gets }: RankTraffic, rank: number) => [
    `rank ${rank}`,
    counted(cuts, 'cut'),
    `adds ${bytes(adds * size)}`,
    `sends ${bytes(sends * size)}`,
    `receives ${bytes(gets * size)}`,
  ];
  return [
    `${length} ranks, in a step: each sums the gradient of its cuts of 256 rows, and adds all cuts of its ` +
      'part of the gradient',
    ...table(traffic.map(row), 'llrrr'),
    ...(uneven === undefined ? [] : [uneven]),
  ];
}
