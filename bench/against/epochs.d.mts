import type { Digests, PairLine } from './pairs.mjs';

export interface Side {
  name: 'old' | 'new';
  folder: string;
}

export function epochsAgainst(
  checkouts: { old: Side; new: Side },
  digests: Digests,
  options: {
    quick: boolean;
    pairs: number;
    networks: readonly { name: string; file: string; samples?: number; warmUps?: number }[];
    batchSizes: readonly number[];
    threads: readonly number[];
  },
): Promise<PairLine[]>;
