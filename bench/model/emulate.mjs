// The work of n threads, done by one: this thread plays all of them in turn, each with its own share of the
// blocks, its own lists and its own scratch, and times every block. So a machine with few cores can tell how
// long the blocks are that many threads would have, without anything that threads do to each other.
import { joinTask } from '../../dist/src/parallel/participant.js';
import { attachControl, words } from '../../dist/src/sync/control.js';
import { train } from '../../dist/src/training/train.js';
import { quantile } from '../support/statistics.mjs';

/** The share of the blocks that a thread begins with, as barrier.ts divides them. */
export function shareOf(blocks, threads, thread) {
  const first = Math.floor((blocks * thread) / threads);
  return { first, end: Math.floor((blocks * (thread + 1)) / threads) };
}

/**
 * Trains for the experiment's epochs; the last is measured.
 *
 * @returns plan: the plan for so many threads; phases: of each phase of a step its name and the seconds of
 *   each block, the lower quartile over the steps, because the model counts interruptions by themselves;
 *   activities: seconds a step by activity, all threads together
 */
export async function emulate(experiment, dataset, threads) {
  let plan;
  const measured = { phases: [], activities: {} };
  const executor = { threads, name: 'emulated', start: async (task) => session(task, threads, measured) };
  for await (const event of train(experiment, { dataset, executor, test: false })) {
    if (event.kind === 'start') plan = event.plan;
  }
  const phases = measured.phases.map(({ name, times }) => ({
    name,
    blocks: times.map(usual),
  }));
  const activities = Object.entries(measured.activities).map(([name, steps]) => [name, usual(steps)]);
  return { plan, phases, activities: Object.fromEntries(activities) };
}

const usual = (times) => quantile(times, 0.25);

/** A session of an executor, see src/parallel/executor.ts. */
function session(task, threads, measured) {
  const control = attachControl(task.control);
  /** Seconds of the step at hand, by activity. */
  const now = {};
  const timed =
    (activity, work) =>
    (...given) => {
      const begun = performance.now();
      work(...given);
      const spent = (performance.now() - begun) / 1000;
      now[activity] = (now[activity] ?? 0) + spent;
    };
  const clocks = (settings) => ({ ...settings, profiler: { timed, at() {} } });
  const all = Array.from({ length: threads }, (_, thread) =>
    joinTask(task, control, thread, threads, clocks),
  ).map(({ work }) => work);
  return {
    async run({ epoch, first, count }) {
      // What was measured before this epoch was not warm.
      measured.phases = all[0].phases.map(({ name }) => ({ name, times: [] }));
      measured.activities = {};
      for (let step = first; step < first + count; step++) {
        for (const work of all) work.begin(epoch, step);
        for (const activity of Object.keys(now)) now[activity] = 0;
        for (const [index, { times }] of measured.phases.entries()) playPhase(all, index, times);
        for (const [activity, spent] of Object.entries(now)) {
          measured.activities[activity] ??= [];
          measured.activities[activity].push(spent);
        }
      }
      Atomics.store(control.words, words.steps, count);
    },
    active: () => threads,
    end: async () => {},
  };
}

/** Does all blocks of a phase. `times`: of each block, its seconds in every step. */
function playPhase(all, index, times) {
  for (const [thread, { phases }] of all.entries()) {
    const phase = phases[index];
    const blocks = phase.begin();
    const { first, end } = shareOf(blocks, all.length, thread);
    for (let block = first; block < end; block++) {
      const begun = performance.now();
      phase.run(block);
      times[block] ??= [];
      times[block].push((performance.now() - begun) / 1000);
    }
  }
}
