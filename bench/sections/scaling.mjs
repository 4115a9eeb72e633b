// The gain from more threads, and their cost if they cannot help: whole epochs, in turn, on 1, 2, 4, ...
// threads up to as many as there are cores, on 8 and on 64; and on as many as there are cores while another
// program keeps one core busy. All must give the same weights, or the bench fails. Networks that take long
// are measured on fewer images and in fewer rounds, and their time is scaled.
//
// Then one profiled epoch for each number of threads that have a core: where the time goes.
import { spawn } from 'node:child_process';
import { availableCores } from '../../dist/src/platform/cores.js';
import { lockstepEpochs } from '../support/lockstep-epochs.mjs';
import {
  benchExperiment,
  epochSamples,
  networkOf,
  samplesOf,
  scaledFrom,
  warmUpsOf,
} from '../support/networks.mjs';
import { profiledEpochs, secondsByUse, uses } from '../support/profiled-epochs.mjs';
import { progress } from '../support/progress.mjs';
import { line, printLines } from '../support/report.mjs';
import { median } from '../support/statistics.mjs';
import { figure, percent, printTable } from '../support/table.mjs';

/** Keeps a core busy until the bench ends, however it ends. */
const busy = 'for (const bench = process.ppid; process.ppid === bench; );';

const profiledUnit = 'µs a step';

/** 1, 2, 4, ... up to so many cores, and that number itself. */
export function threadCounts(cores) {
  const counts = new Set();
  for (let count = 1; count < cores; count *= 2) counts.add(count);
  return [...counts.add(cores)];
}

/** The networks that are measured, and their batch sizes. */
export const scaled = [
  ['784-128-10', 64],
  ['784-512-128-64-10', 128],
  ['lenet-5', 64],
  ['conv-32-64', 64],
];

export async function scaling({ dataset, quick }) {
  const counted = quick ? 1 : 2;
  const cores = availableCores();
  const counts = threadCounts(cores);
  const ways = [...new Set([...counts, 8, 64])].map((threads) => ({ name: `t${threads}`, threads }));
  const all = `t${cores}`;
  ways.push({ name: `${all}, another program on one core`, threads: cores, busy: true });
  const cases = scaled.map(([name, batchSize]) => {
    const network = networkOf(name);
    const [samples, cold] = [samplesOf(network), warmUpsOf(network, batchSize)];
    return {
      name: `${name} b${batchSize}`,
      samples,
      cold,
      experiment: benchExperiment(network, { batchSize, epochs: cold + counted }),
      rounds: quick ? 1 : samples < epochSamples ? 3 : 5,
      seconds: new Map(ways.map((way) => [way.name, []])),
      digests: new Set(),
    };
  });
  const most = Math.max(...cases.map(({ rounds }) => rounds));
  for (let round = 0; round < most; round++) {
    const left = cases.filter(({ rounds }) => round < rounds);
    for (const { name, samples, cold, experiment, rounds, seconds, digests } of left) {
      for (const way of ways) {
        progress(`scaling: round ${round + 1} of ${rounds}, ${name}, ${way.name}`);
        const other = way.busy ? spawn(process.execPath, ['-e', busy], { stdio: 'ignore' }) : undefined;
        try {
          const run = await lockstepEpochs(experiment, dataset, way.threads, cold);
          seconds.get(way.name).push(...run.seconds.map((time) => (time * epochSamples) / samples));
          digests.add(run.digest);
        } finally {
          other?.kill();
        }
      }
      if (digests.size > 1) throw new Error(`${name}: ${digests.size} different digests; there must be one`);
    }
  }
  const lines = cases.flatMap(({ name, samples, seconds }) =>
    [...seconds].map(([way, times]) => {
      const to = (other) => `${(median(times) / median(seconds.get(other))).toFixed(2)} x`;
      const extra = { 'time to t1': to('t1'), [`to ${all}`]: to(all), ...scaledFrom(samples) };
      return line('scaling', `${name} ${way}`, 's', 'lower', times, extra);
    }),
  );
  for (const one of cases) {
    for (const count of counts) {
      progress(`scaling: where the time goes, ${one.name}, ${count} threads`);
      lines.push(...(await timeSpent(one, dataset, count)));
    }
  }
  progress('');
  return lines;
}

/** By what threads do and wait for: microseconds a step, means over the threads, of each warm epoch. */
async function timeSpent({ name, experiment, cold }, dataset, count) {
  const { stepsPerEpoch, epochs } = await profiledEpochs(experiment, dataset, count, cold);
  const spent = epochs.map(({ profile }) => secondsByUse(profile));
  return uses.flatMap((use) => {
    const times = spent.map((threads) => {
      const seconds = threads.reduce((sum, thread) => sum + thread[use], 0);
      return (seconds * 1e6) / count / stepsPerEpoch;
    });
    if (times.every((time) => time === 0)) return [];
    return [line('scaling', `${name} t${count}: ${use}`, profiledUnit, 'lower', times)];
  });
}

/** Prints the epochs, and one table of where their time goes: a row for each number of threads. */
export function printScaling(title, lines) {
  printLines(
    title,
    lines.filter(({ unit }) => unit !== profiledUnit),
  );
  const rows = new Map();
  for (const { name, unit, median } of lines) {
    if (unit !== profiledUnit) continue;
    const [way, use] = name.split(': ');
    rows.set(way, { ...rows.get(way), [use]: median });
  }
  const used = uses.filter((use) => [...rows.values()].some((row) => row[use] !== undefined));
  console.log(`\nwhere the time of a thread goes, of a profiled epoch; ${profiledUnit} and shares`);
  printTable(
    ['', ...used, 'in all'],
    [...rows].map(([way, row]) => {
      const times = used.map((use) => row[use] ?? 0);
      const whole = times.reduce((sum, time) => sum + time, 0);
      return [way, ...times.map((time) => `${figure(time)} ${percent(time / whole)}`), figure(whole)];
    }),
  );
}
