/**
 * Errors that say where something is wrong, what was expected, what was found, and what to do.
 *
 * A mistake that a user can make is thrown as a `LockstepError`. The command line prints its message as
 * one line, without a stack trace, and exits with its code. Any other error is a defect of this program
 * and keeps its stack trace.
 */

import leven from 'leven';
import { visible } from './visible.ts';

/** What each exit code of the commands means. */
export const exitCodes = {
  done: 0,
  /** The run itself failed: a worker was lost, the loss diverged, the disk was full, or a check failed. */
  failed: 1,
  /** The command line or the experiment is wrong. */
  usage: 2,
  /** A data file is missing or bad. */
  data: 3,
  /** A checkpoint or run folder is missing or bad. */
  checkpoint: 4,
  /** Stopped by SIGHUP, SIGINT or SIGTERM, as shells count them: 128 + the signal's number. */
  hungUp: 129,
  interrupted: 130,
  terminated: 143,
} as const;

export type FailureCode = 'failed' | 'usage' | 'data' | 'checkpoint';

/** The parts of a message: `where: expected A, got B; hint`. */
export interface Complaint {
  /** File with line and column, option, or path into the experiment. */
  where: string;
  /** What should have been there. */
  expected: string;
  /** What was there instead. */
  got: string;
  /** What the reader can do about it. */
  hint?: string;
}

export class LockstepError extends Error {
  override readonly name: string = 'LockstepError';
  readonly code: FailureCode;
  readonly #complaint: Complaint | undefined;

  /** @param what a list: several mistakes, each on its own line */
  constructor(code: FailureCode, what: Complaint | string | readonly string[], options?: ErrorOptions) {
    const lines = typeof what === 'string' ? [what] : 'where' in what ? [sentence(what)] : what;
    // A line feed in the name of a file would begin a line that looks like a message of ours.
    super(lines.map((line) => visible(line)).join('\n'), options);
    this.code = code;
    this.#complaint = typeof what !== 'string' && 'where' in what ? what : undefined;
  }

  /** The parts of the message, if it was made of parts. */
  get complaint(): Complaint | undefined {
    return this.#complaint;
  }

  get exitCode(): number {
    return exitCodes[this.code];
  }
}

function sentence({ where, expected, got, hint }: Complaint): string {
  return `${where}: expected ${expected}, got ${got}${hint ? `; ${hint}` : ''}`;
}

/** Several mistakes as one error, each on its own line; the same one only once. */
export function together(faults: readonly LockstepError[]): LockstepError {
  const [first, ...rest] = faults;
  if (rest.length === 0) return first!;
  return new LockstepError(first!.code, [...new Set(faults.flatMap(({ message }) => message.split('\n')))]);
}

/** The letters of a word, sorted. Two words with the same letters count as one slip of the fingers apart. */
function letters(word: string): string {
  return [...word.toLowerCase()].sort().join('');
}

/**
 * The candidate nearest to a misspelt word, or undefined if none is near enough to be meant. At most a
 * third of the word may differ, but one letter always may.
 */
export function nearest(word: string, candidates: Iterable<string>): string | undefined {
  // Nobody misspells a setting by so much, and to compare long texts takes long.
  if (word.length > 64) return undefined;
  let best: string | undefined;
  let bestDistance = Math.max(1, Math.floor((word.length + 1) / 3)) + 1;
  for (const candidate of candidates) {
    const distance =
      letters(word) === letters(candidate) ? 1 : leven(word.toLowerCase(), candidate.toLowerCase());
    if (distance < bestDistance) {
      best = candidate;
      bestDistance = distance;
    }
  }
  return best;
}
