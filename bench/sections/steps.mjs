// The parts of a training step: microseconds of each thread by activity, a mean over the steps of an epoch.
// A thread waits for the other threads, for a core, or for the next command. The clock around each piece of
// work makes a step a few percent longer than in the section `epochs`.

import { availableCores } from '../../dist/src/platform/cores.js';
import { benchExperiment, networks } from '../support/networks.mjs';
import { profiledEpochs, secondsByUse, uses } from '../support/profiled-epochs.mjs';
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
      const { stepsPerEpoch, epochs } = await profiledEpochs(experiment, dataset, count);
      const spent = epochs.map(({ profile }) => secondsByUse(profile));
      for (let thread = 0; thread < count; thread++) {
        const place = `${network.name} b${batchSize}, thread ${thread + 1} of ${count}`;
        for (const use of [...uses, 'waiting']) {
          const microseconds = spent.map((seconds) => (seconds[thread][use] * 1e6) / stepsPerEpoch);
          if (microseconds.every((time) => time === 0)) continue;
          lines.push(line('steps', `${place}: ${labels[use] ?? use}`, 'µs a step', 'lower', microseconds));
        }
      }
    }
  }
  progress('');
  return lines;
}

/** Prints medians: one row for each thread, one column for each activity and each cause of waiting. */
export function printSteps(title, lines) {
  const rows = new Map();
  for (const { name, median } of lines) {
    const [place, use] = name.split(': ');
    rows.set(place, { ...rows.get(place), [use]: median });
  }
  const columns = uses.map((use) => labels[use] ?? use);
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
