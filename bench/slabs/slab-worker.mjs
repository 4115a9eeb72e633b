// One thread of the usual way. It waits for the next epoch, goes through it together with the others, and
// reports when it is done.
import { workerData } from 'node:worker_threads';
import { sleepWhile, takePart } from '../../dist/src/sync/barrier.js';
import { attachControl, commands, words } from '../../dist/src/sync/control.js';
import { slabWork } from './slab-work.mjs';

const { task, place } = workerData;
const control = attachControl(task.control);
const w = control.words;
const work = slabWork(task, place.thread);
for (let number = 0; ; number++) {
  sleepWhile(w, words.command, number);
  if (Atomics.load(w, words.kind) === commands.leave) break;
  work.epoch(Atomics.load(w, words.epoch));
  let phase = 0;
  takePart(control, place, {
    phases: work.phases,
    begin(next) {
      phase = next;
      return work.begin(next);
    },
    run: (block) => work.run(phase, block),
    done(finished) {
      work.stepDone(finished);
      return false;
    },
  });
  if (Atomics.compareExchange(w, words.done, number, number + 1) === number) Atomics.notify(w, words.done);
}
