// What the model of ranks is compared with: two ranks of this machine, and the speed of what is between them.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { canonicalText } from '../../dist/src/experiment/experiment.js';
import { commandOf, environment, findLaunchers, program } from '../../scripts/ranks/launch.mjs';
import { benchExperiment } from '../support/networks.mjs';
import { median } from '../support/statistics.mjs';

/** How the ranks of one machine reach each other, and the words by which Open MPI is told so. */
export const ways = [
  { name: 'memory', words: ['--mca', 'btl_vader_single_copy_mechanism', 'none'] },
  { name: 'TCP', words: ['--mca', 'btl', 'tcp,self', '--mca', 'pml', 'ob1'] },
];

/** Bytes a second that a thread reads and writes. */
export function measureCopy() {
  const [from, to] = [new Float32Array(8e6), new Float32Array(8e6)];
  const times = Array.from({ length: 9 }, () => {
    const begun = performance.now();
    to.set(from);
    return (performance.now() - begun) / 1000;
  });
  return (2 * from.byteLength) / median(times);
}

/** Seconds of a step of two ranks of one thread, and the link between them. */
export async function measureRanks(network, batchSize, { words }) {
  const command = findLaunchers().get('Open MPI');
  if (!command) throw new Error('--measure needs Open MPI (Debian: apt-get install openmpi-bin)');
  const folder = mkdtempSync(join(tmpdir(), 'lockstep-ranks-'));
  try {
    const experiment = benchExperiment(network, { batchSize, epochs: 5 });
    writeFileSync(join(folder, 'bench.yaml'), canonicalText(experiment));
    const run = (args) => {
      const [launcher, ...rest] = commandOf('Open MPI', command, 2, args);
      return execFileSync(launcher, ['--bind-to', 'none', ...words, ...rest], {
        ...{ cwd: folder, env: environment(), encoding: 'utf8' },
        stdio: ['ignore', 'pipe', 'ignore'],
      });
    };
    const link = JSON.parse(run([fileURLToPath(new URL('ping.mjs', import.meta.url))]));
    run([program, 'bench.yaml', '--ranks', 'mpi', '--threads', '1', '--out', 'out', '--quiet']);
    const [head, ...rows] = readFileSync(join(folder, 'out/timing.csv'), 'utf8').trim().split('\n');
    const column = head.split(',').indexOf('seconds');
    const epochs = rows.slice(2).map((row) => Number(row.split(',')[column]));
    const samples = network.samples ?? 60_000;
    return { seconds: median(epochs) / Math.ceil(samples / batchSize), link };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
