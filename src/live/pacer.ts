/**
 * How often something is made anew: with pauses of so many times what it takes, and of a least length.
 * What it takes is the least of the last three times, because other programs on the machine make single ones
 * long. The first times count as nothing: V8 has not compiled them, and a training has them once.
 */
export interface Pacer {
  /** It may be made. */
  readonly due: boolean;
  /** Does the work and notes what it took. */
  spend<T>(work: () => T): T;
  /** The same with work that waits for files; what it waits counts, too. */
  spendWaiting<T>(work: () => Promise<T>): Promise<T>;
  /** Something else begins that should be seen: the pause is the shortest there is. */
  hurry(): void;
}

export interface Pauses {
  /** How many times what it takes. */
  factor: number;
  /** Milliseconds of the shortest. */
  least: number;
}

/**
 * The page takes at most 0.67 % of the time of one core, and its pictures 0.33 %: together one hundredth. At
 * first pictures take fifty milliseconds and more, and are seldom all the same.
 */
export const pauses = {
  page: { factor: 150, least: 1000 },
  pictures: { factor: 300, least: 5000 },
} as const satisfies Record<string, Pauses>;

const [uncounted, remembered] = [3, 3];

/** @param now milliseconds */
export function pacer({ factor, least }: Pauses, now: () => number = () => performance.now()): Pacer {
  let next = Number.NEGATIVE_INFINITY;
  let last = Number.NEGATIVE_INFINITY;
  let done = 0;
  let times: number[] = [];
  function note(begun: number): void {
    const end = now();
    done++;
    if (done > uncounted) times = [...times, end - begun].slice(-remembered);
    const pause = times.length === 0 ? 0 : factor * Math.min(...times);
    last = end;
    next = end + Math.max(least, pause);
  }
  return {
    get due() {
      return now() >= next;
    },
    spend(work) {
      const begun = now();
      try {
        return work();
      } finally {
        note(begun);
      }
    },
    async spendWaiting(work) {
      const begun = now();
      try {
        return await work();
      } finally {
        note(begun);
      }
    },
    hurry() {
      next = Math.min(next, last + least);
    },
  };
}
