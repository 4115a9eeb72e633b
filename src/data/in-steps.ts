/**
 * Long work as a generator that yields after each small step, so that it can be done at once, or beside a
 * training that must hear signals and messages.
 */
import { breathe } from '../platform/breath.ts';

export type Steps<T> = Generator<void, T>;

export function atOnce<T>(steps: Steps<T>): T {
  for (;;) {
    const { done, value } = steps.next();
    if (done) return value;
  }
}

/** Other tasks of this thread have their turn after each step. */
export async function meanwhile<T>(steps: Steps<T>): Promise<T> {
  for (;;) {
    const { done, value } = steps.next();
    if (done) return value;
    await breathe();
  }
}
