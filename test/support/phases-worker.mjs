// A thread for the tests of barrier.ts: takes part in programs of phases, and sends back what it saw.
import { parentPort, workerData } from 'node:worker_threads';
import { Abandoned, takePart } from '#lockstep/sync/barrier.js';
import { attachControl, words } from '#lockstep/sync/control.js';

const { task, buffer, thread, threads, cores } = workerData;
const control = attachControl(buffer);
const member = { thread, threads, cores, active: threads };

/**
 * Programs whose phases have changing lengths. A thread that claims a block first looks at all blocks of the
 * phase before. Then it counts its block and writes the phase into a plain word. Sends back how many of the
 * earlier blocks were wrong.
 */
function rounds({ programs, phases, lengths, counts, written, owners, slow }) {
  let wrong = 0;
  let now = 0;
  const lengthOf = (phase) => lengths[phase % lengths.length];
  for (let program = 0; program < programs; program++) {
    takePart(control, member, {
      phases,
      begin(phase) {
        now = phase;
        return lengthOf(phase);
      },
      run(block) {
        const half = written.length / 2;
        if (now > 0) {
          const before = ((now - 1) % 2) * half;
          for (let b = 0; b < lengthOf(now - 1); b++) if (written[before + b] !== now - 1) wrong++;
        }
        Atomics.add(counts, block, 1);
        written[(now % 2) * half + block] = now;
        owners[block] = thread;
        if (thread === slow) for (const until = performance.now() + 3; performance.now() < until; );
      },
      done: () => false,
    });
  }
  return wrong;
}

/** Runs phases until it is told to stop. Sends back the number of the last one. */
function steps() {
  takePart(control, member, {
    phases: 1e9,
    begin: () => threads,
    run: () => {},
    done(phase) {
      Atomics.store(control.words, words.steps, phase + 1);
      return Atomics.load(control.words, words.stop) !== 0;
    },
  });
  return Atomics.load(control.words, words.steps);
}

/** Waits for a block of a thread that never comes. */
function lost() {
  try {
    takePart(control, member, {
      phases: 2,
      begin: () => threads,
      run(block) {
        // The thread that holds the first block does not wait for the phase, but for another word.
        if (block === 0) Atomics.wait(control.words, words.abort, 0);
      },
      done: () => false,
    });
  } catch (error) {
    if (error instanceof Abandoned) return 'abandoned';
    throw error;
  }
  return 'done';
}

parentPort.postMessage({ rounds, steps, lost }[task.name](task));
