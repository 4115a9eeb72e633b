// Runs on tables, numbers, flags, folders of pictures and arrays: what evaluate, predict, report and verify
// make of them, and of runs in the form of 0.1.0.
import { readFileSync, writeFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Dataset } from '#lockstep/data/dataset.js';
import { openData } from '#lockstep/data/open-dataset.js';
import { openSamples } from '#lockstep/data/open-samples.js';
import { inline } from '#lockstep/parallel/inline.js';
import { openRun } from '#lockstep/run/open-run.js';
import { readSafetensors } from '#lockstep/run/safetensors.js';
import { train } from '#lockstep/run/train.js';
import { goldenTasks, type Settings } from '../../scripts/golden.mjs';
import { temporaryFolder } from '../support/data-files.ts';
import { digests } from '../support/digests.ts';
import { writeArrays, writePictures, writeTable } from '../support/own-data.ts';
import { runTrain } from '../support/run-cli.ts';
import { toyFolder } from '../support/toy-folder.ts';

type Name = keyof typeof goldenTasks;

/** A kind of data: its golden training, how its files are written, and what is said of them. */
interface Kind {
  name: Name;
  write(folder: string, dataset: Dataset): Promise<string>;
  asked?: Settings;
}

const table = (name: Name) => (folder: string, dataset: Dataset) => writeTable(folder, name, dataset);
const kinds: [what: string, kind: Kind][] = [
  [
    'a table with words, gaps and weights of classes',
    { name: 'table', write: table('table'), asked: { target: 'rent' } },
  ],
  ['two numbers', { name: 'values', write: table('values'), asked: { target: ['price', 'days'] } }],
  ['flags', { name: 'flags', write: table('flags'), asked: { target: ['owns', 'drives', 'moves'] } }],
  [
    'a folder of pictures',
    { name: 'colour', write: (folder, dataset) => writePictures(join(folder, 'pictures'), dataset) },
  ],
  [
    'arrays of pictures',
    { name: 'colour', write: (folder, dataset) => writeArrays(folder, 'colour', dataset) },
  ],
];

const summaryOf = (cwd: string) => JSON.parse(readFileSync(join(cwd, 'run/summary.json'), 'utf8'));

describe.each(kinds)('a run on %s', (_, { name, write, asked = {} }) => {
  test('evaluates, predicts, reports and verifies to the bit', async () => {
    const cwd = await temporaryFolder();
    const { settings, dataset: make } = goldenTasks[name];
    const source = await write(cwd, make({ train: 150, test: 40 }));
    const data = { ...(settings.data as Settings), ...asked, source, validation: 30 };
    await writeFile(join(cwd, 'own.yaml'), JSON.stringify({ ...settings, epochs: 3, data }));
    const args = ['own.yaml', '--out', 'run', '--threads', '2', '--quiet'];
    const trained = await runTrain(args, { cwd });
    expect([trained.code, trained.stderr]).toEqual([0, '']);
    const { test: figures, weightsSha256 } = summaryOf(cwd);

    const evaluated = await runTrain(['evaluate', 'run', '--json'], { cwd });
    expect(evaluated.stderr).toBe('');
    expect(JSON.parse(evaluated.stdout)).toMatchObject({ samples: 40, ...figures });
    const verified = await runTrain(['verify', 'run', '--threads', 'inline'], { cwd });
    expect(verified.stdout).toBe(`identical: 3 epochs, weights sha256 ${weightsSha256}\n`);
    const before = readFileSync(join(cwd, 'run/report.html'), 'utf8');
    await runTrain(['report', 'run'], { cwd });
    expect(readFileSync(join(cwd, 'run/report.html'), 'utf8')).toBe(before);

    // The run that was opened is the network that was trained, in every way.
    const run = await openRun(join(cwd, 'run'));
    const dataset = await openData(run.experiment);
    for await (const event of train(run.experiment, { dataset, executor: inline() })) {
      if (event.kind !== 'end') continue;
      expect(event.weightsSha256).toBe(weightsSha256);
      expect(run.predict(dataset.test)).toEqual(event.model.predict(dataset.test));
      expect(digests(run.evaluate(dataset.test))).toEqual(digests(event.test));
      if (run.signature.targets.kind === 'values') continue;
      expect(run.probabilities(dataset.test)).toEqual(event.model.probabilities(dataset.test));
    }
    // Rows that are read for it alone, where words may have other numbers, are predicted alike.
    const given = await openSamples(source, run.signature, run.experiment.data, 'test');
    expect(given.labelled).toBe(true);
    expect(given.samples.count).toBe(40);
    expect(run.evaluate(given.samples, given.features)).toMatchObject(figures);
  });
});

describe('a run in the form of 0.1.0', () => {
  /** A run as 0.1.0 wrote it: no signature in the checkpoints, and sizes in summary.json. */
  async function oldRun(): Promise<string> {
    const cwd = await toyFolder();
    const { code } = await runTrain(['toy.yaml', '--out', 'run', '--threads', '2', '--quiet'], { cwd });
    expect(code).toBe(0);
    for (const name of ['last', 'best']) {
      const file = join(cwd, 'run/checkpoints', `${name}.safetensors`);
      const bytes = readFileSync(file);
      const length = Number(bytes.readBigUInt64LE(0));
      const header = JSON.parse(bytes.subarray(8, 8 + length).toString());
      expect(header.__metadata__.signature).toContain('pixels');
      const { experiment, fingerprint, weightsSha256, epochs } = header.__metadata__;
      header.__metadata__ = { experiment, fingerprint, weightsSha256, epochs };
      // It had no slots, which come last now.
      const kept = Object.entries<{ data_offsets: [number, number] }>(header).filter(
        ([id]) => !id.startsWith('optimizer.'),
      );
      const end = Math.max(...kept.map(([, { data_offsets: at }]) => at?.[1] ?? 0));
      // The header is as long as before, with spaces at its end.
      const text = JSON.stringify(Object.fromEntries(kept)).padEnd(length);
      const data = bytes.subarray(8 + length, 8 + length + end);
      writeFileSync(file, Buffer.concat([bytes.subarray(0, 8), Buffer.from(text), data]));
      expect((await readSafetensors(file)).metadata.signature).toBeUndefined();
    }
    const { task, format: _, files: _f, sha256: _s, stateSha256: _d, ...summary } = summaryOf(cwd);
    expect(task).toBe('classes');
    expect(summary).toMatchObject({ height: 8, width: 8, classes: 4 });
    writeFileSync(join(cwd, 'run/summary.json'), JSON.stringify(summary, null, 2));
    return cwd;
  }

  test('evaluates, predicts, reports and verifies', async () => {
    const cwd = await oldRun();
    const { test: figures, weightsSha256 } = summaryOf(cwd);
    const evaluated = await runTrain(['evaluate', 'run', '--json'], { cwd });
    expect(evaluated.stderr).toBe('');
    expect(JSON.parse(evaluated.stdout)).toMatchObject({ samples: 120, ...figures });
    const verified = await runTrain(['verify', 'run'], { cwd });
    expect(verified.stdout).toBe(`identical: 3 epochs, weights sha256 ${weightsSha256}\n`);
    writeFileSync(join(cwd, 'run/report.html'), '');
    const reported = await runTrain(['report', 'run'], { cwd });
    expect([reported.code, reported.stderr]).toEqual([0, '']);
    expect(readFileSync(join(cwd, 'run/report.html'), 'utf8')).toContain(weightsSha256);
    const predicted = await runTrain(['predict', 'run', 'data', '--json'], { cwd });
    expect(predicted.code).toBe(0);
    expect(predicted.stdout.trim().split('\n')).toHaveLength(120);

    const run = await openRun(join(cwd, 'run'));
    expect(run.signature.features).toEqual({ kind: 'bytes', shape: [8, 8, 1] });
    const { test: samples } = await openData(run.experiment);
    const right = run.predict(samples).filter((label, i) => label === samples.targets[i]);
    expect(right.length / 120).toBe(figures.accuracy);
  });

  test('without the sizes in its summary it is a bad run', async () => {
    const cwd = await oldRun();
    const { height: _, ...summary } = summaryOf(cwd);
    writeFileSync(join(cwd, 'run/summary.json'), JSON.stringify(summary));
    const { code, stderr } = await runTrain(['evaluate', 'run'], { cwd });
    expect(code).toBe(4);
    expect(stderr).toContain('summary.json: expected height, width and classes of the data');
  });
});
