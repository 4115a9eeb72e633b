// Every flip of a byte and every cut of the files of a small run: verify or evaluate must notice it, and an
// older checkpoint must stand in for one that is damaged.
import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspectFiles, readSummaryAsIs } from '../../dist/src/run/inspect.js';
import { openRun } from '../../dist/src/run/open-run.js';
import { program } from './program.mjs';

const experiment = `
data: { source: pictures.csv, validation: 20 }
model: [{ kind: dense, units: 3 }, batch-norm, relu, { kind: dense, units: classes }]
optimizer: { kind: sgd, learningRate: 0.1, momentum: 0.9 }
batchSize: 16
epochs: 2
`;

/** What is said of the folder: nothing, if all is well. */
async function complaints(run) {
  try {
    const { summary, changed } = await readSummaryAsIs(run);
    const files = await inspectFiles(run, summary);
    return [...changed, ...files.absent, ...files.changed];
  } catch (error) {
    return [
      error.code === 'checkpoint' || error.code === 'failed' ? error.message : `UNEXPECTED ${error.stack}`,
    ];
  }
}

/** @param {{ trials: number }} options how many of the bytes are flipped, at most */
export async function flips({ trials }) {
  const cwd = mkdtempSync(join(tmpdir(), 'lockstep-flips-'));
  const rows = Array.from({ length: 120 }, (_, i) =>
    [i % 3, ...Array.from({ length: 9 }, (_, p) => (37 * i + 11 * p * (i % 3)) % 256)].join(),
  );
  writeFileSync(join(cwd, 'pictures.csv'), `${rows.join('\n')}\n`);
  writeFileSync(join(cwd, 'e.yaml'), experiment);
  const { status, stderr } = spawnSync(process.execPath, [program, 'e.yaml', '--out', 'run', '--quiet'], {
    cwd,
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(stderr);
  const run = join(cwd, 'run');
  const last = join(run, 'checkpoints/last.safetensors');
  copyFileSync(last, join(run, 'checkpoints/last.previous.safetensors'));
  if ((await complaints(run)).length > 0) throw new Error('the whole run has complaints');
  let [damages, unnoticed, unexpected, instead] = [0, 0, 0, 0];
  const files = ['summary.json', 'metrics.csv', 'timing.csv', 'confusion.csv', 'config.yaml'];
  for (const name of [...files, 'checkpoints/last.safetensors', 'checkpoints/best.safetensors']) {
    const file = join(run, name);
    const whole = readFileSync(file);
    const check = async (bytes, what) => {
      damages++;
      writeFileSync(file, bytes);
      const said = await complaints(run);
      if (said.length === 0) {
        unnoticed++;
        console.log(`  unnoticed: ${name}: ${what}`);
      }
      if (said.some((text) => text.startsWith('UNEXPECTED'))) {
        unexpected++;
        console.log(`  ${name}: ${what}: ${said[0].slice(0, 200)}`);
      }
    };
    const step = Math.max(1, Math.ceil(whole.length / trials));
    for (let at = 0; at < whole.length; at += step) {
      const bytes = Buffer.from(whole);
      bytes[at] ^= 1 << (at % 8);
      await check(bytes, `bit ${at % 8} of byte ${at}`);
      await check(whole.subarray(0, at), `cut at ${at}`);
      if (name === 'checkpoints/last.safetensors' && at % 50 === 0) {
        const opened = await openRun(run);
        if (opened.checkpoint.endsWith('last.previous.safetensors') && opened.doubts.length > 0) instead++;
        else unnoticed++;
      }
    }
    writeFileSync(file, whole);
  }
  console.log(
    `flips: ${damages} damages: ${unnoticed} unnoticed, ${unexpected} unexpected failures; ` +
      `evaluate fell back ${instead} times`,
  );
  rmSync(cwd, { recursive: true, force: true });
  return unnoticed === 0 && unexpected === 0;
}
