/**
 * The schema of a `sweep:` block: the keys and meanings of a Weights & Biases sweep, and three of our own
 * (`seed`, `seeds`, `batch`). https://docs.wandb.ai/models/sweeps/sweep-config-keys
 */
import { experimentSchema, type Schema } from '../experiment/schema.ts';
import { objectives } from './objective.ts';

export const methods = ['grid', 'random', 'bayes'] as const;
export type Method = (typeof methods)[number];

/** Distributions that a parameter can have, with the keys that describe each. */
export const distributions = {
  constant: ['value'],
  categorical: ['values', 'probabilities'],
  uniform: ['min', 'max'],
  int_uniform: ['min', 'max'],
  q_uniform: ['min', 'max', 'q'],
  log_uniform_values: ['min', 'max'],
  q_log_uniform_values: ['min', 'max', 'q'],
  normal: ['mu', 'sigma'],
  q_normal: ['mu', 'sigma', 'q'],
} as const satisfies Record<string, readonly string[]>;
export type Distribution = keyof typeof distributions;

/** Keys of Weights & Biases that say who runs a sweep and where. Here the command line does. */
export const ignoredKeys = ['program', 'command', 'project', 'entity', 'apiVersion', 'kind'] as const;

/** A parameter as written in the file. */
export interface ParameterSpec {
  distribution?: string;
  value?: unknown;
  values?: unknown[];
  probabilities?: number[];
  min?: number;
  max?: number;
  q?: number;
  mu?: number;
  sigma?: number;
  /** More parameters below this one, as in Weights & Biases' nested sweeps. */
  parameters?: Record<string, ParameterSpec>;
}

/** The block as written, with defaults. */
export interface SweepBlock {
  name?: string;
  description?: string;
  method: Method;
  /** By default the figure by which the task keeps its best weights. */
  metric?: { name: string; goal?: 'minimize' | 'maximize'; target?: number };
  run_cap?: number;
  parameters: Record<string, ParameterSpec>;
  early_terminate?: {
    type: 'hyperband';
    min_iter?: number;
    max_iter?: number;
    s?: number;
    eta: number;
    strict: boolean;
  };
  seed: number;
  seeds: number;
  batch: number;
}

/** The most trials that hyperband may hold at a rung. Each keeps its training in memory. */
export const mostHeld = 64;

const number = (description: string, bounds: Schema = {}): Schema => ({
  type: 'number',
  ...bounds,
  description,
});
const count = (description: string, more: Schema = {}): Schema => ({
  type: 'integer',
  minimum: 1,
  ...more,
  description,
});
const closed = (properties: Record<string, Schema>, required: readonly string[] = []): Schema => ({
  type: 'object',
  properties,
  required,
  additionalProperties: false,
});

const parameterSchema: Schema = closed({
  value: { description: 'The only value.' },
  values: { type: 'array', description: 'The values to choose from.' },
  probabilities: {
    type: 'array',
    items: { type: 'number', minimum: 0 },
    description: 'Probability of each of `values`; by default all are equally likely.',
  },
  distribution: {
    type: 'string',
    examples: Object.keys(distributions),
    description: 'The distribution of the values; by default it follows from the other keys.',
  },
  min: number('Lower bound, inclusive.'),
  max: number('Upper bound, inclusive.'),
  q: number('Values are multiples of this; 1 by default.', { exclusiveMinimum: 0 }),
  mu: number('Mean of the normal distribution; 0 by default.'),
  sigma: number('Standard deviation of the normal distribution; 1 by default.', { exclusiveMinimum: 0 }),
  parameters: {
    type: 'object',
    additionalProperties: { $ref: '#/$defs/parameter' },
    description: 'Parameters below this one: `optimizer: { parameters: { momentum: ... } }`.',
  },
});

const blockProperties: Record<string, Schema> = {
  name: {
    type: 'string',
    pattern: '^[A-Za-z0-9][A-Za-z0-9._-]*$',
    description: 'Name of the folder; by default the name of the file.',
  },
  description: { type: 'string', description: 'What the sweep searches, for people.' },
  method: { enum: methods, description: 'How the next trial is chosen.' },
  metric: {
    description:
      'The figure to minimise or maximise; by default val_accuracy, of values val_rmse, of flags val_f1.',
    ...closed(
      {
        name: { type: 'string', examples: objectives(), description: `One of ${objectives().join(', ')}.` },
        goal: { enum: ['minimize', 'maximize'], description: 'By default `minimize` for a loss.' },
        target: number('No further batch of trials begins once a trial is as good as this.'),
      },
      ['name'],
    ),
  },
  run_cap: count('The most trials; needed where the method never ends by itself.'),
  parameters: {
    type: 'object',
    additionalProperties: { $ref: '#/$defs/parameter' },
    description: 'The settings that vary: paths into the experiment, such as `optimizer.learningRate`.',
  },
  early_terminate: {
    description: 'Stops trials that are behind, by successive halving.',
    ...closed(
      {
        type: { enum: ['hyperband'], description: 'The only kind.' },
        min_iter: count('Epochs before the first rung; the next are at eta times as many.'),
        max_iter: count('Rungs are at max_iter / eta, max_iter / eta^2, ...'),
        s: count('How many rungs there are with max_iter.'),
        eta: number('One trial in `eta` goes on at each rung.', { exclusiveMinimum: 1, default: 3 }),
        strict: { enum: [true], default: true, description: 'Only the best share goes on.' },
      },
      ['type'],
    ),
  },
  seed: {
    type: 'integer',
    minimum: 0,
    default: 1,
    description: 'Key of what `random` and `bayes` draw. Trainings have the seed of the experiment.',
  },
  seeds: count('Trainings of each trial, with the seeds S, S+1, ...; the objective is their mean.', {
    maximum: 1000,
    default: 1,
  }),
  batch: count('Trials that are decided upon together, by `bayes`, `early_terminate` and `target`.', {
    maximum: 1000,
    default: 8,
  }),
};

/** The schema of the block alone. */
export const sweepSchema: Schema = {
  $defs: { parameter: parameterSchema },
  ...closed(blockProperties, ['method', 'parameters']),
};

/** The schema of a sweep's file, for editors: an experiment or its name, and the block. */
export function sweepFileSchema(): Schema {
  const experiment = experimentSchema({ short: true });
  return {
    ...experiment,
    title: 'A sweep over a Lockstep experiment',
    $defs: { ...(experiment.$defs as object), parameter: parameterSchema },
    properties: {
      ...(experiment.properties as object),
      experiment: {
        type: 'string',
        description: 'The experiment that is varied; the settings of this file replace its own.',
      },
      sweep: closed(blockProperties, ['method', 'parameters']),
    },
    required: ['sweep'],
  };
}

/** How ajv reads it. */
export const sweepOptions = {
  allErrors: true,
  useDefaults: true,
  verbose: true,
  strict: true,
  strictRequired: false,
} as const;
