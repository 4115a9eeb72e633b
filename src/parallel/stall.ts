/**
 * Notices that threads do nothing any more, such as in an endless loop.
 *
 * A thread that finishes a block claims the next one or adds to the blocks that are done, so the control
 * words change whenever any thread finishes one. If they stay as they are for much longer than the longest
 * block took, although this process had processor time, a thread is stuck. A machine that was stopped, and a
 * process that waits for a core, are not: a clock that ticks late does not count. A process that does nothing
 * may wait for a disk, or a thread sleeps for ever: that counts a quarter.
 */
import { processorTime } from '../platform/cores.ts';

/** Seconds without a block after which threads count as stuck, at the least. */
export const leastPatience = 30;
/** And so many times the longest block so far. */
const patienceFactor = 20;
/** Seconds that the first block may take: threads start, plan the network, and compile. */
const firstPatience = 300;
/** Milliseconds between two looks. */
const tick = 250;
/** A look that comes later than this, in milliseconds, was kept from a core. */
const lateTick = 1000;
/** Of a core, in a tick: less means that the process did nothing. */
const leastShare = 0.1;
const idleWeight = 0.25;

export interface StallWatch {
  /** A command begins. */
  begin(): void;
  /** A command is done. */
  rest(): void;
  /** Ends the watch. */
  end(): void;
}

/** What shows that threads are at work. */
interface SignsOfWork {
  /** Change whenever a thread finishes a block. */
  words: Int32Array;
  /** Whether blocks of this command are known to be done, although they may all have been before a look. */
  hasBegun(): boolean;
}

/** Calls `stuck` once, with the seconds, if no thread finishes a block for too long during a command. */
export function watchStalls(
  { words, hasBegun }: SignsOfWork,
  stuck: (seconds: number) => void,
  patience = leastPatience,
): StallWatch {
  let seen = '';
  let stood = 0;
  let longest = 0;
  let changes = 0;
  let clock = 0;
  let processor = 0;
  let timer: NodeJS.Timeout | undefined;

  function look(): void {
    const [now, spent] = [performance.now(), processorTime()];
    const [wall, worked] = [now - clock, spent - processor];
    [clock, processor] = [now, spent];
    if (hasBegun()) changes = Math.max(changes, 2);
    const state = words.join();
    if (state !== seen) {
      if (seen !== '') changes++;
      // The first change is a block that is claimed: the time before is that in which threads start.
      if (changes > 1) longest = Math.max(longest, stood);
      seen = state;
      stood = 0;
      return;
    }
    if (wall > lateTick) return;
    stood += (worked < leastShare * wall ? idleWeight : 1) * (wall / 1000);
    const most =
      changes > 1 ? Math.max(patience, patienceFactor * longest) : Math.max(patience, firstPatience);
    if (stood < most) return;
    stop();
    stuck(stood);
  }
  function stop(): void {
    clearInterval(timer);
    timer = undefined;
  }
  return {
    begin() {
      [seen, stood] = ['', 0];
      [clock, processor] = [performance.now(), processorTime()];
      timer ??= setInterval(look, tick);
    },
    rest() {
      // All of its blocks are done, although they may have been too short to be seen.
      changes = Math.max(changes, 2);
      stop();
    },
    end: stop,
  };
}
