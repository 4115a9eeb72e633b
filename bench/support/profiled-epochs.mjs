// Profiled epochs of Lockstep: what each thread spends its time on, and what it waits for.
import { activities } from '../../dist/src/engine/profile.js';
import { commandCauses, phaseCauses } from '../../dist/src/engine/waits.js';
import { threads } from '../../dist/src/parallel/threads.js';
import { train } from '../../dist/src/training/train.js';

export const causes = [...phaseCauses, ...commandCauses];

/** Everything that a thread's time can go to. */
export const uses = [...activities, ...causes];

/**
 * Trains with this many threads, each with a clock around its work.
 *
 * @param skipped epochs at the beginning that are not told
 * @returns steps of an epoch, and of each epoch: its seconds and its profile, see engine/profile.ts
 */
export async function profiledEpochs(experiment, dataset, count, skipped = 1) {
  const executor = threads(count);
  const epochs = [];
  let stepsPerEpoch;
  for await (const event of train(experiment, { dataset, executor, profile: true, test: false })) {
    if (event.kind === 'start') stepsPerEpoch = event.plan.stepsPerEpoch;
    if (event.kind !== 'epoch' || event.epoch <= skipped) continue;
    epochs.push({ seconds: event.seconds, profile: event.profile });
  }
  return { stepsPerEpoch, epochs };
}

/** Seconds of each thread by use; `waiting` is the sum of its causes. */
export function secondsByUse({ threads, waits }) {
  return threads.map((seconds, thread) => {
    const waited = causes.map((cause) => {
      const same = waits[thread].filter((wait) => wait.cause === cause);
      return [cause, same.reduce((sum, wait) => sum + wait.seconds, 0)];
    });
    return { ...seconds, ...Object.fromEntries(waited) };
  });
}
