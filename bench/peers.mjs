// Lockstep and other libraries on this machine, in one run: seconds of an epoch of MNIST's 60,000 training
// images, for the five seed networks, batch 64 and 128. `npm run bench:peers` builds first, and installs the
// libraries in JavaScript into bench/peers.
//
//   npm run bench:peers                      all networks and peers
//   npm run bench:peers -- 784-128-10        some networks, by their names in bench/support/networks.mjs
//   npm run bench:peers -- --json[=FILE]     also writes peers.json, or another file
//   npm run bench:peers -- --quick           one round, smaller samples: shows that the bench works
//
// Layers, loss, kind of optimizer, data and batch size are the same, and no library evaluates. In each round
// all libraries train from the start, in turn: first an epoch to warm up (Lockstep four, while V8 compiles;
// they are printed too), then the epochs that count. Lockstep and the peers with threads run with one thread
// and with all cores, and the better median is compared. A number of threads whose fastest epoch took twice
// as long as another's is not tried again. Slow peers train on fewer samples, and their time is scaled up
// (marked ~). All must learn.
import { writeFileSync } from 'node:fs';
import { openDataset } from '../dist/src/data/open-dataset.js';
import { availableCores } from '../dist/src/platform/cores.js';
import { version } from '../dist/src/platform/version.js';
import { coreToCoreLine } from './support/core-to-core.mjs';
import { findPeers } from './support/find-peers.mjs';
import { lockstepEpochs, warmUps } from './support/lockstep-epochs.mjs';
import { loadNow, machineFacts, machineLine } from './support/machine.mjs';
import { benchExperiment, networks } from './support/networks.mjs';
import { benchOptions } from './support/options.mjs';
import { progress } from './support/progress.mjs';
import { format, line } from './support/report.mjs';
import { median, spread, summarize } from './support/statistics.mjs';
import { figure, percent, printTable } from './support/table.mjs';

const names = networks.map(({ name }) => name);
const { quick, json, chosen } = benchOptions('peers.json', names);
const epoch = 60_000;
const rounds = quick ? 1 : 3;
/** Epochs that a round times: at least `fewest`, at most `most`, and as many as take about `long` seconds. */
const [fewest, most, long] = quick ? [1, 1, 0] : [2, 10, 1.5];
const batchSizes = quick ? [64] : [64, 128];

const machine = machineFacts();
console.log(machineLine(machine) + (quick ? ' · quick: too few repetitions to trust' : ''));
console.log(await coreToCoreLine());
const dataset = await openDataset('mnist');
const { found, missing } = await findPeers();
const lockstep = [...new Set([1, availableCores()])].map((threads) => ({
  kind: 'Lockstep',
  name: 'Lockstep',
  threads,
  samples: epoch,
  rounds,
  async ask({ experiment }) {
    return lockstepEpochs(experiment, dataset, threads);
  },
}));
const contestants = [...lockstep, ...found];
const kinds = [...new Set(contestants.map(({ kind }) => kind))];
const faults = new Set();

/** Seconds of each contestant's epochs on one network, scaled to 60,000 samples, or why there are none. */
async function contest(network, batchSize, label) {
  const entries = contestants.map((contestant) => ({
    contestant,
    seconds: [],
    first: [],
    reason: undefined,
  }));
  for (let round = 0; round < rounds; round++) {
    for (const entry of entries) {
      const { contestant } = entry;
      if (entry.reason || round >= contestant.rounds || hopeless(entry, entries)) continue;
      progress(
        `${label}: round ${round + 1} of ${rounds}, ${contestant.kind}, ${contestant.threads} threads`,
      );
      const samples = quick ? Math.min(contestant.samples, 6000) : contestant.samples;
      const whole = contestant.kind === 'Lockstep' ? epoch : samples;
      const timed = entry.seconds.length === 0 ? 0 : Math.round(long / median(entry.seconds));
      const counted = (least) => Math.min(most, Math.max(least, timed));
      const experiment = benchExperiment(network, {
        batchSize,
        epochs: warmUps(batchSize) + counted(fewest),
      });
      const { model, optimizer } = experiment;
      const answer = await ask(contestant, {
        experiment,
        model,
        optimizer,
        batchSize,
        // The first epoch warms up.
        epochs: 1 + counted(1),
        samples: whole,
      });
      if (answer.reason) entry.reason = answer.reason;
      else entry.seconds.push(...answer.seconds.map((seconds) => (seconds * epoch) / whole));
      if (answer.first) entry.first.push(answer.first);
    }
  }
  return entries;
}

async function ask(contestant, request) {
  let answer;
  try {
    answer = await contestant.ask(request);
  } catch (error) {
    answer = { unsupported: `failed: ${error.message}` };
  }
  if (answer.unsupported) return { reason: answer.unsupported };
  // At the start the loss is ln 10 = 2.3; brain.js's squared error is 0.1.
  const start = contestant.kind === 'brain.js' ? 0.1 : Math.LN10;
  const bound = start * (request.samples >= 6000 ? 0.5 : 0.8);
  if (answer.loss < bound) return answer;
  // Some networks need more samples to learn than a slow peer gets. Then the peer is missing, with this
  // reason.
  if (request.samples >= 6000) {
    faults.add(
      `${contestant.kind} did not learn: loss ${figure(answer.loss)}, expected below ${figure(bound)}`,
    );
  }
  return { reason: `did not learn: loss ${figure(answer.loss)}` };
}

/** Whether a number of threads is not run again: its fastest epoch took twice as long as another's. */
function hopeless({ contestant, seconds }, entries) {
  if (seconds.length === 0) return false;
  const rivals = entries.filter(({ contestant: { kind } }) => kind === contestant.kind);
  return Math.min(...seconds) > 2 * Math.min(...rivals.flatMap((rival) => rival.seconds));
}

/** The better number of threads for each kind of contestant. */
function bestOf(entries) {
  return new Map(
    kinds.map((kind) => {
      const own = entries.filter(({ contestant, seconds }) => contestant.kind === kind && seconds.length > 0);
      const [best] = own.toSorted((a, b) => median(a.seconds) - median(b.seconds));
      return [kind, best];
    }),
  );
}

const rows = [];
const reasons = new Map();
const lines = [];
for (const network of networks.filter(({ name }) => chosen.length === 0 || chosen.includes(name))) {
  for (const batchSize of batchSizes) {
    const label = `${network.name} b${batchSize}`;
    const entries = await contest(network, batchSize, label);
    for (const { contestant, seconds, reason } of entries) {
      const name = `${label} ${contestant.name} t${contestant.threads}`;
      if (seconds.length > 0) lines.push(line('peers', name, 's', 'lower', seconds));
      if (reason) {
        const key = `${contestant.kind}: ${reason}`;
        reasons.set(key, new Set([...(reasons.get(key) ?? []), network.name]));
      }
    }
    rows.push({ label, best: bestOf(entries) });
  }
}
progress('');
for (const peer of found) peer.leave();

const scaled = (contestant) =>
  contestant.samples < epoch || (quick && contestant.kind !== 'Lockstep') ? '~' : '';
const heads = ['network, batch', ...kinds];
console.log('\nseconds an epoch of 60,000 images: median ± half the distance of the quartiles (t: threads)');
printTable(
  heads,
  rows.map(({ label, best }) => [
    label,
    ...kinds.map((kind) => {
      const entry = best.get(kind);
      if (!entry) return 'missing';
      const { contestant, seconds } = entry;
      const summary = summarize(seconds, 'lower');
      const time = `${scaled(contestant)}${figure(summary.median)} ± ${percent(spread(summary))}`;
      return `${time} t${contestant.threads}`;
    }),
  ]),
);
console.log('\ntimes as long as Lockstep');
printTable(
  heads,
  rows.map(({ label, best }) => {
    const own = median(best.get('Lockstep').seconds);
    const ratio = (entry) => `${scaled(entry.contestant)}${figure(median(entry.seconds) / own)} x`;
    return [label, ...kinds.map((kind) => (best.get(kind) ? ratio(best.get(kind)) : 'missing'))];
  }),
);
console.log("\nLockstep's first epochs, while V8 compiles, and later: medians in seconds");
for (const { label, best } of rows) {
  const { first, seconds } = best.get('Lockstep');
  const early = first[0].map((_, i) => figure(median(first.map((run) => run[i]))));
  console.log(`  ${label}: ${early.join(' ')}, ${figure(median(seconds))}`);
}
console.log('\nversions');
console.log(`  Lockstep ${version} on Node ${process.version}`);
for (const name of new Set(found.map((peer) => peer.name))) console.log(`  ${name}`);
const small = new Map(found.filter((peer) => scaled(peer)).map((peer) => [peer.kind, peer.samples]));
for (const [kind, samples] of small) {
  console.log(`~ ${kind}: on ${quick ? Math.min(samples, 6000) : samples} samples, scaled to 60,000`);
}
for (const { kind, reason } of missing) console.log(`missing: ${kind}: ${reason}`);
for (const [reason, of] of reasons) console.log(`missing: ${reason} (${[...of].join(', ')})`);
const loadAfter = loadNow();
console.log(`load now ${loadAfter}; ${await coreToCoreLine()}`);
if (json) {
  const absent = [...missing.map(({ kind, reason }) => `${kind}: ${reason}`), ...reasons.keys()];
  const report = { format, machine: { ...machine, loadAfter }, quick, missing: absent, lines };
  writeFileSync(json, `${JSON.stringify(report, undefined, 1)}\n`);
  console.log(`written to ${json}`);
}
for (const fault of faults) console.error(fault);
if (faults.size > 0) process.exitCode = 1;
