// A thread for the tests of the phases: takes part in courses, and sends back what it saw.
import { parentPort, workerData } from 'node:worker_threads';
import { Abandoned, takePart } from '#lockstep/sync/barrier.js';
import { attachControl, words } from '#lockstep/sync/control.js';

const { task, buffer, thread, threads, cores } = workerData;
const control = attachControl(buffer);
const place = { thread, threads, cores, active: threads };

/**
 * Courses of phases of changing length. Whoever claims a block counts it and writes the phase into a plain word;
 * before that it looks at all blocks of the phase before. Sends back how many of those were not as they should be.
 */
function rounds({ courses, phases, lengths, counts, written, owners, slow }) {
  let wrong = 0;
  let now = 0;
  const lengthOf = (phase) => lengths[phase % lengths.length];
  for (let course = 0; course < courses; course++) {
    takePart(control, place, {
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

/** Phases until somebody is told to stop; sends back which one was the last. */
function steps() {
  takePart(control, place, {
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
    takePart(control, place, {
      phases: 2,
      begin: () => threads,
      run(block) {
        // The thread that holds the first block waits for something else than the phase.
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
