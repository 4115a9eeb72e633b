/**
 * An optimizer is an element-wise rule over a block of one parameter. It sees the block, its slots, the
 * summed gradient and the step, never the model. Any division into blocks gives the same bits.
 */
import type { Kernels, Pieces } from '../kernels/kernels.ts';
import { erase } from './erase.ts';
import type { Config, Fields, KindConfig } from './fields.ts';
import type { ParameterRole } from './layer.ts';

/** A block of a parameter with its slots. */
export interface ParameterBlock {
  W: Pieces;
  /** One per slot the optimizer asked for, laid out like W. */
  slots: readonly Pieces[];
  /** Whether the weight decay applies to it. */
  decays: boolean;
}

/** The present step. */
export interface StepState {
  /**
   * 1 / rows of the minibatch, or less if the gradient is clipped. The summed gradient times this is the
   * average gradient.
   */
  scale: number;
  /** After the schedule. */
  learningRate: number;
  /** Updates before this one. */
  step: number;
}

export interface Optimizer {
  /** Averages the gradient of the block and updates the block. `g` is the offset of the summed gradient. */
  update(block: ParameterBlock, g: number, state: StepState): void;
}

export interface OptimizerKind<F extends Fields = Fields> {
  kind: string;
  summary: string;
  fields: F;
  /** Names of the slots that a parameter needs. Each is as large as the parameter and starts at zero. */
  slots(config: Config<F>): readonly string[];
  build(config: Config<F>, kernels: Kernels): Optimizer;
}

/** Every optimizer has a learning rate, and says which one it takes if an experiment gives none. */
export const learningRate = (usual: number) =>
  ({
    type: 'number',
    exclusiveMinimum: 0,
    default: usual,
    description: 'Length of a step, before the schedule.',
  }) as const;

/** Every optimizer has these settings too. */
export const commonFields = {
  weightDecay: {
    type: 'number',
    minimum: 0,
    default: 0,
    description: 'L2 penalty: adds weightDecay * W to the gradient.',
  },
  decayExempt: {
    enum: ['none', 'biases', 'norms', 'biases-and-norms'],
    default: 'biases-and-norms',
    description: 'Parameters without weight decay; norms are gamma and beta of a normalisation.',
  },
  clipNorm: {
    type: 'number',
    minimum: 0,
    default: 0,
    description:
      'Largest norm of the gradient over all parameters; a longer gradient is scaled down. 0: no limit.',
  },
} as const;

/** An optimizer as it stands in a resolved experiment. */
export interface OptimizerConfig extends KindConfig {
  readonly learningRate: number;
  readonly weightDecay: number;
  readonly decayExempt: string;
  readonly clipNorm: number;
}

/** Whether weight decay applies to parameters of this role. */
export function decays(role: ParameterRole, exempt: string): boolean {
  if (role === 'bias') return exempt === 'none' || exempt === 'norms';
  if (role === 'norm') return exempt === 'none' || exempt === 'biases';
  return true;
}

/** Settings of the optimizers that keep two moments of the gradient. */
export const momentFields = {
  beta1: {
    type: 'number',
    minimum: 0,
    exclusiveMaximum: 1,
    default: 0.9,
    description: 'Share of the first moment that is kept.',
  },
  beta2: {
    type: 'number',
    minimum: 0,
    exclusiveMaximum: 1,
    default: 0.999,
    description: 'Share of the second moment that is kept.',
  },
  epsilon: {
    type: 'number',
    exclusiveMinimum: 0,
    default: 1e-8,
    description: 'Avoids a division by zero if gradients vanish.',
  },
} as const;

/**
 * Declares an optimizer. Of the settings that every one has, it gets those that it does not declare itself.
 */
export function optimizer<const F extends Fields>(kind: OptimizerKind<F>): OptimizerKind {
  const common = { learningRate: learningRate(0.001), ...commonFields };
  const missing = Object.entries(common).filter(([name]) => !(name in kind.fields));
  return erase<OptimizerKind>('optimizer', {
    ...kind,
    fields: { ...kind.fields, ...Object.fromEntries(missing) },
  });
}
