/** When checkpoints are due: every so many minutes, or epochs. */
import type { Experiment } from '../experiment/experiment.ts';
import { type Control, words } from '../sync/control.ts';

export interface CheckpointClock {
  /** Whether one is due after so many steps. */
  isDue(steps: number): boolean;
  /** One was taken. */
  taken(): void;
  end(): void;
}

/** By the minute, the threads are asked to pause after the step at hand, so that one can be taken. */
export function checkpointClock(
  { checkpoint }: Experiment['execution'],
  stepsPerEpoch: number,
  { words: w }: Control,
): CheckpointClock {
  const { minutes, epochs } = checkpoint;
  if (minutes === undefined) {
    const period = epochs! * stepsPerEpoch;
    return { isDue: (steps) => steps % period === 0, taken() {}, end() {} };
  }
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
