// A thread for the tests of the barrier: does what it is told, and sends back what it saw.
import { parentPort, workerData } from 'node:worker_threads';
import { Abandoned, threadMeeting } from '#lockstep/foundation/barrier.js';
import { attachControl } from '#lockstep/foundation/protocol.js';

const { task, control, thread, threads, spin } = workerData;
const meeting = threadMeeting(attachControl(control), thread, threads, spin);

/**
 * Rounds of phases of changing length. Whoever claims a block counts it and writes the round into a plain
 * word; after the meeting every thread looks at all blocks. Sends back how many blocks were not as they should be.
 */
function rounds({ rounds, lengths, counts, written, owners, slow }) {
  let wrong = 0;
  const expected = new Int32Array(counts.length);
  for (let round = 0; round < rounds; round++) {
    const blocks = lengths[round % lengths.length];
    for (let block = meeting.claim(blocks); block >= 0; block = meeting.claim(blocks)) {
      Atomics.add(counts, block, 1);
      written[block] = round;
      owners[block] = thread;
      if (thread === slow) for (const until = performance.now() + 3; performance.now() < until; );
    }
    meeting.meet();
    for (let block = 0; block < blocks; block++) {
      if (Atomics.load(counts, block) !== ++expected[block] || written[block] !== round) wrong++;
    }
    // Nobody may begin the next round while another still looks.
    meeting.meet();
  }
  return wrong;
}

/** Steps until everybody is told to stop; sends back how many. */
function steps() {
  let step = 0;
  while (!meeting.stopped()) meeting.meetAfterStep(++step);
  return step;
}

/** Waits for threads that never come. */
function lost() {
  try {
    meeting.meet();
  } catch (error) {
    if (error instanceof Abandoned) return 'abandoned';
    throw error;
  }
  return 'met';
}

parentPort.postMessage({ rounds, steps, lost }[task.name](task));
