// What a live page costs: `train` with --live and without, without a viewer and with two, which read what the
// page is sent in a process of their own. Each round runs all of them in turn, in another order. Two answers:
//
//   ratio   samples a second beside those without --live. It is what counts, and as noisy as the machine.
//   page    the processor time that is spent beside the threads that train (main thread, V8's, libuv's) more
//           than without --live for the same epochs: milliseconds a second, and the share of the processor
//           time of the whole process. Linux counts in nanoseconds, so this is less noisy, not free of it.
//
// Then two viewers come and go within one training, see live/viewers.mjs: of all ratios the one that the
// machine disturbs least.
//
// `npm run bench:live`; `-- --rounds 5` for more rounds than 3, `-- --epochs 20` for less than 60 epochs,
// `-- --pairs 20` for more turns of viewers than 12.
import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { viewersByTurns } from './live/viewers.mjs';
import { machineFacts, machineLine } from './support/machine.mjs';
import { median } from './support/statistics.mjs';

const command = fileURLToPath(new URL('../dist/src/cli/main.js', import.meta.url));
const given = (name) => Number(process.argv[process.argv.indexOf(`--${name}`) + 1]);
const rounds = given('rounds') || 3;
/** The first epochs warm up and do not count. */
const cold = 3;
const epochs = given('epochs') || 60;
const pairs = given('pairs') || 12;
const threads = 2;

/** Reads the events of a page from the address that it gets, until the page ends. */
const viewer = `fetch(process.argv[1] + '/events').then(async ({ body }) => {
  for await (const _ of body) ;
}).catch(() => {})`;

const ways = {
  without: { live: false, viewers: 0 },
  'live, nobody watches': { live: true, viewers: 0 },
  'live, two watch': { live: true, viewers: 2 },
};

console.log(machineLine(machineFacts()));
const found = new Map(Object.keys(ways).map((name) => [name, []]));
const names = [...found.keys()];
for (let round = 0; round < rounds; round++) {
  for (let turn = 0; turn < names.length; turn++) {
    const name = names[(turn + round) % names.length];
    found.get(name).push(await measured(ways[name]));
  }
}
const without = found.get('without');
for (const [name, runs] of found) {
  const rate = `${Math.round(median(runs.map((run) => run.rate))).toLocaleString('en')} samples/s`;
  const ratio = median(runs.map((run, round) => run.rate / without[round].rate));
  const known = runs.every(({ spent }) => spent);
  const pages = known ? runs.map((run, i) => run.spent.beside - without[i].spent.beside) : [];
  const aSecond = known ? median(pages.map((page, i) => (1000 * page) / runs[i].wall)) : 0;
  const share = known ? median(pages.map((page, i) => page / runs[i].spent.all)) : 0;
  const viewing = median(runs.map((run) => run.viewing));
  console.log(
    [
      name.padEnd(22),
      rate.padStart(20),
      `${ratio.toFixed(3)} x`,
      known && runs !== without ? `page ${aSecond.toFixed(1)} ms a second, ${percent(share)}` : '',
      viewing > 0 ? `${percent(viewing)} of a core each viewer` : '',
    ].join('  '),
  );
}
const { medians, means } = await viewersByTurns({ pairs, threads });
const range = medians.toSorted((a, b) => a - b).map((ratio) => ratio.toFixed(3));
console.log(
  `two viewers who come and go, ${pairs} times: ` +
    `${median(medians).toFixed(3)} x (median epochs, ${range[0]} to ` +
    `${range.at(-1)}), ${median(means).toFixed(3)} x (mean epochs)`,
);

function percent(share) {
  return `${(100 * share).toFixed(2)} %`;
}

/**
 * A training: the median of its samples a second over the epochs, how many seconds they took, the seconds of
 * processor time that were spent in all and beside the threads that train, and the part of a core that a
 * viewer took.
 */
async function measured({ live, viewers }) {
  const folder = mkdtempSync(join(tmpdir(), 'lockstep-bench-live-'));
  const args = [command, 'mnist', '--json', '--quiet', '--epochs', String(epochs), '--out', folder];
  args.push('--threads', String(threads));
  const child = spawn(process.execPath, live ? [...args, '--live'] : args, {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const watching = [];
  createInterface({ input: child.stderr }).on('line', (line) => {
    const [, address] = /^live\s+(http\S+?)\/#/.exec(line) ?? [];
    for (let i = 0; address && i < viewers; i++) {
      watching.push(spawn(process.execPath, ['-e', viewer, address], { stdio: 'ignore' }));
    }
  });
  const rates = [];
  const looks = [];
  createInterface({ input: child.stdout }).on('line', (line) => {
    const { event, samplesPerSecond } = JSON.parse(line);
    if (event !== 'epoch') return;
    rates.push(samplesPerSecond);
    if (rates.length === cold || rates.length === epochs) {
      const at = performance.now() / 1000;
      looks.push({ at, training: secondsOf(child.pid), viewers: watching.map(({ pid }) => secondsOf(pid)) });
    }
  });
  const code = await new Promise((resolve) => child.once('close', resolve));
  for (const one of watching) one.kill();
  rmSync(folder, { recursive: true, force: true });
  if (code !== 0 || watching.length !== viewers) throw new Error(`exit ${code}, ${watching.length} watched`);
  const [first, last] = looks;
  const wall = last.at - first.at;
  const spent = first.training && spentBetween(first.training, last.training);
  const viewing = watching.map((_, i) => {
    if (!first.viewers[i]) return Number.NaN;
    return spentBetween(first.viewers[i], last.viewers[i]).all / wall;
  });
  return { rate: median(rates.slice(cold)), wall, spent, viewing: viewers === 0 ? 0 : median(viewing) };
}

/** Seconds of processor time of each thread of a process, by its number; undefined if nobody tells. */
function secondsOf(pid) {
  if (process.platform !== 'linux') return undefined;
  const folder = `/proc/${pid}/task`;
  return new Map(
    readdirSync(folder).map((thread) => {
      const [nanoseconds] = readFileSync(join(folder, thread, 'schedstat'), 'utf8').split(' ');
      return [thread, Number(nanoseconds) / 1e9];
    }),
  );
}

/** The threads that train are those that took most. */
function spentBetween(first, last) {
  const each = [...last].map(([thread, seconds]) => seconds - (first.get(thread) ?? 0)).sort((a, b) => b - a);
  const sum = (some) => some.reduce((all, one) => all + one, 0);
  return { all: sum(each), beside: sum(each.slice(threads)) };
}
