/** The number of threads as a command line names it. */
import { LockstepError } from '../foundation/errors.ts';
import { once } from './options.ts';

/** `auto`, or an integer; with `inline` also that. */
export function threadCount(given: string): number | 'auto';
export function threadCount(given: string, inline: true): number | 'auto' | 'inline';
export function threadCount(given: string, inline = false): number | 'auto' | 'inline' {
  const text = once('threads', given);
  if (text === 'auto' || (inline && text === 'inline')) return text as 'auto';
  if (/^[1-9]\d{0,3}$/.test(text)) return Number(text);
  throw new LockstepError('usage', {
    where: '--threads',
    expected: `an integer at least 1${inline ? ', `auto`, or `inline`' : ' or `auto`'}`,
    got: JSON.stringify(text),
  });
}
