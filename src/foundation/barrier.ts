/**
 * How threads share blocks and meet: counters from which blocks are claimed, and a barrier.
 *
 * Each thread has a share of a phase's blocks, the same one in every step, so that the weights it updates
 * stay in its own cache; a thread that is done takes blocks from the shares of the others, so that one which
 * loses its core holds up a block and not a share.
 *
 * A thread that arrives spins for a moment, because the others are usually microseconds away, and then
 * sleeps. It must not spin for longer, and not at all when there are more threads than cores: a thread that
 * spins on the core another one needs was measured to slow a step 300 times.
 */
import { type Control, claimWord, words } from './protocol.ts';

/** Claims blocks of the phase at hand, and meets the other threads at its end. */
export interface Meeting {
  /** A block of the phase's `blocks` that nobody has taken yet, or -1 when all are taken. */
  claim(blocks: number): number;
  /** Waits until all threads have arrived. */
  meet(): void;
  /** The same, at the end of step number `done` of the command: everybody learns here whether to stop. */
  meetAfterStep(done: number): void;
  /** Whether everybody is to stop after the step that was just done. */
  stopped(): boolean;
}

/** Thrown in a thread that waits when another was lost: the crew is dissolved, and somebody else says why. */
export class Abandoned extends Error {
  override readonly name = 'Abandoned';
  constructor() {
    super('another thread was lost');
  }
}

/** Turns of the spin loop: about 20 µs. */
const spins = 4000;
/** A sleeper looks up this often, in milliseconds, so that a lost wake-up cannot hang a run. */
const patience = 500;

/** The meeting of `threads` threads. `spin` only where each thread has a core of its own. */
export function threadMeeting(
  { words: w }: Control,
  thread: number,
  threads: number,
  spin: boolean,
): Meeting {
  const turns = spin ? spins : 0;
  /** Whose share is being taken from: the thread's own first. */
  let share = thread;

  /** Returns true in the thread that arrived last, before the others go on. */
  const meet = (beforeGoingOn?: () => void) => {
    const generation = Atomics.load(w, words.generation);
    if (Atomics.add(w, words.arrived, 1) === threads - 1) {
      Atomics.store(w, words.arrived, 0);
      for (let t = 0; t < threads; t++) Atomics.store(w, claimWord(t), 0);
      beforeGoingOn?.();
      Atomics.store(w, words.generation, (generation + 1) | 0);
      // A thread counts itself as sleeping before it compares the generation, so none is missed here.
      if (Atomics.load(w, words.sleeping) > 0) Atomics.notify(w, words.generation);
      return;
    }
    waitWhile(w, words.generation, generation, turns, words.sleeping);
  };

  return {
    claim(blocks) {
      for (let visited = 0; visited < threads; visited++) {
        const first = Math.floor((blocks * share) / threads);
        const end = Math.floor((blocks * (share + 1)) / threads);
        const block = first + Atomics.add(w, claimWord(share), 1);
        if (block < end) return block;
        share = share + 1 === threads ? 0 : share + 1;
      }
      share = thread;
      return -1;
    },
    meet: () => meet(),
    meetAfterStep(done) {
      meet(() => {
        Atomics.store(w, words.steps, done);
        if (Atomics.load(w, words.stop) !== 0) Atomics.store(w, words.stopped, 1);
      });
    },
    stopped: () => Atomics.load(w, words.stopped) !== 0,
  };
}

/** Waits until the word `index` is no longer `value`. Throws Abandoned when the crew is dissolved. */
export function waitWhile(
  w: Int32Array<SharedArrayBuffer>,
  index: number,
  value: number,
  turns: number,
  sleeping?: number,
): void {
  for (let turn = 0; turn < turns; turn++) {
    if (Atomics.load(w, index) !== value) return;
  }
  if (sleeping !== undefined) Atomics.add(w, sleeping, 1);
  while (Atomics.load(w, index) === value) {
    if (Atomics.load(w, words.abort) !== 0) throw new Abandoned();
    Atomics.wait(w, index, value, patience);
  }
  if (sleeping !== undefined) Atomics.sub(w, sleeping, 1);
}

/** Tells everyone who waits that a thread was lost. */
export function abandon({ words: w }: Control): void {
  Atomics.store(w, words.abort, 1);
  Atomics.notify(w, words.generation);
  Atomics.notify(w, words.command);
}

/** The meeting of a single participant. */
export function lonelyMeeting({ words: w }: Control): Meeting {
  let next = 0;
  return {
    claim: (blocks) => (next < blocks ? next++ : -1),
    meet() {
      next = 0;
    },
    meetAfterStep(done) {
      next = 0;
      w[words.steps] = done;
      if (w[words.stop] !== 0) w[words.stopped] = 1;
    },
    stopped: () => w[words.stopped] !== 0,
  };
}
