/** Distributions of Weights & Biases that we do not have, and what to write instead of each. */
import { exp } from '../foundation/exact.ts';
import type { ParameterSpec } from './schema.ts';

/** A number as people write it. */
const short = (value: number) => String(Number(value.toPrecision(4)));

/** The same interval by its values, if it is given by the exponents of e. */
function byValues({ min, max, q }: ParameterSpec, { inverse = false } = {}): string {
  const name = q === undefined ? 'log_uniform_values' : 'q_log_uniform_values';
  const step = q === undefined ? '' : `, q: ${q}`;
  if (min === undefined || max === undefined) {
    return `write ${name} with the values themselves, such as \`min: 0.001, max: 0.1${step}\``;
  }
  const [low, high] = inverse ? [exp(-max), exp(-min)] : [exp(min), exp(max)];
  const written = `write \`distribution: ${name}, min: ${short(low)}, max: ${short(high)}${step}\``;
  const meant = min > 0 ? `, or with min: ${min}, max: ${max} if these are the values themselves` : '';
  return `its min and max are exponents of e; ${written}${meant}`;
}

/** The middle 95 % of the values of a log-normal distribution, as an interval. */
function aboutLogNormal({ mu = 0, sigma = 1, q }: ParameterSpec): string {
  const [low, high] = [exp(mu - 2 * sigma), exp(mu + 2 * sigma)];
  const name = q === undefined ? 'log_uniform_values' : 'q_log_uniform_values';
  return `the nearest is \`distribution: ${name}, min: ${short(low)}, max: ${short(high)}\``;
}

const same = (name: string) => () => `write ${name}, with the same min and max`;
const beta = () => 'the nearest is `distribution: uniform, min: 0.0, max: 1.0`';

const instead: Readonly<Record<string, (spec: ParameterSpec) => string>> = {
  log_uniform: byValues,
  q_log_uniform: (spec) => byValues({ q: 1, ...spec }),
  inv_log_uniform: (spec) => byValues(spec, { inverse: true }),
  // The logarithm of 1 / x is uniform where that of x is.
  inv_log_uniform_values: same('log_uniform_values'),
  q_inv_log_uniform_values: same('q_log_uniform_values'),
  log_normal: aboutLogNormal,
  q_log_normal: (spec) => aboutLogNormal({ q: 1, ...spec }),
  beta,
  q_beta: beta,
};

/** What to write instead of a distribution that only Weights & Biases has; undefined for any other name. */
export function insteadOf(name: string, spec: ParameterSpec): string | undefined {
  return Object.hasOwn(instead, name) ? instead[name]!(spec) : undefined;
}
