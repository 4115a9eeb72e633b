/** A training is asked to stop after the step at hand. */
import type { Rank } from '../ranks/exchange.ts';
import { type Control, wishes, words } from '../sync/control.ts';

export interface StopHearing {
  /** Whether the training has to stop. */
  isAsked(): boolean;
  /** Hears no more. */
  end(): void;
}

/**
 * Tells the threads when the signal asks. If ranks share the training, it is a wish of one of them, and all
 * stop after the same step: the one in which they have heard of it.
 */
export function hearStop(
  signal: AbortSignal | undefined,
  { words: w }: Pick<Control, 'words'>,
  ranks: Rank | undefined,
): StopHearing {
  const stop = () => {
    if (ranks) Atomics.or(w, words.wishes, wishes.stop);
    else Atomics.store(w, words.stop, 1);
  };
  signal?.addEventListener('abort', stop);
  if (signal?.aborted) stop();
  return {
    isAsked: () => (ranks ? Atomics.load(w, words.stop) !== 0 : signal?.aborted === true),
    end: () => signal?.removeEventListener('abort', stop),
  };
}
