// `train --from`: fine-tuning, from a run or from the weights of another program.
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { openRun } from '#lockstep/run/open-run.js';
import { readSafetensors } from '#lockstep/run/safetensors.js';
import { temporaryFolder } from '../support/data-files.ts';
import { runTrain } from '../support/run-cli.ts';
import { toyExperiment } from '../support/toy-data.ts';
import { toyFolder } from '../support/toy-folder.ts';

const vectors = JSON.parse(await readFile(join(import.meta.dirname, '../vectors/torch-state.json'), 'utf8'));

const tuned = toyExperiment
  .replace('name: toy', 'name: tuned')
  .replace('units: 16', 'units: 16, freeze: true')
  .replace('units: classes', 'units: classes, pretrained: false');

const summaryOf = async (folder: string) => JSON.parse(await readFile(join(folder, 'summary.json'), 'utf8'));

describe('from a run', () => {
  let cwd: string;
  const run = (...args: string[]) => runTrain([...args, '--quiet'], { cwd });
  const done = async (...args: string[]) => {
    const { code, stderr } = await run(...args);
    expect([stderr, code]).toEqual(['', 0]);
  };

  beforeAll(async () => {
    cwd = await mkdtemp(join(tmpdir(), 'lockstep-from-'));
    await toyFolder(toyExperiment, cwd);
    await writeFile(join(cwd, 'tuned.yaml'), tuned);
    await done('toy.yaml', '--out', 'first');
    await done('tuned.yaml', '--from', 'first', '--seed', '9', '--out', 'tuned');
  }, 60_000);
  afterAll(() => rm(cwd, { recursive: true, force: true }));

  test('the frozen layer is that of the run, the other one is not', async () => {
    const weights = async (name: string) => {
      const { tensors } = await readSafetensors(join(cwd, name, 'checkpoints/last.safetensors'));
      return Object.fromEntries(tensors.map(({ id, values }) => [id, [...values]]));
    };
    const [first, second] = [await weights('first'), await weights('tuned')];
    expect(second['model.0.W']).toEqual(first['model.0.W']);
    expect(second['model.0.b']).toEqual(first['model.0.b']);
    expect(second['model.2.W']).not.toEqual(first['model.2.W']);
  });

  test('config and summary say what it began with', async () => {
    const record = { from: 'first', stateSha256: expect.stringMatching(/^[0-9a-f]{64}$/) };
    expect(parse(await readFile(join(cwd, 'tuned/config.yaml'), 'utf8')).pretrained).toEqual(record);
    expect((await summaryOf(join(cwd, 'tuned'))).pretrained).toEqual(record);
  });

  test('a whole network has the digest that the run printed, and begins where that ended', async () => {
    await done('toy.yaml', '--from', 'first', '--set', 'optimizer.learningRate=1e-30', '--out', 'same');
    const [first, same] = [await summaryOf(join(cwd, 'first')), await summaryOf(join(cwd, 'same'))];
    expect(same.pretrained.stateSha256).toBe(first.stateSha256);
    expect(same.weightsSha256).toBe(first.weightsSha256);
    expect(same.test).toEqual(first.test);
  });

  test('verify trains it again, without the run that it began with, and tells other weights', async () => {
    const moved = await temporaryFolder();
    await cp(join(cwd, 'tuned'), join(moved, 'tuned'), { recursive: true });
    const verify = () => runTrain(['verify', 'tuned', '--data', join(cwd, 'data')], { cwd: moved });
    expect((await verify()).stdout).toMatch(/^identical: 3 epochs/);
    const begin = join(moved, 'tuned/checkpoints/begin.safetensors');
    const bytes = await readFile(begin);
    bytes[bytes.length - 3]! ^= 1;
    await writeFile(begin, bytes);
    expect(await verify()).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('begin.safetensors was changed'),
    });
    await rm(begin);
    expect(await verify()).toMatchObject({ code: 4, stderr: expect.stringContaining('begin.safetensors') });
  });

  test('resume of seeds begins the missing one with the same weights', async () => {
    await done('tuned.yaml', '--from', 'first', '--seeds', '2', '--out', 'seeds');
    const before = await summaryOf(join(cwd, 'seeds/seed-6'));
    await rm(join(cwd, 'seeds/seed-6'), { recursive: true });
    await done('resume', 'seeds');
    expect((await summaryOf(join(cwd, 'seeds/seed-6'))).weightsSha256).toBe(before.weightsSha256);
  });

  test('a longer training that is verified', async () => {
    await done('resume', 'tuned', '--epochs', '5', '--out', 'longer');
    expect((await runTrain(['verify', 'longer'], { cwd })).stdout).toMatch(/^identical: 5 epochs/);
  });

  test('a config that names weights wants those', async () => {
    await cp(join(cwd, 'tuned/config.yaml'), join(cwd, 'again.yaml'));
    expect(await run('again.yaml')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining(
        'pretrained: expected the weights that the training begins with, got none',
      ),
    });
    expect(await run('again.yaml', '--from', 'tuned')).toMatchObject({ code: 0 });
    const changed = await readFile(join(cwd, 'again.yaml'), 'utf8');
    await writeFile(join(cwd, 'again.yaml'), changed.replace(/stateSha256: ../, 'stateSha256: 00'));
    const { code, stderr } = await run('again.yaml', '--from', 'first');
    expect(code).toBe(2);
    expect(stderr).toMatch(/pretrained.stateSha256: expected the weights of sha256 00/);
  });

  test.each([
    [
      'nothing',
      4,
      'nothing: expected a run folder, or weights in .safetensors or .npz, got no such file or folder',
    ],
    ['toy.yaml', 4, 'toy.yaml: expected a safetensors file, got'],
    ['data', 4, 'data: expected the folder of a run'],
  ])('--from %s: exit %i', async (from, code, message) => {
    const found = await run('tuned.yaml', '--from', from);
    expect(found.code).toBe(code);
    expect(found.stderr).toContain(message);
    expect(found.stderr.trim().split('\n')).toHaveLength(1);
  });
});

describe('from a table', () => {
  const table = (names: string, rows: number, shift: number) =>
    `${names}\n${Array.from({ length: rows }, (_, i) => `${(i % 7) + shift},${['x', 'y', 'z'][i % 3]},${i % 2 ? 'yes' : 'no'}`).join('\n')}\n`;
  const experiment = (source: string) =>
    `data: { source: ${source}, validation: 10 }\nmodel: [{ kind: ` +
    'dense, units: 4 }, tanh, { kind: dense, units: classes }]\n' +
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

describe('from PyTorch', () => {
  const { samples, labels, probabilities } = vectors as Record<string, number[][]>;
  const columns = samples![0]!.map((_, i) => `c${i}`);
  const csv = `${[...columns, 'class'].join()}\n${samples!.map((row, i) => [...row, labels![i]].join()).join('\n')}\n`;
  const experiment = `data: { source: t.csv, validation: 0, preparation: none, target: class }
model:
  - { kind: dense, units: 8 }
  - batch-norm
  - relu
  - { kind: dense, units: 8 }
  - gelu
  - { kind: dense, units: classes }
optimizer: { kind: sgd, learningRate: 1e-30 }
batchSize: full
epochs: 1
`;

  test.each(['safetensors', 'npz'])('the same outputs to the rounding of float32, from .%s', async (kind) => {
    const cwd = await temporaryFolder();
    await writeFile(join(cwd, 't.csv'), csv);
    // Its running figures stay as PyTorch left them.
    await writeFile(
      join(cwd, 't.yaml'),
      experiment.replace('- batch-norm', '- { kind: batch-norm, freeze: true }'),
    );
    await writeFile(join(cwd, `w.${kind}`), Buffer.from(vectors[kind], 'base64'));
    const { code, stderr } = await runTrain(['t.yaml', '--from', `w.${kind}`, '--out', 'r', '--quiet'], {
      cwd,
    });
    expect([stderr, code]).toEqual(['', 0]);
    const run = await openRun(join(cwd, 'r'));
    const found = run.probabilities(Float64Array.from(samples!.flat()));
    const largest = Math.max(...probabilities!.flat().map((p, i) => Math.abs(p - found[i]!)));
    expect(largest).toBeLessThan(8 * 2 ** -24);
    expect((await runTrain(['verify', 'r'], { cwd })).stdout).toMatch(/^identical/);
  });

  test('a pickle is never opened', async () => {
    const cwd = await toyFolder();
    await writeFile(join(cwd, 'w.pt'), 'PK\x03\x04 archive/data.pkl');
    const { code, stderr } = await runTrain(['toy.yaml', '--from', 'w.pt'], { cwd });
    expect(code).toBe(4);
    expect(stderr).toMatch(/got a pickle of PyTorch, which is never opened; in Python: safetensors.torch/);
  });
});
