// More of fine-tuning: a longer training from a run, and from a table.
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { openRun } from '#lockstep/run/open-run.js';
import { temporaryFolder } from '../support/data-files.ts';
import { preparedFolder } from '../support/prepared-folder.ts';
import { runTrain } from '../support/run-cli.ts';
import { done, trainTuned } from '../support/tuned-run.ts';

describe('from a run', () => {
  const folder = preparedFolder(trainTuned);

  test('a longer training that is verified', async () => {
    const cwd = await folder();
    await done(cwd, 'resume', 'tuned', '--epochs', '5', '--out', 'longer');
    expect((await runTrain(['verify', 'longer'], { cwd })).stdout).toMatch(/^identical: 5 epochs/);
  });
});

describe('from a table', () => {
  const table = (names: string, rows: number, shift: number) =>
    `${names}\n${Array.from({ length: rows }, (_, i) => `${(i % 7) + shift},${['x', 'y', 'z'][i % 3]},${i % 2 ? 'yes' : 'no'}`).join('\n')}\n`;
  const experiment = (source: string) =>
    `data: { source: ${source}, validation: 10 }\nmodel: [{ kind: dense, units: 4 }, tanh, { kind: dense, units: classes }]\n` +
    'optimizer: { kind: sgd, learningRate: 0.1 }\nbatchSize: 8\nepochs: 2\n';

  test('the preparation stays that of the weights, and other columns are refused', async () => {
    const cwd = await temporaryFolder();
    await writeFile(join(cwd, 'a.csv'), table('size,kind,class', 90, 0));
    await writeFile(join(cwd, 'b.csv'), table('size,kind,class', 90, 1000));
    await writeFile(join(cwd, 'c.csv'), table('length,kind,class', 90, 0));
    for (const name of ['a', 'b', 'c']) await writeFile(join(cwd, `${name}.yaml`), experiment(`${name}.csv`));
    expect(await runTrain(['a.yaml', '--out', 'a', '--quiet'], { cwd })).toMatchObject({ code: 0 });
    expect(await runTrain(['b.yaml', '--from', 'a', '--out', 'b', '--quiet'], { cwd })).toMatchObject({
      code: 0,
    });
    const [a, b] = [await openRun(join(cwd, 'a')), await openRun(join(cwd, 'b'))];
    expect(b.signature.preparation).toEqual(a.signature.preparation);
    const c = await runTrain(['c.yaml', '--from', 'a', '--quiet'], { cwd });
    expect(c.code).toBe(3);
    expect(c.stderr).toContain(
      'expected the samples that a was trained on: size, kind (words), got length, kind (words)',
    );
    expect((await runTrain(['verify', 'b'], { cwd })).stdout).toMatch(/^identical/);
  }, 60_000);
});
