/**
 * The words that coordinator and workers share, by name. Both sides import this file, the only place that
 * says what a word means.
 *
 * All of them are accessed with Atomics, which are sequentially consistent: if a thread wrote something to
 * the shared memory before it completed a block, every thread sees it in the next phase.
 */
import { allocateShared } from '../platform/shared-memory.ts';

/** A cache line holds 16 words of 4 bytes, and lines are fetched in pairs. */
const linePair = 32;

/** Indices of Int32 words. Words that different threads write at the same time lie in different lines. */
export const words = {
  /** Number of the newest command. Workers wait for it to grow. */
  command: 0,
  /** What to do: one of `commands`. */
  kind: 1,
  /** train: epoch, counted from 1. */
  epoch: 2,
  /** train: first step of the epoch to do. evaluate: the set, an index of `evaluationSets`. */
  first: 3,
  /** train: number of steps. evaluate: number of samples. */
  count: 4,
  /** train: steps of the same request that earlier commands did; `steps` counts on from there. */
  before: 7,
  /** The most threads that take part. */
  active: 8,
  /** Not 0: a thread was lost or failed, and all threads leave at the next wait. */
  abort: 5,
  /** Not 0: stop after the present step. The thread that ends a step looks at it. */
  stop: 6,
  /** Not 0: end the command after the present step, because the coordinator has something to look at. */
  pause: 9,
  /** Ranks: what this one would like all of them to do after a step, a sum of `wishes`. */
  wishes: 10,
  /** Ranks: the sum of the wishes of all that were granted, and not yet fulfilled. */
  granted: 11,
  /** Ranks: grows while a thread waits for the others, as a sign of work. */
  waiting: 12,

  /** Number of the newest command that is done. The coordinator waits for it. */
  done: linePair,
  /** Steps of the command that are done. */
  steps: linePair + 1,
  /** Samples since figures were taken. */
  seen: linePair + 3,
  /** Where the sums begin, as the index of a word (see `Control.sums`). */
  sums: linePair + 2,
  /** How many sums there are. */
  sumCount: linePair + 4,
  /** A schedule's factor on the learning rate: two words, one float64 (see `rateFactor`). */
  rateFactor: linePair + 6,

  /** Number of the phase at hand, in its program. Threads wait for it to change. */
  phase: 2 * linePair,
  /** Threads that sleep until the next phase. */
  sleeping: 3 * linePair,
  /** Blocks of the phase that are done. */
  completed: 4 * linePair,
  /**
   * Threads that have arrived at the barrier after a program. The next word is the number of the barrier;
   * threads wait for it to change.
   */
  arrived: 5 * linePair,
  /** The same two words for the barrier within a program, before phase numbers come round again. */
  halted: 5 * linePair + 2,
} as const;

/** Index of the word with the phase and the number of claimed blocks of a share; see barrier.ts. */
export function claimWord(share: number): number {
  return (6 + share) * linePair;
}

export const commands = { train: 1, evaluate: 2, leave: 3 } as const;

/** What a rank can wish for; all ranks grant it after the same step. */
export const wishes = { stop: 1, checkpoint: 2 } as const;

/** The sets of samples that can be evaluated; `words.first` holds an index into them. */
export const evaluationSets = ['validation', 'test'] as const;
export type EvaluationSet = (typeof evaluationSets)[number];

/** The control words of one executor. */
export interface Control {
  words: Int32Array<SharedArrayBuffer>;
  /**
   * The sum of the losses since figures were taken, and then the sums of the task's figure: see
   * `MinibatchTally`. One thread a step writes them.
   */
  sums: Float64Array<SharedArrayBuffer>;
  /** One element: a schedule's second factor. Only the coordinator writes it, between commands. */
  rateFactor: Float64Array<SharedArrayBuffer>;
}

/** @param sums numbers that are summed over minibatches, the loss among them */
export function createControl(threads: number, sums = 2): Control {
  const first = claimWord(threads);
  const buffer = allocateShared((first + 2 * sums) * 4);
  const w = new Int32Array(buffer);
  w[words.sums] = first;
  w[words.sumCount] = sums;
  const control = attachControl(buffer);
  control.rateFactor[0] = 1;
  control.words[words.active] = threads;
  return control;
}

export function attachControl(buffer: SharedArrayBuffer): Control {
  const w = new Int32Array(buffer);
  return {
    words: w,
    sums: new Float64Array(buffer, w[words.sums]! * 4, w[words.sumCount]!),
    rateFactor: new Float64Array(buffer, words.rateFactor * 4, 1),
  };
}

/** Whether the threads have to end the command after the present step. */
export function isHalting(w: Int32Array<SharedArrayBuffer>): boolean {
  return Atomics.load(w, words.stop) !== 0 || Atomics.load(w, words.pause) !== 0;
}

/** Makes the words what they were at first, but for `stop` and the rate, after threads were lost. */
export function resetControl({ words: w }: Control): void {
  const kept = [words.stop, words.sums, words.sumCount, words.active, words.rateFactor, words.rateFactor + 1];
  const end = w[words.sums]!;
  for (let word = 0; word < end; word++) if (!kept.includes(word)) Atomics.store(w, word, 0);
}

/** Resets the numbering of commands: another session takes over and counts from the beginning. */
export function resetCommands({ words: w }: Control): void {
  for (const word of [words.command, words.done]) Atomics.store(w, word, 0);
}
