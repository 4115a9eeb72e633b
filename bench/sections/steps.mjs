// The parts of a training step: microseconds of each thread by activity, a mean over the steps of an epoch.
// A thread waits for the other threads, for a core, or for the next command. The clock around each piece of
// work makes a step a few percent longer than in the section `epochs`.

import { activities } from '../../dist/src/engine/profile.js';
import { threads } from '../../dist/src/parallel/threads.js';
import { availableCores } from '../../dist/src/platform/cores.js';
import { train } from '../../dist/src/training/train.js';
import { benchExperiment, networks } from '../support/networks.mjs';
import { progress } from '../support/progress.mjs';
import { line } from '../support/report.mjs';
import { figure, printTable } from '../support/table.mjs';

export async function steps({ dataset, quick }) {
  const batchSize = 64;
  const epochs = quick ? 1 : 4;
  const executors = [...new Set([1, availableCores()])];
  const lines = [];
  for (const network of networks) {
    const experiment = benchExperiment(network, { batchSize, epochs: 1 + epochs });
    for (const count of executors) {
      progress(`steps: ${network.name}, ${count} threads`);
      for (const [thread, spent] of (await profile(experiment, dataset, count)).entries()) {
        const place = `${network.name} b${batchSize}, thread ${thread + 1} of ${count}`;
        for (const activity of [...activities, 'waiting']) {
          const microseconds = spent.map((seconds) => seconds[activity] * 1e6);
          if (microseconds.every((time) => time === 0)) continue;
          lines.push(
            line('steps', `${place}: ${labels[activity] ?? activity}`, 'µs a step', 'lower', microseconds),
          );
        }
      }
    }
  }
  progress('');
  return lines;
}

/** Prints medians: one row for each thread, one column for each activity. */
export function printSteps(title, lines) {
  const rows = new Map();
  for (const { name, median } of lines) {
    const [place, activity] = name.split(': ');
    rows.set(place, { ...rows.get(place), [activity]: median });
  }
  const columns = [...activities, 'waiting'].map((activity) => labels[activity] ?? activity);
  const used = columns.filter((column) => [...rows.values()].some((row) => row[column] !== undefined));
  console.log(`\n${title}; microseconds, medians`);
  printTable(
    ['', ...used, 'in all'],
    [...rows].map(([place, row]) => {
      const times = used.map((column) => row[column] ?? 0);
      return [place, ...times.map(figure), figure(times.reduce((sum, time) => sum + time, 0))];
    }),
  );
}

const labels = { update: 'sum, average, update' };

/** Seconds a step by activity, of each thread, for each epoch but the first. */
async function profile(experiment, dataset, count) {
  const spent = Array.from({ length: count }, () => []);
  let stepsPerEpoch;
  for await (const event of train(experiment, {
    dataset,
    executor: threads(count),
    profile: true,
    test: false,
  })) {
    if (event.kind === 'start') stepsPerEpoch = event.plan.stepsPerEpoch;
    if (event.kind !== 'epoch' || event.epoch === 1) continue;
    for (const [thread, seconds] of event.profile.threads.entries()) {
      const aStep = Object.entries(seconds).map(([name, value]) => [name, value / stepsPerEpoch]);
      spent[thread].push(Object.fromEntries(aStep));
    }
  }
  return spent;
}
