import type { Network } from '../support/networks.mjs';
import type { Options } from '../support/options.mjs';

export interface Pair {
  network: Network;
  batchSize: number;
}

export const peersHelp: string;
export const peersOptions: object;
export function checkPeers(options: Options): void;
export function casesOf(options: Options): Pair[];
export function reasonToSkip(
  contestant: { kind: string; slow?: boolean },
  pair: Pair,
  options: Options,
): string | undefined;
