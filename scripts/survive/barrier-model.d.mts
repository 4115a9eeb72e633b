import type { Model } from './explore.mjs';

export interface ModelOptions {
  threads: number;
  active?: number;
  lengths: number[];
  steps: number[];
  stopped?: boolean;
  lossy?: boolean;
  patient?: boolean;
  constants?: Record<string, number>;
  change?: { from: string; to: string };
}
export function barrierModel(options: ModelOptions): Model;
