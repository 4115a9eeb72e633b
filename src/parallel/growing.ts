/**
 * An executor that begins alone, in this very thread, and goes on with more threads when cores come free: the
 * bits are the same for any number, so it may change its mind whenever a command begins.
 */
import { attachControl, resetCommands } from '../sync/control.ts';
import type { Executor, Session } from './executor.ts';
import { inline } from './inline.ts';
import { threads } from './threads.ts';

/**
 * What is left of a training must take longer than this, in milliseconds, for threads to be worth their
 * start.
 */
const worthwhile = 500;

/** Up to `most` threads; `free` says how many may work when the next command begins. */
export function growing(most: number, free: () => number): Executor {
  return {
    threads: most,
    name: `up to ${most} threads`,
    async start(task, steps) {
      let session: Session = await inline().start(task, steps);
      let count = 1;
      let left = steps;
      let each = 0;
      const grow = async () => {
        const wanted = Math.min(most, free());
        if (wanted <= count || left * each < worthwhile) return;
        await session.end();
        resetCommands(attachControl(task.control));
        session = await threads(wanted, { choose: true }).start(task, left);
        count = wanted;
      };
      return {
        async run(command) {
          if (command.kind !== 'train') return session.run(command);
          await grow();
          const begun = performance.now();
          await session.run(command);
          each = (performance.now() - begun) / command.count;
          left -= command.count;
        },
        active: () => session.active(),
        end: () => session.end(),
        abort: async () => session.abort?.(),
      };
    },
  };
}
