export interface Pair {
  old: number;
  new: number;
}

export interface PairLine {
  name: string;
  median: number;
  quartiles: [low: number, high: number];
  count: number;
  seconds: Pair;
  ratios: number[];
}

export interface Digests {
  add(name: string, side: 'old' | 'new', digest: string): void;
  compare(): { count: number; differences: string[] };
}

export function inTurns<T>(sides: { old: T; new: T }, turn: number): T[];
export function pairLine(section: string, name: string, pairs: readonly Pair[]): PairLine;
export function verdictOf(line: Pick<PairLine, 'median' | 'ratios'>): '' | 'faster' | 'SLOWER';
export function geometricMean(ratios: readonly number[]): number;
export function createDigests(): Digests;
