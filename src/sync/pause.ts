/**
 * What a spinning thread does between two looks at a word: `Atomics.pause`, where the engine has it. It tells
 * the core that this thread waits, so that another thread of the same core, if there is one, gets more of it.
 */

/** Newer than the types of the language. */
const known: (() => void) | undefined = (Atomics as { pause?: () => void }).pause;
const nothing = () => {};

/** Waits for a moment, if the engine can. */
export const pause: () => void = known ?? nothing;

/** Nanoseconds of a turn of the spin loop without a pause. */
const plainTurn = 5;
/** The least and the most that a pause may count for, whatever the clock says. */
const [fewest, most] = [2, 60];

/** How many turns without a pause take as long as one with it: from 40 to 140 cycles, by the processor. */
export const turnsOfPause: number = known ? measure(known) : 1;

function measure(pause: () => void): number {
  // The loop is not compiled yet, and takes its own time.
  const nanoseconds = timeOf(pause) - timeOf(nothing);
  return Math.min(most, Math.max(fewest, 1 + Math.round(nanoseconds / plainTurn)));
}

/** Nanoseconds of a call: of the fastest of some bursts, because a thread may lose its core in one. */
function timeOf(call: () => void): number {
  const [bursts, calls] = [5, 100];
  let best = Number.POSITIVE_INFINITY;
  for (let burst = 0; burst < bursts; burst++) {
    const begun = performance.now();
    for (let i = 0; i < calls; i++) call();
    best = Math.min(best, performance.now() - begun);
  }
  return (best * 1e6) / calls;
}
