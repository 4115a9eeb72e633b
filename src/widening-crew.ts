/**
 * A crew that begins alone, in this very thread, and goes on with more threads when cores come free: the bits are
 * the same for any number, so it may change its mind whenever a command begins.
 */
import { type Crew, inline, type Team, threads } from './crew.ts';
import { attachControl, words } from './foundation/protocol.ts';

/** What is left of a training must take longer than this, in milliseconds, for threads to be worth their start. */
const worthwhile = 500;

/** Up to `most` threads; `free` says how many may work when the next command begins. */
export function widening(most: number, free: () => number): Crew {
  return {
    threads: most,
    name: `up to ${most} threads`,
    async assemble(task, steps) {
      const { words: w } = attachControl(task.control);
      let team: Team = await inline().assemble(task, steps);
      let count = 1;
      let left = steps;
      let each = 0;
      const widen = async () => {
        const wanted = Math.min(most, free());
        if (wanted <= count || left * each < worthwhile) return;
        await team.dismiss();
        // Commands are numbered from the beginning of a team.
        for (const word of [words.command, words.done]) Atomics.store(w, word, 0);
        team = await threads(wanted, { choose: true }).assemble(task, left);
        count = wanted;
      };
      return {
        async run(command) {
          if (command.kind !== 'train') return team.run(command);
          await widen();
          const begun = performance.now();
          await team.run(command);
          each = (performance.now() - begun) / command.count;
          left -= command.count;
        },
        active: () => team.active(),
        dismiss: () => team.dismiss(),
      };
    },
  };
}
