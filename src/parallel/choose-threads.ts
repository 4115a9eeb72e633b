/**
 * Finds by trying how many threads train fastest: a tiny network loses more by its threads' meetings than it
 * gains. The bits are the same for any number, so the choice is free, and it is made during the training
 * itself.
 *
 * All, half, a quarter ... of the threads, and as many as there are physical cores, do a few steps each, in
 * turns, because other programs come and go; what counts is the fastest turn of each. Fewer threads must not
 * be slower by more than `tolerance` to be taken.
 *
 * A choice is soon made again, and then less and less often. During the first steps V8 compiles the
 * training's JavaScript for each thread, on the cores that are compared: on two cores that took one thread
 * for 784-128-10 in three trainings of eight, which then lasted a third longer.
 */

/** Turns of each candidate; the first is not counted, because code and caches are cold. */
const turns = 4;
/** How long a turn should take, in milliseconds: many steps of a tiny network, few of a large one. */
const turnTime = 4;
const longestTurn = 64;
const tolerance = 1.02;
/**
 * Where a trial would be a larger share of what is left of the training than this, it goes on as it was, at
 * first with all threads.
 */
const largestShare = 0.2;
/** How long the first choice stands, in milliseconds of training. */
const firstTerm = 250;
/** Each choice stands so many times as long as the one before, up to the longest term. */
const growth = 4;
const longestTerm = 30_000;

export interface Choice {
  /** What to do next; undefined steps: as many as there are. */
  next(): { active: number; steps: number | undefined };
  /** How long the steps took, in milliseconds. */
  took(steps: number, milliseconds: number): void;
  /** The last choice; undefined before the first. */
  readonly chosen: number | undefined;
}

/**
 * Chooses among up to `most` threads for a training of so many steps.
 *
 * @param physical cores that share nothing with each other, if that is known
 */
export function chooseThreads(most: number, trainingSteps: number, physical: number = most): Choice {
  const tried = new Set(physical < most ? [physical] : []);
  for (let active = most; active >= 1; active = Math.floor(active / 2)) tried.add(active);
  const candidates = [...tried].sort((a, b) => b - a);
  const fastest = candidates.map(() => Number.POSITIVE_INFINITY);
  let stepsLeft = trainingSteps;
  let steps = 2;
  let turn = 0;
  let trying = candidates.length > 1;
  let chosen = trying ? undefined : most;
  /** Milliseconds: how long a choice stands, and has stood. */
  let term = trying ? firstTerm : Number.POSITIVE_INFINITY;
  let stood = 0;
  /** Milliseconds of a step with the chosen threads. */
  let stepTime = 0;

  function choose(): void {
    const best = Math.min(...fastest);
    const choice = fastest.findLastIndex((time) => time <= best * tolerance);
    chosen = candidates[choice]!;
    stepTime = fastest[choice]!;
    trying = false;
    stood = 0;
  }
  function tryAgain(): void {
    trying = true;
    turn = 0;
    fastest.fill(Number.POSITIVE_INFINITY);
    term = Math.min(term * growth, longestTerm);
  }

  return {
    get chosen() {
      return chosen;
    },
    next() {
      if (trying && candidates.length * turns * steps > largestShare * stepsLeft) {
        trying = false;
        term = Number.POSITIVE_INFINITY;
        chosen ??= most;
      }
      if (trying) return { active: candidates[turn % candidates.length]!, steps };
      const untilTrial = Math.max(steps, Math.ceil((term - stood) / stepTime));
      return { active: chosen!, steps: term === Number.POSITIVE_INFINITY ? undefined : untilTrial };
    },
    took(done, milliseconds) {
      stepsLeft -= done;
      if (!trying) {
        stood += milliseconds;
        if (stood >= term) tryAgain();
        return;
      }
      const each = milliseconds / done;
      const candidate = turn % candidates.length;
      if (turn >= candidates.length) fastest[candidate] = Math.min(fastest[candidate]!, each);
      turn++;
      // All threads have had their cold turn: now it is known how many steps fill one.
      if (turn === candidates.length) steps = Math.min(longestTurn, Math.max(2, Math.ceil(turnTime / each)));
      if (turn === turns * candidates.length) choose();
    },
  };
}
