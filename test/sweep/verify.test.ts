// `train verify SWEEP`: every file of a sweep's folder is looked at, and trainings are done again.
import { cpSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { enterFolder, writeBest, writeResults, writeSweep } from '#lockstep/sweep/folder.js';
import { inspectSweep } from '#lockstep/sweep/inspect.js';
import { winnerOf } from '#lockstep/sweep/ranking.js';
import { runSweep } from '#lockstep/sweep/sweep.js';
import { makeTrial, type TrialResult } from '#lockstep/sweep/trial.js';
import { trialText } from '#lockstep/sweep/trial-text.js';
import { openTrials, readTrials } from '#lockstep/sweep/trials-file.js';
import { verifyTrials, verifyWinner } from '#lockstep/sweep/verify.js';
import { judgeWinner } from '#lockstep/sweep/winner.js';
import { syntheticDataset } from '../../scripts/golden.mjs';
import { temporaryFolder } from '../support/data-files.ts';
import { temporary } from '../support/run-cli.ts';
import { toySweep } from '../support/toy-sweep.ts';

const file = toySweep(`sweep:
  method: random
  metric: { name: val_loss }
  run_cap: 4
  batch: 4
  parameters: { optimizer.learningRate: { distribution: log_uniform_values, min: 0.001, max: 1 } }
  early_terminate: { type: hyperband, min_iter: 1, eta: 2 }
`);
const dataset = syntheticDataset();
const dataSha256 = 'd'.repeat(64);
const { objective } = file.sweep;

let whole: string;
let results: readonly TrialResult[];
let winner: TrialResult;

beforeAll(async () => {
  whole = join(temporary(), 'sweep');
  const lock = await enterFolder(whole);
  const trials = await openTrials(join(whole, 'trials.jsonl'));
  await writeSweep(whole, file);
  const options = { dataset, dataSha256, folder: whole, trials, threads: 2, parallel: 2 };
  for await (const event of runSweep(file, options)) if (event.kind === 'end') results = event.results;
  await trials.close();
  await writeResults(whole, file, results);
  winner = winnerOf(objective, results)!;
  const trial = makeTrial(file, winner.number, winner.parameters, dataSha256);
  await writeBest(whole, trial.runs[0]!.experiment);
  await judgeWinner(trial, winner, { dataset, folder: whole, threads: 2, objective });
  await lock.release();
}, 120_000);

/** A copy of the sweep in which a file is changed; a text that is undefined is removed. */
async function changed(name: string, change: (text: string) => string | undefined): Promise<string> {
  const folder = join(await temporaryFolder(), 'sweep');
  cpSync(whole, folder, { recursive: true });
  const path = join(folder, name);
  const text = change(readFileSync(path, 'latin1'));
  if (text === undefined) rmSync(path);
  else writeFileSync(path, text, 'latin1');
  return folder;
}

const inspect = (folder: string) => inspectSweep({ folder, file, dataset, dataSha256 });

test('a sweep that is as it was written is found whole, and comes to the same bits', async () => {
  const { absent, changed, complete, results: found } = await inspect(whole);
  expect([absent, changed, complete, found.length]).toEqual([[], [], true, 4]);
  expect(new Set(found.map(({ status }) => status))).toEqual(new Set(['finished', 'stopped']));
  const options = { folder: whole, file, dataset, dataSha256 };
  expect(await verifyTrials(found, 'inline', options)).toEqual([]);
  // The data's digest here is no real one.
  const differences = await verifyWinner(winner, 'inline', options);
  expect(differences!.filter((text) => !text.includes('sha256') && !text.includes('header'))).toEqual([]);
});

const flip = (text: string) => {
  const at = Math.floor(text.length / 2);
  return text.slice(0, at) + String.fromCharCode(text.charCodeAt(at) ^ 1) + text.slice(at + 1);
};

test('every file that is changed or gone is named', async () => {
  const { run } = results.find(({ status }) => status === 'stopped')!.lines[0]!;
  const files = [
    ...['results.csv', 'best.yaml', 'best/config.yaml', 'best/metrics.csv', 'best/summary.json'],
    ...['best/confusion.csv', 'best/checkpoints/last.safetensors', 'best/checkpoints/best.safetensors'],
    ...[`${run}/config.yaml`, `${run}/metrics.csv`, `${run}/timing.csv`, `${run}/summary.json`],
  ];
  for (const name of files) {
    const folder = await changed(name, flip);
    const flipped = await inspect(folder);
    expect(flipped.absent.concat(flipped.changed).join('\n'), name).toContain(join(folder, name));
    const without = await changed(name, () => undefined);
    const gone = await inspect(without);
    // A run without its summary is none.
    const told = name.endsWith('summary.json') ? dirname(name) : name;
    expect(gone.absent.join('\n'), name).toContain(join(without, told));
  }
});

test('a figure that is changed everywhere, with all digests, shows when it is trained again', async () => {
  const loser = results.find(({ number }) => number !== winner.number)!;
  const [line] = loser.lines;
  const metric = line!.metric! + 1;
  const folder = await changed('trials.jsonl', (text) =>
    text
      .split('\n')
      .map((one) => (one.includes(line!.id) ? trialText({ ...line!, metric }) : one))
      .join('\n'),
  );
  const known = await readTrials(join(folder, 'trials.jsonl'));
  expect(known.get(line!.id)!.metric).toBe(metric);
  const { changed: found, results: now } = await inspect(folder);
  expect(found.join('\n')).toContain(
    `${join(folder, line!.run)}: trial ${loser.number} of trials.jsonl has other figures: ` +
      `expected the objective ${metric}, got ${line!.metric}`,
  );
  const options = { folder, file, dataset, dataSha256 };
  expect(await verifyTrials(now, 'inline', options)).toEqual([
    `${join(folder, line!.run)}: trained again, it has other figures: ` +
      `expected the objective ${metric}, got ${line!.metric}`,
  ]);
});

test('a sweep that is not at its end is so far whole', async () => {
  const folder = await changed('trials.jsonl', (text) => `${text.split('\n').slice(0, 2).join('\n')}\n`);
  const { absent, complete } = await inspect(folder);
  expect([absent, complete]).toEqual([[], false]);
});
