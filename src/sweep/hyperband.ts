/**
 * Successive halving at rungs, as in Hyperband and with the settings of Weights & Biases. At each rung the
 * best 1 / eta of all trials that have reached it go on, and the others stop. An iteration is an epoch.
 *
 * Li, Jamieson, DeSalvo, Rostamizadeh, Talwalkar: Hyperband, JMLR 18 (2018),
 * https://arxiv.org/abs/1603.06560.
 *
 * Weights & Biases decides whenever a trial happens to arrive, so its result depends on which trials are
 * quick. Here each batch of a fixed size is decided at once: its trials are compared with each other and with
 * those of all earlier batches, by their values and then by their numbers.
 */
import { compare, type Objective } from './objective.ts';
import type { SweepBlock } from './schema.ts';

export interface Hyperband {
  /** Epochs after which trials are compared, ascending. */
  rungs: readonly number[];
  eta: number;
}

/** The rungs of a block below `epochs`. At `epochs` nothing is left to be saved. */
export function rungsOf(
  { min_iter: least, max_iter: most, s = 0, eta }: NonNullable<SweepBlock['early_terminate']>,
  epochs: number,
): number[] {
  const rungs = new Set<number>();
  if (least !== undefined) {
    for (let rung = least; rung < epochs; rung *= eta) rungs.add(Math.floor(rung));
  } else {
    for (let rung = most! / eta, i = 0; i < s && rung >= 1; rung /= eta, i++) rungs.add(Math.floor(rung));
  }
  return [...rungs].filter((rung) => rung < epochs).sort((a, b) => a - b);
}

/** A trial that has reached a rung. */
export interface Arrival {
  number: number;
  value: number;
}

/**
 * Those of the `arrived` trials that go on. `before` are the arrivals of earlier batches at this rung.
 */
export function survivors(
  objective: Objective,
  eta: number,
  before: readonly Arrival[],
  arrived: readonly Arrival[],
): Set<number> {
  const all = [...before, ...arrived].sort(
    (a, b) => compare(objective, a.value, b.value) || a.number - b.number,
  );
  const best = new Set(all.slice(0, Math.ceil(all.length / eta)));
  return new Set(arrived.filter((arrival) => best.has(arrival)).map(({ number }) => number));
}
