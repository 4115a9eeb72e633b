/** What a network is asked for each sample: a class, numbers, or several times yes or no. */

export const tasks = ['classes', 'values', 'flags'] as const;
export type Task = (typeof tasks)[number];

/** What is to be predicted. Plain data, which is kept with a trained network. */
export type Targets =
  /** One of `count` classes, numbered from 0. `column`: where a table has them. */
  | {
      readonly kind: 'classes';
      readonly count: number;
      readonly names?: readonly string[];
      readonly column?: string;
    }
  /** One or several numbers, in the user's units. */
  | { readonly kind: 'values'; readonly names: readonly string[] }
  /** One or several times yes or no: 1 or 0. `yes`, `no`: what was written for them, if something else. */
  | {
      readonly kind: 'flags';
      readonly names: readonly string[];
      readonly yes?: readonly string[];
      readonly no?: readonly string[];
    };

/** Outputs of a network for these targets. */
export function outputsOf(targets: Targets): number {
  return targets.kind === 'classes' ? targets.count : targets.names.length;
}

/** Numbers that a sample's target is stored as: its class, or each value or flag. */
export function targetWidth(targets: Targets): number {
  return targets.kind === 'classes' ? 1 : targets.names.length;
}

/**
 * The unit of each output: value = mean + deviation * output. Values are standardised inside the network;
 * for classes and flags it is 0 and 1. (outputs)
 */
export interface OutputUnit {
  readonly mean: readonly number[];
  readonly deviation: readonly number[];
}
