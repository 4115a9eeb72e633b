/**
 * How threads go through phases of blocks together, and meet.
 *
 * A phase is over when all its blocks are done, not when all threads have arrived: a thread that has lost
 * its core is not waited for unless it holds a block. Threads beyond the number of cores sleep through a
 * whole program. Whoever finishes the last block of a phase opens the next.
 *
 * Each thread begins with a share of a phase's blocks, the same one in every step, so that the weights it
 * updates stay in its own cache; a thread that is done takes blocks from the other shares.
 *
 * Who waits spins for a moment, because the others are usually microseconds away, and then sleeps. (A barrier that
 * only spins was measured to be 300 times slower once threads outnumber free cores.) Waking up takes some 60 µs, for which
 * the others then wait, and sleep too: so the moment is longer than that and than a block, or one
 * interruption would be followed by hundreds of sleeps. But where a thread has lost its core to another program, whoever spins
 * keeps it from a free one: then the moment is short for a while.
 */
import { type Control, claimWord, words } from './control.ts';

/** What is to be done, as one thread sees it. */
export interface Program {
  phases: number;
  /** Prepares this thread for a phase, and says how many blocks it has: at least one, the same for all threads. */
  begin(phase: number): number;
  run(block: number): void;
  /**
   * Called by one thread when all blocks of a phase are done, before anybody goes on. True ends the program
   * after this phase.
   */
  done(phase: number): boolean;
}

export interface Member {
  /** This thread, from 0. */
  thread: number;
  threads: number;
  /** Cores that the threads may use; no more threads than that take part. */
  cores: number;
  /** Threads that take part at most: fewer can be faster. */
  active: number;
}

/** Thrown in a thread that waits when another was lost: the executor is dissolved, and somebody else says why. */
export class Abandoned extends Error {
  override readonly name = 'Abandoned';
  constructor() {
    super('another thread was lost');
  }
}

/** Turns of the spin loop: about 100 µs. */
const manySpins = 20_000;
/** The same while somebody lacks a core: about 20 µs. */
const fewSpins = 4000;
/** Milliseconds: who sleeps for longer has waited for a thread without a core. */
const absence = 0.5;
/** How many waits are short after an absence: some 5 ms of small steps. */
const shortWaits = 20;
/** How many are left for this thread. */
let shortWaitsLeft = 0;
/** A sleeper looks up this often, in milliseconds, so that a lost wake-up cannot hang a run. */
const patience = 500;

/**
 * A claim word holds the phase, modulo this, in its upper half and the number of blocks claimed in its lower
 * half, so that one compare-and-exchange claims a block of the right phase or nothing. A word of an earlier phase says that
 * nothing is claimed yet, so nobody has to write the words of others when a phase begins. All threads meet before
 * the numbers come round again, and the words are set back.
 */
const phaseNumbers = 0x8000;
const tagOf = (phase: number) => (phase % phaseNumbers) << 16;

/** The most blocks a share can have. */
const longestShare = 0xffff;

/** The most blocks a phase should have, for any number of threads. */
export const mostBlocks = 0x8000;

/**
 * Goes through the phases of a program together with all other threads; returns when all of them are done. Threads that are
 * not active only meet the others at the end.
 */
export function takePart({ words: w }: Control, member: Member, program: Program): void {
  if (member.thread < activeCount(member)) goThrough(w, member, program);
  // Nobody looks at a claim word any more; the next program starts from zero.
  meet(w, words.arrived, member.threads, member.threads <= member.cores, () => {
    setBackClaims(w, member);
    Atomics.store(w, words.phase, 0);
  });
}

function goThrough(w: Int32Array<SharedArrayBuffer>, member: Member, program: Program): void {
  for (let limit = phaseNumbers; ; limit += phaseNumbers) {
    const end = Math.min(limit, program.phases);
    let phase = Atomics.load(w, words.phase);
    for (; phase < end; phase = Atomics.load(w, words.phase)) {
      workOn(w, member, program, phase);
      if (Atomics.load(w, words.phase) === phase) waitForNext(w, phase);
    }
    if (phase >= program.phases) return;
    // Nobody may be between two looks at a claim word when the phase numbers come round again.
    meet(w, words.halted, activeCount(member), true, () => setBackClaims(w, member));
  }
}

function setBackClaims(w: Int32Array<SharedArrayBuffer>, member: Member): void {
  for (let share = activeCount(member) - 1; share >= 0; share--) Atomics.store(w, claimWord(share), 0);
}

/** How many threads take part, each with a share of the blocks of a phase: never more than there are cores. */
export function activeCount({ threads, cores, active }: Member): number {
  return Math.min(threads, cores, active);
}

/** Claims blocks of this phase and does them, until none is left. */
function workOn(w: Int32Array<SharedArrayBuffer>, member: Member, program: Program, phase: number): void {
  const shares = activeCount(member);
  const blocks = program.begin(phase);
  if (blocks > mostBlocks) throw new RangeError(`a phase of ${blocks} blocks, more than ${mostBlocks}`);
  const tag = tagOf(phase);
  // What this thread has done is counted once, because the count is everybody's: its line would wander between the caches.
  let run = 0;
  for (let visited = 0; visited < shares; ) {
    const share = (member.thread + visited) % shares;
    const first = Math.floor((blocks * share) / shares);
    const length = Math.floor((blocks * (share + 1)) / shares) - first;
    const word = claimWord(share);
    const seen = Atomics.load(w, word);
    const seenTag = seen & ~longestShare;
    if (seenTag > tag) break; // The others have finished this phase.
    const claimed = seenTag === tag ? seen & longestShare : 0;
    if (claimed >= length) {
      visited++;
      continue;
    }
    if (Atomics.compareExchange(w, word, seen, tag | (claimed + 1)) !== seen) continue; // Somebody was quicker.
    program.run(first + claimed);
    run++;
  }
  if (run > 0 && Atomics.add(w, words.completed, run) + run === blocks) open(w, program, phase);
}

/** Ends a phase, all blocks of which are done, and lets everybody go on to the next. */
function open(w: Int32Array<SharedArrayBuffer>, program: Program, phase: number): void {
  Atomics.store(w, words.completed, 0);
  Atomics.store(w, words.phase, program.done(phase) ? program.phases : phase + 1);
  // A thread counts itself as sleeping before it compares the phase, so none is missed.
  if (Atomics.load(w, words.sleeping) > 0) Atomics.notify(w, words.phase);
}

function waitForNext(w: Int32Array<SharedArrayBuffer>, phase: number): void {
  if (spin(w, words.phase, phase)) return;
  const begun = performance.now();
  Atomics.add(w, words.sleeping, 1);
  sleepWhile(w, words.phase, phase);
  Atomics.sub(w, words.sleeping, 1);
  if (performance.now() - begun > absence) shortWaitsLeft = shortWaits;
}

/**
 * Waits until `count` threads have come here; the last one does `beforeGoingOn` first. `word` counts them, and the
 * word after it the meetings.
 */
function meet(
  w: Int32Array<SharedArrayBuffer>,
  word: number,
  count: number,
  spinning: boolean,
  beforeGoingOn: () => void,
): void {
  const generation = Atomics.load(w, word + 1);
  if (Atomics.add(w, word, 1) === count - 1) {
    Atomics.store(w, word, 0);
    beforeGoingOn();
    Atomics.store(w, word + 1, (generation + 1) | 0);
    Atomics.notify(w, word + 1);
    return;
  }
  if (spinning && spin(w, word + 1, generation)) return;
  sleepWhile(w, word + 1, generation);
}

/** Looks at a word for a moment; true when it has changed. */
function spin(w: Int32Array<SharedArrayBuffer>, index: number, value: number): boolean {
  const short = shortWaitsLeft > 0;
  if (short) shortWaitsLeft--;
  const turns = short ? fewSpins : manySpins;
  for (let turn = 0; turn < turns; turn++) {
    if (Atomics.load(w, index) !== value) return true;
  }
  return false;
}

/** Sleeps until a word has changed. Throws Abandoned when the executor is dissolved. */
export function sleepWhile(w: Int32Array<SharedArrayBuffer>, index: number, value: number): void {
  while (Atomics.load(w, index) === value) {
    if (Atomics.load(w, words.abort) !== 0) throw new Abandoned();
    Atomics.wait(w, index, value, patience);
  }
}

/** Tells everyone who waits that a thread was lost. */
export function abandon({ words: w }: Control): void {
  Atomics.store(w, words.abort, 1);
  for (const word of [words.phase, words.arrived + 1, words.halted + 1, words.command, words.done])
    Atomics.notify(w, word);
}
