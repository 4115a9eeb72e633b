import type { Pair } from './options.mjs';

export interface Contestant {
  kind: string;
  threads: number;
  samples: number;
  rounds: number;
  ask(request: { epochs: number; samples: number; batchSize: number; cold: number }): Promise<{
    seconds?: number[];
    first?: number[];
    loss?: number;
    unsupported?: string;
  }>;
}

export interface Entry {
  contestant: Contestant;
  samples: number;
  seconds: number[];
  first: number[][];
  reason?: string;
}

export function samplesFor(
  contestant: Pick<Contestant, 'kind' | 'samples'>,
  pair: Pair,
  quick: boolean,
): number;
export function contest(
  contestants: readonly Contestant[],
  pair: Pair,
  how: {
    quick: boolean;
    label: string;
    skip: (contestant: Contestant) => string | undefined;
    faults: Set<string>;
  },
): Promise<Entry[]>;
