// What to expect of ranks: a step of three networks on one machine and on 2 to 64, over 1, 10 and 100 Gbit/s.
// A single process is measured here; what travels follows from the plan; docs/clusters.md has the arithmetic.
//
//   node bench/ranks.mjs                 the table
//   node bench/ranks.mjs --threads 1     threads of each rank; by default all cores
//   node bench/ranks.mjs --rows 16384    rows of the minibatch
//   node bench/ranks.mjs --measure       also trains with two ranks of one thread on this machine, if it has
//                                        Open MPI, over its memory and over TCP, beside the prediction
import { openDataset } from '../dist/src/data/open-dataset.js';
import { shareData, trainingCount } from '../dist/src/data/split.js';
import { planNetwork } from '../dist/src/model/network.js';
import { availableCores } from '../dist/src/platform/cores.js';
import { measureCopy, measureRanks, ways } from './ranks/measure.mjs';
import { aloneOf, predictStep, sharedStep } from './ranks/predict.mjs';
import { lockstepEpochs } from './support/lockstep-epochs.mjs';
import { machineFacts, machineLine } from './support/machine.mjs';
import { benchExperiment, networkOf } from './support/networks.mjs';
import { benchOptions, readCounts } from './support/options.mjs';
import { progress } from './support/progress.mjs';
import { median } from './support/statistics.mjs';
import { figure, printTable } from './support/table.mjs';

const names = ['784-512-128-64-10', '784-2048-2048-10', 'conv-32-64'];

/** Bytes a second of a network in each direction, and the seconds of an exchange of nothing, as is usual. */
const links = [
  { name: '1 Gbit/s', bytes: 0.94e9 / 8, wait: 150e-6 },
  { name: '10 Gbit/s', bytes: 9.4e9 / 8, wait: 80e-6 },
  { name: '100 Gbit/s', bytes: 90e9 / 8, wait: 40e-6 },
];

const one = (name) => (text) => {
  const [count] = readCounts(`--${name}`, text);
  return { [name]: count };
};
const options = benchOptions('ranks.json', [], {
  help: 'node bench/ranks.mjs [--threads N] [--rows N] [--measure]',
  more: {
    '--threads': one('threads'),
    '--rows': one('rows'),
    '--measure': () => ({ measure: true }),
  },
});
const { threads = availableCores(), rows = 16_384 } = options;
console.log(machineLine(machineFacts()));
const dataset = await openDataset('mnist');
const memory = measureCopy();
console.log(`a thread reads and writes ${figure(memory / 1e9)} GB a second`);
for (const name of names) await printNetwork(networkOf(name));
if (options.measure) await printMeasured();

/** Seconds of a step of so many rows, of a single process: the median of the last epochs. */
async function alone(network, batchSize, count) {
  progress(`${network.name}, ${batchSize} rows, ${count} threads`);
  const experiment = benchExperiment(network, { batchSize, epochs: 5 });
  const { seconds } = await lockstepEpochs(experiment, dataset, count, 2);
  progress('');
  return { rows: batchSize, seconds: median(seconds) / Math.ceil(samplesOf(experiment) / batchSize) };
}

function samplesOf(experiment) {
  return trainingCount(shareData(experiment, dataset, (path) => path).data);
}

/** The whole of MNIST is planned with, whatever is measured with. */
function stepOf(network, batchSize, ranks) {
  const experiment = benchExperiment({ ...network, samples: undefined }, { batchSize, epochs: 1 });
  const { data } = shareData(experiment, dataset, (path) => path);
  const plan = planNetwork(experiment.model, data);
  return sharedStep({ experiment, data, network: plan, samples: trainingCount(data) }, ranks);
}

async function printNetwork(network) {
  const parts = aloneOf([await alone(network, 256, threads), await alone(network, 1024, threads)]);
  const single = rows * parts.row + parts.rest;
  console.log(
    `\n${network.name}, ${rows} rows: ` +
      `a process with ${threads} threads takes ${figure(single * 1e3)} ms a step`,
  );
  const heads = ['ranks', 'MB a step', ...links.map(({ name }) => name)];
  const counts = [2, 4, 8, 16, 32, 64].filter((ranks) => rows > 256 * (ranks - 1));
  const lines = counts.map((ranks) => {
    const step = stepOf(network, rows, ranks);
    const times = links.map((link) => {
      const { seconds } = predictStep(step, parts, link, memory);
      return `${figure(seconds * 1e3)} ms, ${figure(single / seconds)} x`;
    });
    return [ranks, figure(step.bytes / 1e6), ...times];
  });
  printTable(heads, lines);
}

async function printMeasured() {
  console.log('\ntwo ranks of one thread on this machine, batch 1024: ms a step');
  const lines = [];
  for (const name of names.slice(0, 2)) {
    const network = networkOf(name);
    const ones = [await alone(network, 256, 1), await alone(network, 1024, 1)];
    const both = await alone(network, 1024, 2);
    const step = stepOf(network, 1024, 2);
    for (const way of ways) {
      progress(`${name}, two ranks, ${way.name}`);
      const { seconds, link } = await measureRanks(network, 1024, way);
      progress('');
      const predicted = predictStep(step, aloneOf(ones), link, memory);
      lines.push([
        `${name}, ${way.name}`,
        ...[ones[1].seconds, both.seconds, predicted.seconds, seconds].map((time) => figure(time * 1e3)),
        figure(step.bytes / 1e6),
        figure(link.bytes / 1e9),
      ]);
    }
  }
  const heads = ['network', '1 thread', '2 threads', 'predicted', '2 ranks', 'MB a step', 'GB/s'];
  printTable(heads, lines);
}
