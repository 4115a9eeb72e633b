// What checkpoints cost: epochs a minute of the command `train`, with one each minute (the default), with one
// each epoch, and with none. Each round runs the three in turn, in another order, and gives a ratio to none.
// On a busy machine only the ratios mean something.
import { rmSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { readLines } from '../support/command.mjs';
import { progress } from '../support/progress.mjs';
import { line } from '../support/report.mjs';
import { median } from '../support/statistics.mjs';

const command = fileURLToPath(new URL('../../dist/src/cli/main.js', import.meta.url));

/** The best weights are written in all three alike, so the validation set is left out. */
const common = ['mnist', '--json', '--quiet', '--set', 'data.validation=0', '--set', 'data.monitor=test'];
const every = { none: '{ minutes: 10000 }', 'a minute': '{ minutes: 1 }', 'an epoch': '{ epochs: 1 }' };

/** The first epochs warm up and do not count. The epochs of the rest last more than a minute. */
const networks = [
  { name: '784-128-10', settings: [], epochs: 600 },
  {
    name: '784-1024-512-10 adam',
    settings: [
      'model=[{kind: dense, units: 1024}, relu, {kind: dense, units: 512}, relu, {kind: dense, units: 10}]',
      'optimizer={kind: adam}',
    ],
    epochs: 12,
  },
];
const cold = 3;

export async function checkpoints({ quick }) {
  const rounds = quick ? 1 : 3;
  const names = Object.keys(every);
  const lines = [];
  for (const network of networks) {
    const rates = new Map(names.map((name) => [name, []]));
    for (let round = 0; round < rounds; round++) {
      for (let turn = 0; turn < names.length; turn++) {
        const name = names[(turn + round) % names.length];
        progress(`checkpoints: ${network.name}, round ${round + 1} of ${rounds}, ${name}`);
        const epochs = quick ? cold + 3 : network.epochs;
        rates.get(name).push(await epochsAMinute({ ...network, epochs }, every[name]));
      }
    }
    const none = rates.get('none');
    for (const name of names) {
      const ratios = rates.get(name).map((rate, round) => rate / none[round]);
      const extra = { 'to none': `${median(ratios).toFixed(3)} x` };
      lines.push(
        line('checkpoints', `${network.name}, ${name}`, 'epochs/min', 'higher', rates.get(name), extra),
      );
    }
  }
  progress('');
  return lines;
}

/** From the end of the epochs that warm up to that of the last, with everything that happens between them. */
async function epochsAMinute({ settings, epochs }, checkpoint) {
  const folder = await mkdtemp(join(tmpdir(), 'lockstep-checkpoints-'));
  // A training that is interrupted leaves nothing behind.
  const sweepUp = () => rmSync(folder, { recursive: true, force: true });
  process.once('exit', sweepUp);
  const sets = [
    ...settings,
    `epochs=${epochs}`,
    `evaluateEvery={ epochs: ${epochs} }`,
    `execution.checkpoint=${checkpoint}`,
  ];
  const times = [];
  try {
    const args = [command, ...common, ...sets.flatMap((set) => ['--set', set]), '--out', join(folder, 'run')];
    const code = await readLines(args, (text) => {
      if (JSON.parse(text).event === 'epoch') times.push(performance.now());
    });
    if (code !== 0) throw new Error(`train ended with exit code ${code}`);
  } finally {
    process.off('exit', sweepUp);
    await rm(folder, { recursive: true, force: true });
  }
  return (60_000 * (times.length - cold)) / (times.at(-1) - times[cold - 1]);
}
