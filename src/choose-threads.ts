/**
 * Finds by trying how many threads train fastest: a tiny network loses more by its threads' meetings than it gains. The bits
 * are the same for any number, so the choice is free, and it is made during the first steps of the training itself.
 *
 * All, half, a quarter ... of the threads do a few steps each, in turns, because other programs come and go; what counts
 * is the fastest turn of each. Fewer threads must not be slower by more than `tolerance` to be taken.
 */

/** Turns of each candidate; the first is not counted, because code and caches are cold. */
const turns = 4;
/** How long a turn should take, in milliseconds: many steps of a tiny network, few of a large one. */
const turnTime = 4;
const longestTurn = 64;
const tolerance = 1.02;
/** Where the trial would be a larger share of the training than this, all threads train. */
const largestShare = 0.2;

export interface Choice {
  /** What to do next; undefined steps: as many as there are. */
  next(): { active: number; steps: number | undefined };
  /** How long the steps took, in milliseconds. */
  took(steps: number, milliseconds: number): void;
}

/** Chooses among up to `most` threads for a training of so many steps. */
export function chooseThreads(most: number, trainingSteps: number): Choice {
  const candidates: number[] = [];
  for (let active = most; active >= 1; active = Math.floor(active / 2)) candidates.push(active);
  const fastest = candidates.map(() => Number.POSITIVE_INFINITY);
  let steps = 2;
  let turn = 0;
  let chosen = candidates.length > 1 ? undefined : most;
  const trial = () => candidates.length * turns * steps;
  return {
    next() {
      if (chosen === undefined && trial() > largestShare * trainingSteps) chosen = most;
      if (chosen !== undefined) return { active: chosen, steps: undefined };
      return { active: candidates[turn % candidates.length]!, steps };
    },
    took(done, milliseconds) {
      if (chosen !== undefined) return;
      const each = milliseconds / done;
      const candidate = turn % candidates.length;
      if (turn >= candidates.length) fastest[candidate] = Math.min(fastest[candidate]!, each);
      turn++;
      // All threads have had their cold turn: now it is known how many steps fill one.
      if (turn === candidates.length) steps = Math.min(longestTurn, Math.max(2, Math.ceil(turnTime / each)));
      if (turn < turns * candidates.length) return;
      const best = Math.min(...fastest);
      chosen = candidates.findLast((_, i) => fastest[i]! <= best * tolerance);
    },
  };
}
