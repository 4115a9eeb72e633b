/**
 * How often something is made anew: at most once a second, and with pauses of at least 200 times what it
 * took. There are two such things, the page and its pictures, so together they cost at most 1 % of the time.
 * The first few times count as nothing: they are slow, because V8 has not compiled them, and a training has
 * them once.
 */
export interface Pacer {
  /** It may be made. */
  readonly due: boolean;
  /** Does the work and notes what it took. */
  spend<T>(work: () => T): T;
}

const [shortest, pauses, uncounted] = [1000, 200, 3];

/** @param now milliseconds */
export function pacer(now: () => number = () => performance.now()): Pacer {
  let next = Number.NEGATIVE_INFINITY;
  let done = 0;
  return {
    get due() {
      return now() >= next;
    },
    spend(work) {
      const begun = now();
      try {
        return work();
      } finally {
        const end = now();
        const pause = done < uncounted ? 0 : pauses * (end - begun);
        done++;
        next = end + Math.max(shortest, pause);
      }
    },
  };
}
