/** When checkpoints are due: every so many minutes, or epochs. */
import type { Experiment } from '../experiment/experiment.ts';
import type { Rank } from '../ranks/exchange.ts';
import { type Control, wishes, words } from '../sync/control.ts';

export interface CheckpointClock {
  /** Whether one is due after so many steps. */
  isDue(steps: number): boolean;
  /** One was taken. */
  taken(): void;
  end(): void;
}

/**
 * By the minute, the threads are asked to pause after the step at hand, so that one can be taken. If ranks
 * share the training, rank 0 has the clock, and all of them pause after the same step.
 */
export function checkpointClock(
  { checkpoint }: Experiment['execution'],
  stepsPerEpoch: number,
  { words: w }: Control,
  ranks: Rank | undefined,
): CheckpointClock {
  const { minutes, epochs } = checkpoint;
  if (minutes === undefined) {
    const period = epochs! * stepsPerEpoch;
    return { isDue: (steps) => steps % period === 0, taken() {}, end() {} };
  }
  if (ranks) return sharedClock(minutes, w, ranks);
  let due = false;
  const timer = setInterval(() => {
    due = true;
    Atomics.store(w, words.pause, 1);
  }, minutes * 60_000);
  // A browser has no such method.
  timer.unref?.();
  return {
    isDue: () => due,
    taken() {
      due = false;
    },
    end: () => clearInterval(timer),
  };
}

function sharedClock(minutes: number, w: Control['words'], { index }: Rank): CheckpointClock {
  const { checkpoint } = wishes;
  const wish = () => void Atomics.or(w, words.wishes, checkpoint);
  const timer = index === 0 ? setInterval(wish, minutes * 60_000) : undefined;
  timer?.unref?.();
  return {
    isDue: () => (Atomics.load(w, words.granted) & checkpoint) !== 0,
    taken() {
      for (const word of [words.granted, words.wishes]) Atomics.and(w, word, ~checkpoint);
    },
    end: () => clearInterval(timer),
  };
}
