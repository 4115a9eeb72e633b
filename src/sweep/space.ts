/**
 * The search space of a sweep: its checked parameters, each with the numbers or values that it can take.
 */

import { madeSettings } from '../experiment/data-settings.ts';
import { type Key, keysOf, pathOf } from '../experiment/setting-path.ts';
import { shown } from '../foundation/check.ts';
import { type Complaint, LockstepError, nearest } from '../foundation/errors.ts';
import { isPrototypeKey } from '../foundation/prototype-keys.ts';
import { insteadOf } from './foreign-distributions.ts';
import { type Distribution, distributions, type Method, type ParameterSpec } from './schema.ts';

/** The values of a trial's parameters, by their paths. */
export type Parameters = Readonly<Record<string, unknown>>;

/** The place of a setting in the file, for messages. */
export type Position = (keys: readonly Key[], ofKey?: boolean) => string;

/** A parameter of the sweep, whatever its values. */
export interface Named {
  /** Path into the experiment: `optimizer.learningRate`. */
  path: string;
  /** The source of a value of this parameter, for messages. */
  origin(value: unknown): string;
}

/** A list of values. */
export interface Choice extends Named {
  kind: 'choice';
  values: readonly unknown[];
  /** Adds up to 1. */
  probabilities: readonly number[];
}

/** Numbers from `min` to `max`, uniform in themselves or in their logarithm. */
export interface Interval extends Named {
  kind: 'interval';
  scale: 'linear' | 'log';
  min: number;
  max: number;
  /** All values are multiples of this. */
  quantum?: number;
}

/** Normally distributed numbers. */
export interface Normal extends Named {
  kind: 'normal';
  mu: number;
  sigma: number;
  quantum?: number;
}

export type Dimension = Choice | Interval | Normal;

/** The smallest and the largest number of quanta within an interval. */
export function quantaOf({ min, max, quantum = 1 }: Interval): { first: number; last: number } {
  // If only rounding keeps a bound from being a multiple, it counts as one: 0.3 / 0.1 = 2.9999999999999996.
  const slack = 1e-9;
  return { first: Math.ceil(min / quantum - slack), last: Math.floor(max / quantum + slack) };
}

/** A multiple of a quantum as people write it: 3 * 0.1 is 0.3. */
export function multiple(count: number, quantum: number): number {
  return Number((count * quantum).toPrecision(12));
}

/** Number of values of a dimension; infinite if they cannot be counted. */
export function sizeOf(dimension: Dimension): number {
  if (dimension.kind === 'choice') return dimension.values.length;
  if (dimension.kind === 'normal' || dimension.quantum === undefined) return Number.POSITIVE_INFINITY;
  const { first, last } = quantaOf(dimension);
  return last - first + 1;
}

/** Settings that cannot be varied, with the reason. */
const fixed: Readonly<Record<string, string>> = {
  name: 'a name changes nothing',
  description: 'a description changes nothing',
  claims: 'a claim changes nothing',
  'data.source': 'all trials see the same data',
  ...Object.fromEntries(madeSettings.map((name) => [`data.${name}`, 'all trials see the same data'])),
  'data.monitor': 'trials are judged by the validation images',
};

/** The parameters of a block, and what is wrong with them. */
export interface Space {
  dimensions: Dimension[];
  /** Those too whose values are wrong. */
  named: Named[];
  faults: LockstepError[];
}

/** Checks the parameters of a block. `at` are the keys that lead to the block. */
export function readSpace(
  parameters: Record<string, ParameterSpec>,
  at: readonly Key[],
  {
    method,
    position,
    isInteger,
  }: { method: Method; position: Position; isInteger(keys: readonly Key[]): boolean },
): Space {
  const space: Space = { dimensions: [], named: [], faults: [] };
  const { dimensions, named, faults } = space;
  const all: Dimension[] = [];
  const visit = (specs: Record<string, ParameterSpec>, keys: readonly Key[], prefix: readonly Key[]) => {
    if (Object.keys(specs).length === 0) {
      faults.push(
        new LockstepError('usage', {
          where: position(keys),
          expected: 'at least one parameter',
          got: 'none',
        }),
      );
    }
    for (const [name, spec] of Object.entries(specs)) {
      const here = [...keys, name];
      const path = [...prefix, ...keysOf(name)];
      const strange = path.find(isPrototypeKey);
      if (strange !== undefined) {
        const got = `the key ${JSON.stringify(strange)}`;
        const where = position(here, true);
        faults.push(new LockstepError('usage', { where, expected: 'a path into the experiment', got }));
        continue;
      }
      if (spec.parameters) {
        const [other] = Object.keys(spec).filter((key) => key !== 'parameters');
        if (other !== undefined) {
          faults.push(
            new LockstepError('usage', {
              where: position([...here, other], true),
              expected: 'either nested parameters or a distribution',
              got: 'both',
            }),
          );
        }
        visit(spec.parameters, [...here, 'parameters'], path);
        continue;
      }
      const context = { path: pathOf(path), here, method, position, isInteger };
      named.push({ path: context.path, origin: () => position(here, true) });
      try {
        all.push(dimensionOf(spec, context));
      } catch (error) {
        if (!(error instanceof LockstepError)) throw error;
        faults.push(error);
      }
    }
  };
  visit(parameters, at, []);

  const places = new Map<string, Dimension>();
  for (const dimension of all) {
    const complaint = twinComplaint(dimension, places.get(dimension.path)) ?? fixedComplaint(dimension);
    places.set(dimension.path, dimension);
    if (complaint) faults.push(new LockstepError('usage', complaint));
    else dimensions.push(dimension);
  }
  return space;
}

function twinComplaint({ path, origin }: Dimension, twin: Dimension | undefined): Complaint | undefined {
  if (!twin) return undefined;
  const got = `${path} again, as at ${twin.origin(undefined)}`;
  return { where: origin(undefined), expected: 'each setting once', got };
}

function fixedComplaint({ path, origin }: Dimension): Complaint | undefined {
  const [, reason] = Object.entries(fixed).find(([of]) => path === of || path.startsWith(`${of}.`)) ?? [];
  const executes = path.startsWith('execution') && path !== 'execution.threads';
  if (reason === undefined && !executes) return undefined;
  return {
    where: origin(undefined),
    expected: 'a setting that changes the training',
    got: `${path}; ${reason ?? 'how it is executed changes nothing'}`,
  };
}

interface Context {
  path: string;
  /** Keys that lead to the parameter in the file. */
  here: readonly Key[];
  method: Method;
  position: Position;
  isInteger(keys: readonly Key[]): boolean;
}

function dimensionOf(spec: ParameterSpec, context: Context): Dimension {
  const { path, here, method, position } = context;
  const distribution = distributionOf(spec, context);
  const used: readonly string[] = distributions[distribution];
  for (const key of Object.keys(spec)) {
    if (key === 'distribution' || used.includes(key)) continue;
    throw wrong(context, [key], `only ${used.join(', ')} for ${distribution}`, key, { ofKey: true });
  }
  const origin = () => position(here, true);
  const quantum =
    distribution === 'int_uniform' ? 1 : distribution.startsWith('q_') ? (spec.q ?? 1) : undefined;
  const step = quantum === undefined ? {} : { quantum };

  if (distribution === 'constant' || distribution === 'categorical') {
    const { values, keys } = listed(spec, distribution, context);
    const origins = new Map(values.map((value, i) => [value, position([...here, ...keys(i)])]));
    return {
      kind: 'choice',
      path,
      values,
      probabilities: probabilitiesOf(spec, values.length, context),
      origin: (value) => origins.get(value) ?? origin(),
    };
  }
  if (
    method === 'grid' &&
    (quantum === undefined || distribution.includes('normal') || distribution.includes('log'))
  ) {
    throw wrong(context, [], 'values that a grid can list', distribution, {
      hint: 'write `values`, or int_uniform or q_uniform with min and max, or choose `method: random`',
    });
  }
  if (distribution === 'normal' || distribution === 'q_normal') {
    return { kind: 'normal', path, mu: spec.mu ?? 0, sigma: spec.sigma ?? 1, ...step, origin };
  }

  for (const key of ['min', 'max'] as const) {
    if (spec[key] === undefined) {
      throw new LockstepError('usage', `${position(here)}: setting "${key}" is missing for ${distribution}`);
    }
  }
  const { min, max } = spec as { min: number; max: number };
  const scale = distribution.includes('log') ? 'log' : 'linear';
  if (min > max) throw wrong(context, ['max'], `at least min, which is ${min}`, String(max));
  if (min === max) {
    throw wrong(context, ['max'], `above min, which is ${min}`, String(max), {
      hint: 'write `value` for one value',
    });
  }
  if (scale === 'log' && min <= 0) {
    throw wrong(context, ['min'], 'above 0, because a logarithmic range has no zero', String(min));
  }
  if (distribution === 'int_uniform') {
    for (const key of ['min', 'max'] as const) {
      if (!Number.isInteger(spec[key])) throw wrong(context, [key], 'an integer', String(spec[key]));
    }
  }
  const interval: Interval = { kind: 'interval', path, scale, min, max, ...step, origin };
  if (quantum !== undefined && sizeOf(interval) < 1) {
    throw wrong(context, ['q'], `a multiple of q from ${min} to ${max}`, `q ${quantum}`);
  }
  return interval;
}

/** The distribution as written, or as it follows from the other keys, as in Weights & Biases. */
function distributionOf(spec: ParameterSpec, context: Context): Distribution {
  const { here, position, isInteger } = context;
  const given = spec.distribution;
  if (given !== undefined) {
    if (given in distributions) return given as Distribution;
    if (given === 'categorical_w_probabilities') return 'categorical';
    const known = Object.keys(distributions);
    const meant = nearest(given, known);
    throw wrong(context, ['distribution'], `one of ${known.join(', ')}`, given, {
      hint: insteadOf(given, spec) ?? (meant === undefined ? undefined : `did you mean "${meant}"?`),
    });
  }
  if ('value' in spec) return 'constant';
  if ('values' in spec) return 'categorical';
  if ('min' in spec && 'max' in spec) {
    const whole = isInteger([...here, 'min']) && isInteger([...here, 'max']);
    return 'q' in spec ? 'q_uniform' : whole ? 'int_uniform' : 'uniform';
  }
  const [lonely] = ['min', 'max'].filter((key) => key in spec);
  throw new LockstepError('usage', {
    where: position(here, lonely === undefined),
    expected: 'value, values, min and max, or a distribution',
    got: lonely === undefined ? shown(Object.keys(spec)) : `${lonely} alone`,
  });
}

/** The values of a list, and the keys that lead to each in the file. */
function listed(
  spec: ParameterSpec,
  distribution: Distribution,
  context: Context,
): { values: readonly unknown[]; keys(index: number): Key[] } {
  const { here, position } = context;
  const key = distribution === 'constant' ? 'value' : 'values';
  if (!(key in spec)) {
    throw new LockstepError('usage', `${position(here)}: setting "${key}" is missing for ${distribution}`);
  }
  if (distribution === 'constant') return { values: [spec.value], keys: () => ['value'] };
  const values = spec.values!;
  if (values.length === 0) throw wrong(context, ['values'], 'at least one value', '[]');
  const seen = new Set<string>();
  for (const [i, value] of values.entries()) {
    const text = JSON.stringify(value);
    if (seen.has(text)) throw wrong(context, ['values', i], 'each value once', `${shown(value)} again`);
    seen.add(text);
  }
  return { values, keys: (index) => ['values', index] };
}

function probabilitiesOf(spec: ParameterSpec, count: number, context: Context): number[] {
  const given = spec.probabilities;
  if (!given) return Array.from({ length: count }, () => 1 / count);
  if (context.method === 'grid') {
    throw wrong(
      context,
      ['probabilities'],
      'no probabilities in a grid, which takes every value',
      shown(given),
      {
        ofKey: true,
      },
    );
  }
  if (given.length !== count) {
    throw wrong(context, ['probabilities'], `${count} probabilities, one a value`, String(given.length));
  }
  const sum = given.reduce((total, share) => total + share, 0);
  if (Math.abs(sum - 1) > 1e-6) {
    throw wrong(context, ['probabilities'], 'a sum of 1', String(Number(sum.toPrecision(6))));
  }
  return given.map((share) => share / sum);
}

function wrong(
  { here, position }: Context,
  keys: readonly Key[],
  expected: string,
  got: string,
  { hint, ofKey = false }: { hint?: string | undefined; ofKey?: boolean } = {},
): LockstepError {
  const where = position([...here, ...keys], ofKey || keys.length === 0);
  return new LockstepError('usage', { where, expected, got, ...(hint === undefined ? {} : { hint }) });
}
