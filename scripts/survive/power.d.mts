import type { Choice, DiskLog, Operation } from './disk.mjs';

export const experiments: readonly string[];
export function numbers(seed: number): () => number;
export function writeInputs(cwd: string, experiment: string): void;
export function recordRun(cwd: string, args: readonly string[]): Promise<DiskLog>;
export function promises(log: DiskLog): number[];
export function chance(next: () => number): (operation: Operation) => Choice;
export function power(options: {
  trials: number;
  from?: number;
  done?(trial: number): void;
}): Promise<boolean>;
