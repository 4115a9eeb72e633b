/**
 * How threads go through phases of blocks together, and meet.
 *
 * A phase is over when all its blocks are done, not when all threads have arrived: a thread that has lost
 * its core is not waited for unless it holds a block, and threads beyond the number of cores sleep through a
 * whole command. Whoever finishes the last block of a phase opens the next.
 *
 * Each thread begins with a share of a phase's blocks, the same one in every step, so that the weights it
 * updates stay in its own cache; a thread that is done takes blocks from the other shares.
 *
 * Who waits spins for a moment, because the others are usually microseconds away, and then sleeps; it does
 * not spin when more threads are awake than there are cores. (A barrier that only spins was measured to be
 * 300 times slower once threads outnumber free cores.)
 */
import { type Control, claimWord, words } from './protocol.ts';

/** What is to be done, as one thread sees it. */
export interface Course {
  phases: number;
  /** Prepares this thread for a phase, and says how many blocks it has: at least one, the same for all threads. */
  begin(phase: number): number;
  run(block: number): void;
  /**
   * Called by one thread when all blocks of a phase are done, before anybody goes on. True ends the course
   * after this phase.
   */
  done(phase: number): boolean;
}

export interface Place {
  /** This thread, from 0. */
  thread: number;
  threads: number;
  /** Cores that the threads may use; no more of them are kept awake. */
  cores: number;
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

/**
 * A claim word holds the phase, modulo this, in its upper half and the number of blocks claimed in its lower
 * half, so that one compare-and-exchange claims a block of the right phase or nothing. All threads meet before
 * the numbers come round again.
 */
const phaseNumbers = 0x8000;
const tagOf = (phase: number) => (phase % phaseNumbers) << 16;

/** The most blocks a share can have. */
const longestShare = 0xffff;

/** The most blocks a phase should have, for any number of threads. */
export const mostBlocks = 0x8000;

/** Goes through the phases of a course together with all other threads; returns when all of them are done. */
export function takePart(control: Control, place: Place, course: Course): void {
  const w = control.words;
  for (let limit = phaseNumbers; ; limit += phaseNumbers) {
    const end = Math.min(limit, course.phases);
    let phase = Atomics.load(w, words.phase);
    for (; phase < end; phase = Atomics.load(w, words.phase)) {
      workOn(w, place, course, phase, end);
      if (Atomics.load(w, words.phase) === phase) waitForNext(w, place, phase);
    }
    const over = phase >= course.phases;
    meet(w, place, () => {
      // Nobody is between two looks at a claim word now; the next course starts from zero.
      if (!over) return;
      for (let s = shareCount(place) - 1; s >= 0; s--) Atomics.store(w, claimWord(s), 0);
      Atomics.store(w, words.phase, 0);
    });
    if (over) return;
  }
}

/** How many shares the blocks of a phase are cut into: one for each thread that can be awake. */
function shareCount({ threads, cores }: Place): number {
  return Math.min(threads, cores);
}

/** Claims blocks of this phase and does them, until none is left. */
function workOn(
  w: Int32Array<SharedArrayBuffer>,
  place: Place,
  course: Course,
  phase: number,
  end: number,
): void {
  const shares = shareCount(place);
  const blocks = course.begin(phase);
  if (blocks > mostBlocks) throw new RangeError(`a phase of ${blocks} blocks, more than ${mostBlocks}`);
  const tag = tagOf(phase);
  for (let visited = 0; visited < shares; ) {
    const share = (place.thread + visited) % shares;
    const first = Math.floor((blocks * share) / shares);
    const length = Math.floor((blocks * (share + 1)) / shares) - first;
    const word = claimWord(share);
    const seen = Atomics.load(w, word);
    if ((seen & ~longestShare) !== tag) return; // The others have finished this phase.
    const claimed = seen & longestShare;
    if (claimed >= length) {
      visited++;
      continue;
    }
    if (Atomics.compareExchange(w, word, seen, seen + 1) !== seen) continue; // Somebody was quicker.
    course.run(first + claimed);
    if (Atomics.add(w, words.completed, 1) + 1 === blocks) {
      open(w, place, course, phase, end);
      return;
    }
  }
}

/** Ends a phase, all blocks of which are done, and lets everybody go on to the next. */
function open(
  w: Int32Array<SharedArrayBuffer>,
  place: Place,
  course: Course,
  phase: number,
  end: number,
): void {
  const { threads, cores } = place;
  Atomics.store(w, words.completed, 0);
  for (let s = shareCount(place) - 1; s >= 0; s--) Atomics.store(w, claimWord(s), tagOf(phase + 1));
  const next = course.done(phase) ? course.phases : phase + 1;
  Atomics.store(w, words.phase, next);
  // A thread counts itself as sleeping before it compares the phase, so none is missed.
  const sleeping = Atomics.load(w, words.sleeping);
  if (sleeping === 0) return;
  const wanted = next >= end ? sleeping : Math.min(sleeping, cores - (threads - sleeping));
  if (wanted > 0) Atomics.notify(w, words.phase, wanted);
}

function waitForNext(w: Int32Array<SharedArrayBuffer>, { threads, cores }: Place, phase: number): void {
  const awake = threads - Atomics.load(w, words.sleeping);
  if (awake <= cores && spin(w, words.phase, phase)) return;
  Atomics.add(w, words.sleeping, 1);
  sleepWhile(w, words.phase, phase);
  Atomics.sub(w, words.sleeping, 1);
}

/** Waits until all threads have come here; the last one does `beforeGoingOn` first. */
function meet(w: Int32Array<SharedArrayBuffer>, { threads, cores }: Place, beforeGoingOn: () => void): void {
  const generation = Atomics.load(w, words.generation);
  if (Atomics.add(w, words.arrived, 1) === threads - 1) {
    Atomics.store(w, words.arrived, 0);
    beforeGoingOn();
    Atomics.store(w, words.generation, (generation + 1) | 0);
    Atomics.notify(w, words.generation);
    return;
  }
  if (threads <= cores && spin(w, words.generation, generation)) return;
  sleepWhile(w, words.generation, generation);
}

/** Looks at a word for a moment; true when it has changed. */
function spin(w: Int32Array<SharedArrayBuffer>, index: number, value: number): boolean {
  for (let turn = 0; turn < spins; turn++) {
    if (Atomics.load(w, index) !== value) return true;
  }
  return false;
}

/** Sleeps until a word has changed. Throws Abandoned when the crew is dissolved. */
export function sleepWhile(w: Int32Array<SharedArrayBuffer>, index: number, value: number): void {
  while (Atomics.load(w, index) === value) {
    if (Atomics.load(w, words.abort) !== 0) throw new Abandoned();
    Atomics.wait(w, index, value, patience);
  }
}

/** Tells everyone who waits that a thread was lost. */
export function abandon({ words: w }: Control): void {
  Atomics.store(w, words.abort, 1);
  for (const word of [words.phase, words.generation, words.command, words.done]) Atomics.notify(w, word);
}
