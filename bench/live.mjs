// What a live page costs: samples a second of the command `train` with --live and without, without a viewer and
// with two, which read what the page is sent in a process of their own. Each round runs all of them in turn, in
// another order, and gives ratios. `npm run bench:live`; `-- --rounds 5` for more rounds than 3.
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { machineFacts, machineLine } from './support/machine.mjs';
import { median } from './support/statistics.mjs';

const command = fileURLToPath(new URL('../dist/src/cli/main.js', import.meta.url));
const rounds = Number(process.argv[process.argv.indexOf('--rounds') + 1]) || 3;
/** The first epochs warm up and do not count. */
const [cold, epochs] = [3, 60];

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
const rates = new Map(Object.keys(ways).map((name) => [name, []]));
const names = [...rates.keys()];
for (let round = 0; round < rounds; round++) {
  for (let turn = 0; turn < names.length; turn++) {
    const name = names[(turn + round) % names.length];
    rates.get(name).push(await samplesASecond(ways[name]));
  }
}
for (const [name, found] of rates) {
  const ratios = found.map((rate, round) => rate / rates.get('without')[round]);
  const shown = `${Math.round(median(found)).toLocaleString('en')} samples/s`;
  console.log(`${name.padEnd(22)} ${shown.padStart(20)}  ${median(ratios).toFixed(3)} x`);
}

/** The median over the epochs of a training. */
async function samplesASecond({ live, viewers }) {
  const folder = mkdtempSync(join(tmpdir(), 'lockstep-bench-live-'));
  const args = [command, 'mnist', '--json', '--quiet', '--epochs', String(epochs), '--out', folder];
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
  const found = [];
  createInterface({ input: child.stdout }).on('line', (line) => {
    const { event, samplesPerSecond } = JSON.parse(line);
    if (event === 'epoch') found.push(samplesPerSecond);
  });
  const code = await new Promise((resolve) => child.once('close', resolve));
  for (const one of watching) one.kill();
  rmSync(folder, { recursive: true, force: true });
  if (code !== 0 || watching.length !== viewers) throw new Error(`exit ${code}, ${watching.length} watched`);
  return median(found.slice(cold));
}
