// A model of an epoch on n threads, put together from parts that this machine can measure, and compared with
// epochs on as many threads as it has cores. docs/many-cores.md explains the parts. It needs a build.
//
//   node bench/model.mjs                                    four networks, 1 to 64 threads
//   node bench/model.mjs --network 784-128-10 --batch 64    some of them
//   node bench/model.mjs --physical 8 --sibling 0.6 --line 15 --meeting 0.6 --away 0.015 --one 0.255
//                        what another machine is like, and how long an epoch takes it on one thread
//   node bench/model.mjs --json=FILE                        also writes its figures
import { writeFileSync } from 'node:fs';
import { openDataset } from '../dist/src/data/open-dataset.js';
import { availableCores } from '../dist/src/platform/cores.js';
import { readTopology } from '../dist/src/platform/topology.js';
import { emulate } from './model/emulate.mjs';
import { measureAway, measureLine, measureMeeting } from './model/machine.mjs';
import { makespan, predict } from './model/predict.mjs';
import { threadCounts } from './sections/scaling.mjs';
import { lockstepEpochs, warmUps } from './support/lockstep-epochs.mjs';
import { machineFacts, machineLine } from './support/machine.mjs';
import { benchExperiment, networks } from './support/networks.mjs';
import { benchOptions, WrongOption } from './support/options.mjs';
import { progress } from './support/progress.mjs';
import { median } from './support/statistics.mjs';
import { figure, printTable } from './support/table.mjs';

const usual = ['784-128-10', '784-64-BN-32-10', '784-512-128-64-10'];

const number = (name) => (text) => {
  if (!(Number(text) >= 0)) throw new WrongOption(`--${name}: expected a number, got "${text}"`);
  return { [name]: Number(text) };
};
const list = (text) => text.split(',').map(Number);
const options = benchOptions('model.json', [], {
  help:
    'node bench/model.mjs [--network PART] [--batch 64,256] [--threads 1,2,4] [--physical N]\n' +
    '  [--sibling SHARE] [--line NANOSECONDS] [--meeting MICROSECONDS] [--away SHARE] ' +
    '[--one SECONDS] [--json=FILE] [--quick]',
  more: {
    '--network': (text, { parts = [] }) => ({ parts: [...parts, text] }),
    '--batch': (text) => ({ batches: list(text) }),
    '--threads': (text) => ({ counts: list(text) }),
    '--physical': number('physical'),
    '--sibling': number('sibling'),
    '--line': number('line'),
    '--meeting': number('meeting'),
    '--away': number('away'),
    '--one': number('one'),
  },
});
const { quick, json, parts = usual, batches = quick ? [64] : [64, 256] } = options;
const cores = availableCores();
const { counts = [...new Set([...threadCounts(cores), 1, 2, 4, 8, 16, 32, 64])] } = options;

console.log(machineLine(machineFacts()));
const machine = await describeMachine();
const dataset = await openDataset('mnist');
const results = [];
for (const network of networks.filter(({ name }) => parts.some((part) => name.includes(part)))) {
  for (const batchSize of batches) results.push(...(await modelOf(network, batchSize)));
}
if (json) writeFileSync(json, `${JSON.stringify({ results }, undefined, 1)}\n`);

/** What the model has to know of the machine: given, or measured. */
async function describeMachine() {
  const meeting = (options.meeting ?? (cores > 1 ? (await measureMeeting(2)) * 1e6 : 0.5)) / 1e6;
  const each = (options.line ?? (cores > 1 ? (await measureLine()) * 1e9 : 15)) / 1e9;
  const { one, away = measureAway(), sibling = 0.6, physical = readTopology().physical ?? cores } = options;
  console.log(
    `a meeting of two threads ${figure(meeting * 1e6)} µs, a cache line ${figure(each * 1e9)} ns, ` +
      `a core is away for ${figure(100 * away)} % of its time; ${physical} physical cores`,
  );
  // Of more threads, each has one more line to look at.
  const meetingOf = (threads) => (threads === 1 ? 0 : meeting + (threads - 2) * each);
  return { meeting: meetingOf, line: each, away, sibling, physical, one };
}

async function modelOf(network, batchSize) {
  const name = `${network.name} b${batchSize}`;
  // Before some 1,000 steps V8 has not compiled all kernels and blocks for good.
  const epochs = 1 + Math.ceil((1000 * batchSize) / 60_000);
  const experiment = benchExperiment(network, { batchSize, epochs });
  const emulated = new Map();
  for (const threads of [1, ...counts]) {
    if (emulated.has(threads)) continue;
    progress(`model: ${name}, the blocks of ${threads} threads`);
    emulated.set(threads, await emulate(experiment, dataset, threads));
  }
  const rows = [];
  for (const threads of counts) {
    const predicted = predict(emulated.get(1), emulated.get(threads), threads, machine);
    progress(`model: ${name}, an epoch on ${threads} threads`);
    const isHere = options.one === undefined && threads <= cores;
    const measured = isHere ? await measure(network, batchSize, threads) : undefined;
    rows.push({ name, threads, ...predicted, measured });
  }
  progress('');
  const kinds = ['work', 'lists', 'smaller', 'uneven', 'meetings', 'lines', 'shared', 'away'];
  console.log(`\n${name}: milliseconds of an epoch of 60,000`);
  printTable(
    ['threads', ...kinds, 'predicted', 'measured', 'best'],
    rows.map((row) => [
      row.threads,
      ...kinds.map((kind) => figure(1000 * row[kind])),
      figure(1000 * row.all),
      ...measuredCells(row.measured),
    ]),
  );
  printPhases(name, emulated);
  return rows;
}

/** Where the steps of so many threads are uneven: each phase, until its last block is done. */
function printPhases(name, emulated) {
  const names = emulated.get(1).phases.map((phase) => phase.name);
  console.log(`\n${name}: microseconds of the phases of a step, and in brackets their blocks`);
  printTable(
    ['threads', ...names],
    [...emulated].map(([threads, { phases }]) => [
      threads,
      ...phases.map(({ blocks }) => `${figure(1e6 * makespan(blocks, threads))} (${blocks.length})`),
    ]),
  );
}

/** Median and best in milliseconds; empty where the machine has too few cores. */
function measuredCells(seconds) {
  if (!seconds) return ['', ''];
  return [median(seconds), Math.min(...seconds)].map((time) => figure(1000 * time));
}

/** Seconds of each epoch. */
async function measure(network, batchSize, threads) {
  const epochs = warmUps(batchSize) + (quick ? 1 : 3);
  const { seconds } = await lockstepEpochs(benchExperiment(network, { batchSize, epochs }), dataset, threads);
  return seconds;
}
