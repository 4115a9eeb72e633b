import type { ModelOptions } from './barrier-model.mjs';

export interface BarrierFault {
  change: { from: string; to: string };
  model: ModelOptions;
  wrong: RegExp;
  mustEnd?: boolean;
}
export const barrierFaults: Record<string, BarrierFault>;
