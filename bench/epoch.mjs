// Seconds an epoch of a network of dense layers on all 60,000 images of MNIST: Lockstep, next to PyTorch doing
// the same work on this machine, in turns. Build first.
//
//   node bench/epoch.mjs [--layers 784-128-10] [--batch 64] [--threads 1,2] [--rounds 5] [--epochs 2] [--json]
//
// In each round every contestant trains from the start: an epoch to warm up, which is not counted, and
// `--epochs` that are. Same widths, rectifiers, minibatch, and SGD with momentum 0.9 at 0.05; nothing is
// evaluated. PyTorch is tried with 1 and 2 threads, and its better median is what Lockstep is compared with; a
// number of threads whose fastest epoch took twice the other's is not tried again.
// PyTorch needs Python 3 with torch; PYTHON names an interpreter other than python3.
import { execFileSync } from 'node:child_process';
import { availableParallelism, cpus, loadavg } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { threads } from '../dist/src/crew.js';
import { mnistFolder } from '../dist/src/datasets/mnist.js';
import { readExperiment } from '../dist/src/experiment/read.js';
import { openDataset } from '../dist/src/open-dataset.js';
import { train } from '../dist/src/train.js';

const { values: options } = parseArgs({
  options: {
    layers: { type: 'string', default: '784-128-10' },
    batch: { type: 'string', default: '64' },
    threads: { type: 'string', default: availableParallelism() > 1 ? `1,${availableParallelism()}` : '1' },
    rounds: { type: 'string', default: '5' },
    epochs: { type: 'string', default: '2' },
    json: { type: 'boolean', default: false },
  },
});
const widths = options.layers.split('-').map(Number);
const batch = Number(options.batch);
const rounds = Number(options.rounds);
const epochs = Number(options.epochs);
const crewSizes = options.threads.split(',').map(Number);
const whole = [batch, rounds, epochs, ...crewSizes, ...widths].every((n) => Number.isInteger(n) && n > 0);
if (!whole || widths.length < 2 || widths[0] !== 784 || widths.at(-1) !== 10) {
  console.error(
    'bench/epoch.mjs: expected --layers 784-...-10 and whole numbers above 0; see its first lines',
  );
  process.exit(2);
}

const model = widths.slice(1, -1).flatMap((units) => [{ kind: 'dense', units }, 'relu']);
const { experiment } = readExperiment(
  JSON.stringify({
    data: { validation: 0 },
    model: [...model, { kind: 'dense', units: 'classes' }],
    optimizer: { kind: 'sgd', learningRate: 0.05, momentum: 0.9 },
    batchSize: batch,
    epochs: 1 + epochs,
  }),
  { file: 'bench/epoch.mjs', name: 'epoch' },
);
const dataset = await openDataset('mnist');

/** One contestant's round: the seconds of each epoch after the first. */
async function lockstep(count) {
  const seconds = [];
  for await (const event of train(experiment, { dataset, crew: threads(count) })) {
    if (event.kind === 'epoch') seconds.push(event.seconds);
    if (event.kind === 'end') digests.add(event.weightsSha256);
  }
  return seconds.slice(1);
}
const digests = new Set();

function pytorch(python, count) {
  const images = join(mnistFolder(), 'train-images-idx3-ubyte');
  const labels = join(mnistFolder(), 'train-labels-idx1-ubyte');
  const program = fileURLToPath(new URL('peers/pytorch_epoch.py', import.meta.url));
  const text = execFileSync(
    python,
    [program, images, labels, options.layers, options.batch, String(count), String(1 + epochs)],
    {
      encoding: 'utf8',
      env: { ...process.env, OMP_NUM_THREADS: String(count), OPENBLAS_NUM_THREADS: String(count) },
    },
  );
  return JSON.parse(text).seconds.slice(1);
}

/** A Python with PyTorch and a fast BLAS, or the reason why there is none. */
function findPytorch() {
  // A BLAS that is not in the library itself shows up among the files that are mapped once it was used.
  const probe = `
import sys, torch
torch.ones(64, 64) @ torch.ones(64, 64)
maps = open('/proc/self/maps').read() if sys.platform == 'linux' else ''
blas = 'MKL' if torch.backends.mkl.is_available() else 'OpenBLAS' if 'openblas' in maps else ''
print(torch.__version__, blas or ('' if maps else 'the BLAS of the system'), sep='|')`;
  const install = 'apt-get install python3-torch libopenblas0-pthread';
  let reason = `no Python 3 with torch was found (Debian: ${install})`;
  for (const python of process.env.PYTHON ? [process.env.PYTHON] : ['python3', '/usr/bin/python3']) {
    try {
      const stdio = ['ignore', 'pipe', 'ignore'];
      const [version, blas] = execFileSync(python, ['-c', probe], { encoding: 'utf8', stdio })
        .trim()
        .split('|');
      if (blas) return { python, name: `PyTorch ${version} with ${blas}` };
      reason = `PyTorch ${version} of ${python} has a slow BLAS, which would be unfair (Debian: ${install})`;
    } catch {
      // Not this one.
    }
  }
  return { reason };
}

const machine = {
  processor: cpus()[0]?.model,
  cores: availableParallelism(),
  /** Before the bench: what others make the machine do. */
  load: loadavg()[0],
  node: process.version,
};
const peer = findPytorch();
const contestants = [
  ...crewSizes.map((count) => ({ name: 'Lockstep', threads: count, run: () => lockstep(count) })),
  ...(peer.python ? [1, 2] : []).map((count) => ({
    name: peer.name,
    threads: count,
    run: () => pytorch(peer.python, count),
  })),
];

for (const contestant of contestants) contestant.seconds = [];
for (let round = 0; round < rounds; round++) {
  for (const contestant of contestants) {
    if (!hopeless(contestant)) contestant.seconds.push(...(await contestant.run()));
  }
}

/** A number of PyTorch's threads whose fastest epoch took twice as long as another's is not run again. */
function hopeless({ name, seconds }) {
  const rivals = contestants.filter((other) => other.name === name && name !== 'Lockstep');
  return (
    Math.min(...seconds) > 2 * Math.min(...rivals.flatMap((other) => other.seconds)) && seconds.length > 0
  );
}

function median(numbers) {
  const sorted = numbers.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

const results = contestants.map(({ name, threads, seconds }) => ({
  name,
  threads,
  median: median(seconds),
  fastest: Math.min(...seconds),
  slowest: Math.max(...seconds),
  epochs: seconds.length,
}));
const best = Math.min(...results.filter(({ name }) => name !== 'Lockstep').map((result) => result.median));
// How many times as fast as PyTorch's best: its seconds by ours.
for (const result of results) result.ratio = peer.python ? best / result.median : null;

if (options.json) {
  const settings = { layers: options.layers, batch, rounds, epochs };
  console.log(
    JSON.stringify({ ...settings, machine, peer: peer.name ?? null, missing: peer.reason, results }),
  );
} else {
  console.log(`${options.layers}, batch ${batch}: seconds an epoch of 60,000 images, ${rounds} rounds`);
  const { processor, cores, node, load } = machine;
  console.log(`${processor}, ${cores} cores, load ${load.toFixed(1)}, Node ${node}`);
  const columns = ['threads', 'epochs', 'median', 'fastest', 'slowest', 'ratio'];
  console.log(`${''.padEnd(32)}${columns.map((column) => column.padStart(10)).join('')}`);
  for (const { name, threads, epochs, ratio, ...seconds } of results) {
    const figures = [seconds.median, seconds.fastest, seconds.slowest].map((s) => s.toFixed(3).padStart(10));
    const times = ratio === null ? '-' : `${ratio.toFixed(2)} x`;
    const counts = [threads, epochs].map((n) => String(n).padStart(10)).join('');
    console.log(`${name.padEnd(32)}${counts}${figures.join('')}${times.padStart(10)}`);
  }
}
if (!options.json && peer.python)
  console.log('ratio: seconds of the best PyTorch by those of the row; above 1 is faster');
if (peer.reason) console.error(`Lockstep alone: ${peer.reason}`);
if (digests.size !== 1) {
  console.error(`Lockstep's runs gave ${digests.size} different digests; they must give one`);
  process.exitCode = 1;
}
