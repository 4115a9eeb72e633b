interface Emulated {
  plan: object;
  phases: { name: string; blocks: number[] }[];
  activities: Record<string, number>;
}

interface Machine {
  physical: number;
  sibling: number;
  meeting: (threads: number) => number;
  line: number;
  away: number;
  one?: number;
}

export function makespan(blocks: readonly number[], threads: number): number;

export function linesMoved(plan: object, threads: number): Record<string, number>;

export function sharedCores(threads: number, machine: Pick<Machine, 'physical' | 'sibling'>): number;

export function predict(
  one: Emulated,
  many: Emulated,
  threads: number,
  machine: Machine,
): Record<string, number>;
