import type { BarrierFault } from './barrier-faults.mjs';

export function barrier(options?: {
  runs?: number;
  most?: number;
  seed?: number;
  print?: (line: string) => void;
}): number;
export function isCaught(fault: BarrierFault): boolean;
export function generator(seed: number): () => number;
