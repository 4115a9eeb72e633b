/** A number of cores or trials, as `--threads` and `--parallel` of sweeps name it. */
import { LockstepError } from '../foundation/errors.ts';
import { once } from './options.ts';

/** A positive number, or undefined for `auto`. */
export function countOf(name: string, value: unknown): number | undefined {
  if (value === undefined || once(name, value) === 'auto') return undefined;
  if (/^[1-9]\d{0,3}$/.test(once(name, value))) return Number(value);
  throw new LockstepError('usage', {
    where: `--${name}`,
    expected: 'an integer at least 1, or `auto`',
    got: JSON.stringify(value),
  });
}
