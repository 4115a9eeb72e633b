/** No threads: for the debugger, for tests, for a browser, and for trainings too small to share. */
import { breathe } from '../platform/breath.ts';
import { attachControl, isHalting } from '../sync/control.ts';
import type { Executor } from './executor.ts';
import { joinTask, perform } from './participant.ts';

/** Milliseconds between two looks at the event loop: signals and progress need them. */
const breath = 20;

export function inline(): Executor {
  return {
    threads: 1,
    name: 'inline',
    async start(task) {
      const control = attachControl(task.control);
      const participant = joinTask(task, control, 0, 1);
      const member = { thread: 0, threads: 1, cores: 1, active: 1 };
      return {
        async run(command) {
          if (command.kind === 'evaluate') {
            perform(participant, command, control, member);
            return;
          }
          let begun = performance.now();
          for (let before = 0; before < command.count; before++) {
            const step = { ...command, first: command.first + before, count: 1, before };
            perform(participant, step, control, member);
            if (isHalting(control.words)) break;
            if (performance.now() - begun > breath) {
              await breathe();
              begun = performance.now();
            }
          }
        },
        active: () => 1,
        end: async () => {},
      };
    },
  };
}
