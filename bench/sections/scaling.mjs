// The gain from more threads, and their cost if they cannot help: whole epochs, in turn, on 1 thread, on as
// many as there are cores, on 8 and on 64; and on as many as there are cores while another program keeps one
// core busy.
//
// All must give the same weights, or the bench fails.
import { spawn } from 'node:child_process';
import { availableCores } from '../../dist/src/platform/cores.js';
import { lockstepEpochs, warmUps } from '../support/lockstep-epochs.mjs';
import { benchExperiment, networkOf } from '../support/networks.mjs';
import { progress } from '../support/progress.mjs';
import { line } from '../support/report.mjs';
import { median } from '../support/statistics.mjs';

/** Keeps a core busy until the bench ends, however it ends. */
const busy = 'for (const bench = process.ppid; process.ppid === bench; );';

export async function scaling({ dataset, quick }) {
  const [rounds, counted] = quick ? [1, 1] : [5, 2];
  const cores = availableCores();
  const ways = [...new Set([1, cores, 8, 64])].map((threads) => ({ name: `t${threads}`, threads }));
  const all = `t${cores}`;
  ways.push({ name: `${all}, another program on one core`, threads: cores, busy: true });
  const cases = [
    ['784-128-10', 64],
    ['784-512-128-64-10', 128],
  ].map(([name, batchSize]) => ({
    name: `${name} b${batchSize}`,
    experiment: benchExperiment(networkOf(name), { batchSize, epochs: warmUps(batchSize) + counted }),
    seconds: new Map(ways.map((way) => [way.name, []])),
    digests: new Set(),
  }));
  for (let round = 0; round < rounds; round++) {
    for (const { name, experiment, seconds, digests } of cases) {
      for (const way of ways) {
        progress(`scaling: round ${round + 1} of ${rounds}, ${name}, ${way.name}`);
        const other = way.busy ? spawn(process.execPath, ['-e', busy], { stdio: 'ignore' }) : undefined;
        try {
          const run = await lockstepEpochs(experiment, dataset, way.threads);
          seconds.get(way.name).push(...run.seconds);
          digests.add(run.digest);
        } finally {
          other?.kill();
        }
      }
      if (digests.size > 1) throw new Error(`${name}: ${digests.size} different digests; there must be one`);
    }
  }
  progress('');
  return cases.flatMap(({ name, seconds }) =>
    [...seconds].map(([way, times]) => {
      const to = (other) => `${(median(times) / median(seconds.get(other))).toFixed(2)} x`;
      const extra = { 'time to t1': to('t1'), [`to ${all}`]: to(all) };
      return line('scaling', `${name} ${way}`, 's', 'lower', times, extra);
    }),
  );
}
