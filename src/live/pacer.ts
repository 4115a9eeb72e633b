/**
 * How often something is made anew: at most once a second, and with pauses of so many times what it takes.
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

/** The page takes at most 0.67 % of the time, and its pictures 0.33 %: together one hundredth. */
export const pauses = { page: 150, pictures: 300 } as const;

const [shortest, uncounted, remembered] = [1000, 3, 3];

/** @param now milliseconds */
export function pacer(factor: number, now: () => number = () => performance.now()): Pacer {
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
    next = end + Math.max(shortest, pause);
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
      next = Math.min(next, last + shortest);
    },
  };
}
