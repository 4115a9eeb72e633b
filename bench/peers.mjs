// Lockstep and other libraries on this machine, in one run: seconds of an epoch of MNIST's 60,000 training
// images, for the five seed networks, two convolutional ones and a wide one. `npm run bench:peers` builds
// first, and installs the libraries in JavaScript into bench/peers; `-- --help` says what it can be told.
//
// Layers, loss, kind of optimizer, data and batch size are the same, and no library evaluates. In each round
// all libraries train from the start, in turn: first an epoch to warm up (Lockstep four, while V8 compiles;
// they are printed too), then the epochs that count. Lockstep and the peers with threads run with one thread
// and with all cores, and the better median is compared. A number of threads whose fastest epoch took twice
// as long as another's is not tried again. Slow peers train on fewer samples, and all do of the convolutional
// networks and the wide one; their time is scaled up (marked ~). All must learn.
import { writeFileSync } from 'node:fs';
import { openDataset } from '../dist/src/data/open-dataset.js';
import { availableCores } from '../dist/src/platform/cores.js';
import { version } from '../dist/src/platform/version.js';
import { contest } from './peers/contest.mjs';
import { casesOf, checkPeers, peersHelp, peersOptions, reasonToSkip } from './peers/options.mjs';
import { coreToCoreLine } from './support/core-to-core.mjs';
import { findPeers } from './support/find-peers.mjs';
import { lockstepEpochs } from './support/lockstep-epochs.mjs';
import { loadNow, machineFacts, machineLine } from './support/machine.mjs';
import { epochSamples, networkNames, scaledFrom } from './support/networks.mjs';
import { benchOptions } from './support/options.mjs';
import { progress } from './support/progress.mjs';
import { format, line } from './support/report.mjs';
import { median, spread, summarize } from './support/statistics.mjs';
import { figure, percent, printTable } from './support/table.mjs';

const options = benchOptions('peers.json', networkNames, {
  help: peersHelp,
  more: peersOptions,
  check: checkPeers,
});
const { quick, json } = options;
const machine = machineFacts();
console.log(machineLine(machine) + (quick ? ' · quick: too few repetitions to trust' : ''));
console.log(await coreToCoreLine());
const dataset = await openDataset('mnist');
const { found, missing } = await findPeers(options.peers);
const lockstep = [...new Set([1, availableCores()])].map((threads) => ({
  kind: 'Lockstep',
  name: 'Lockstep',
  threads,
  samples: epochSamples,
  rounds: Number.POSITIVE_INFINITY,
  async ask({ experiment, cold }) {
    return lockstepEpochs(experiment, dataset, threads, cold);
  },
}));
const contestants = [...lockstep, ...found];
const kinds = [...new Set(contestants.map(({ kind }) => kind))];
const faults = new Set();

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
const fewer = new Map();
const lines = [];
for (const pair of casesOf(options)) {
  const label = `${pair.network.name} b${pair.batchSize}`;
  const skip = (contestant) => reasonToSkip(contestant, pair, options);
  const entries = await contest(contestants, pair, { quick, label, skip, faults });
  for (const { contestant, samples, seconds, reason } of entries) {
    const { kind, name, threads } = contestant;
    if (seconds.length > 0) {
      const scaled = scaledFrom(samples);
      lines.push(line('peers', `${label} ${name} t${threads}`, 's', 'lower', seconds, scaled));
      if (scaled) fewer.set(kind, (fewer.get(kind) ?? new Set()).add(samples));
    }
    const told = `${kind}: ${reason}`;
    if (reason) reasons.set(told, (reasons.get(told) ?? new Set()).add(label));
  }
  rows.push({ label, best: bestOf(entries) });
}
progress('');
for (const peer of found) peer.leave();

const scaled = ({ samples }) => (samples < epochSamples ? '~' : '');
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
      const time = `${scaled(entry)}${figure(summary.median)} ± ${percent(spread(summary))}`;
      return `${time} t${contestant.threads}`;
    }),
  ]),
);
console.log('\ntimes as long as Lockstep');
printTable(
  heads,
  rows.map(({ label, best }) => {
    const own = median(best.get('Lockstep').seconds);
    const ratio = (entry) => `${scaled(entry)}${figure(median(entry.seconds) / own)} x`;
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
for (const [kind, counts] of fewer) {
  const ordered = [...counts].toSorted((a, b) => a - b);
  console.log(`~ ${kind}: on ${ordered.join(', ')} samples, scaled to 60,000`);
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
