/**
 * Threads go through a program of phases together. A phase consists of blocks, and it is over when all of
 * its blocks are done, not when all threads have arrived.
 *
 * A thread begins with its own share of the blocks, the same in every step, and then takes blocks from the
 * other shares. The thread that finishes the last block opens the next phase. A waiting thread spins for
 * about 100 µs and then sleeps: waking up takes 60 µs, and a barrier that only spins was 300 times slower
 * once threads outnumbered free cores. docs/architecture.md, "Memory and threads", has the reasons.
 */
import { type Control, claimWord, words } from './control.ts';
import { pause, turnsOfPause } from './pause.ts';

/** A program of phases, as one thread sees it. */
export interface Program {
  phases: number;
  /** Prepares this thread for a phase. Returns its number of blocks: at least 1, the same in all threads. */
  begin(phase: number): number;
  run(block: number): void;
  /**
   * Called by one thread when all blocks of a phase are done, before any thread goes on. If it returns true,
   * the program ends after this phase.
   */
  done(phase: number): boolean;
}

/**
 * Told by a thread how it waits, for somebody who measures it; each call is made when it begins. What follows
 * the last call lasts until the thread calls `program.begin`, or one of these again.
 */
export interface Watch {
  /**
   * No block of the phase is left, and some are not done. `took`: this thread has done blocks of it; false:
   * the others had taken all of them.
   */
  waits(took: boolean): void;
  /** It gives its core away until the phase is over. */
  sleeps(): void;
  /** The phase is over. */
  goesOn(): void;
  /** The program is over; the others may not have come here. Only of threads that take part. */
  ends(): void;
}

export interface Member {
  /** This thread, from 0. */
  thread: number;
  threads: number;
  /** Cores that the threads may use. No more threads than that take part. */
  cores: number;
  /** The most threads that take part: fewer can be faster. */
  active: number;
}

/** Thrown in a waiting thread when another thread was lost. The coordinator reports the reason. */
export class Abandoned extends Error {
  override readonly name = 'Abandoned';
  constructor() {
    super('another thread was lost');
  }
}

/**
 * Turns of the spin loop without a pause, about 100 µs: longer than a wake-up and than a block. With shorter
 * waits, one interruption was followed by hundreds of sleeps.
 */
const manySpins = 20_000;
/** Turns while a thread lacks a core, about 20 µs: a spinning thread would keep the core from it. */
const fewSpins = 4000;
/** Milliseconds of sleep after which a thread takes it that another one lacks a core. */
const absence = 0.5;
/** Number of short waits after such a sleep: some 5 ms of small steps. */
const shortWaits = 20;
/** How many of them are left for this thread. */
let shortWaitsLeft = 0;
/**
 * A sleeping thread looks up after this many milliseconds. It has to when another thread was lost: it may
 * look at `abort` just before that is set, and fall asleep just after `abandon` woke all. Otherwise no
 * wake-up is lost: scripts/survive/barrier-model.mjs runs this file in every order, without any timeout.
 */
const patience = 500;

/**
 * A claim word holds the phase, modulo this, in its upper half and the number of claimed blocks in its lower
 * half. So one compare-and-exchange claims a block of the right phase, or nothing. If the word is of an
 * earlier phase, nothing is claimed yet, and no thread has to reset the words when a phase begins. Before
 * the numbers come round again, all threads wait at a barrier and the words are reset.
 */
const phaseNumbers = 0x8000;
const tagOf = (phase: number) => (phase % phaseNumbers) << 16;

/** The most blocks a share can have. */
const longestShare = 0xffff;

/** The most blocks that a phase may have, for any number of threads. */
export const mostBlocks = 0x8000;

/**
 * Goes through the phases of a program together with all other threads. Returns when all of them are done.
 * Threads that are not active only wait at the barrier at the end.
 *
 * @param watch is told how this thread waits; the clocks are its own
 */
export function takePart({ words: w }: Control, member: Member, program: Program, watch?: Watch): void {
  if (member.thread < activeCount(member)) goThrough(w, member, program, watch);
  // No thread looks at a claim word any more, so the next program can start from zero.
  meet(w, words.arrived, member.threads, member.threads <= member.cores, () => {
    setBackClaims(w, member);
    Atomics.store(w, words.phase, 0);
  });
}

function goThrough(
  w: Int32Array<SharedArrayBuffer>,
  member: Member,
  program: Program,
  watch: Watch | undefined,
): void {
  for (let limit = phaseNumbers; ; limit += phaseNumbers) {
    const end = Math.min(limit, program.phases);
    let phase = Atomics.load(w, words.phase);
    for (; phase < end; phase = Atomics.load(w, words.phase)) {
      const took = workOn(w, member, program, phase);
      if (Atomics.load(w, words.phase) !== phase) continue;
      watch?.waits(took);
      waitForNext(w, phase, watch);
      watch?.goesOn();
    }
    if (phase >= program.phases) break;
    // No thread may be between two looks at a claim word when the phase numbers come round again.
    meet(w, words.halted, activeCount(member), true, () => setBackClaims(w, member));
  }
  watch?.ends();
}

function setBackClaims(w: Int32Array<SharedArrayBuffer>, member: Member): void {
  for (let share = activeCount(member) - 1; share >= 0; share--) Atomics.store(w, claimWord(share), 0);
}

/** Number of threads that take part, each with a share of the blocks: never more than there are cores. */
export function activeCount({ threads, cores, active }: Member): number {
  return Math.min(threads, cores, active);
}

/** Claims blocks of this phase and runs them, until none is left. Returns whether there was one for it. */
function workOn(w: Int32Array<SharedArrayBuffer>, member: Member, program: Program, phase: number): boolean {
  const shares = activeCount(member);
  const blocks = program.begin(phase);
  // Without a block, or with a number of them that is none, nobody would ever open the next phase.
  if (!(blocks >= 1 && blocks <= mostBlocks)) {
    throw new RangeError(`a phase: expected 1 to ${mostBlocks} blocks, got ${blocks}`);
  }
  const tag = tagOf(phase);
  let took = false;
  // Blocks that it has done and not counted. The less often it counts, the less that cache line wanders.
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
      // It counts those of its own share before it looks at the others': if it is the last, all others wait,
      // and the way past many shares is long.
      if (visited === 0 && run > 0) {
        if (countDone(w, program, phase, run, blocks)) return true;
        run = 0;
      }
      visited++;
      continue;
    }
    // If another thread was quicker, look again.
    if (Atomics.compareExchange(w, word, seen, tag | (claimed + 1)) !== seen) continue;
    program.run(first + claimed);
    took = true;
    run++;
  }
  if (run > 0) countDone(w, program, phase, run, blocks);
  return took;
}

/**
 * Counts blocks as done. If these were the last of the phase, it ends, all threads go on to the next, and
 * true is returned.
 */
function countDone(
  w: Int32Array<SharedArrayBuffer>,
  program: Program,
  phase: number,
  run: number,
  blocks: number,
): boolean {
  if (Atomics.add(w, words.completed, run) + run !== blocks) return false;
  Atomics.store(w, words.completed, 0);
  Atomics.store(w, words.phase, program.done(phase) ? program.phases : phase + 1);
  // A thread counts itself as sleeping before it compares the phase, so none is missed.
  if (Atomics.load(w, words.sleeping) > 0) Atomics.notify(w, words.phase);
  return true;
}

function waitForNext(w: Int32Array<SharedArrayBuffer>, phase: number, watch: Watch | undefined): void {
  if (spin(w, words.phase, phase)) return;
  watch?.sleeps();
  const begun = performance.now();
  Atomics.add(w, words.sleeping, 1);
  sleepWhile(w, words.phase, phase);
  Atomics.sub(w, words.sleeping, 1);
  if (performance.now() - begun > absence) shortWaitsLeft = shortWaits;
}

/**
 * A barrier: waits until `count` threads have come here. The last one calls `beforeGoingOn` and lets the
 * others go. `word` counts the threads, and the word after it counts the barriers passed.
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

/** Watches a word for a moment. Returns true if it has changed. */
function spin(w: Int32Array<SharedArrayBuffer>, index: number, value: number): boolean {
  const short = shortWaitsLeft > 0;
  if (short) shortWaitsLeft--;
  const turns = short ? fewSpins : manySpins;
  for (let turn = 0; turn < turns; turn += turnsOfPause) {
    if (Atomics.load(w, index) !== value) return true;
    pause();
  }
  return false;
}

/** Sleeps until a word has changed. Throws Abandoned if another thread was lost. */
export function sleepWhile(w: Int32Array<SharedArrayBuffer>, index: number, value: number): void {
  while (Atomics.load(w, index) === value) {
    if (Atomics.load(w, words.abort) !== 0) throw new Abandoned();
    Atomics.wait(w, index, value, patience);
  }
}

/** Tells all waiting threads that a thread was lost. */
export function abandon({ words: w }: Control): void {
  Atomics.store(w, words.abort, 1);
  for (const word of [words.phase, words.arrived + 1, words.halted + 1, words.command, words.done])
    Atomics.notify(w, word);
}
