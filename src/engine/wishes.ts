/**
 * What ranks would like to do after a step: stop, or take a checkpoint. Each tells the others with what it
 * sends in the step, so all of them grant the same wishes after the same step.
 */
import type { Elements } from '../kernels/layout.ts';
import type { Shared } from '../model/shared-minibatch.ts';
import { type Control, wishes, words } from '../sync/control.ts';

/** What is done before an exchange, and after it. */
export function meetWishes(
  elements: Elements,
  { ranks, wishes: { offset } }: Pick<Shared, 'ranks' | 'wishes'>,
  rank: number,
  { words: w }: Pick<Control, 'words'>,
): { before(): void; after(): void } {
  return {
    before() {
      elements[offset + rank] = Atomics.load(w, words.wishes);
    },
    after() {
      let granted = 0;
      for (let other = 0; other < ranks; other++) granted |= elements[offset + other]!;
      if (granted === 0) return;
      Atomics.or(w, words.granted, granted);
      if (granted & wishes.stop) Atomics.store(w, words.stop, 1);
      if (granted & wishes.checkpoint) Atomics.store(w, words.pause, 1);
    },
  };
}
