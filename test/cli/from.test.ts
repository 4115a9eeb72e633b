// `train --from`: fine-tuning, from a run or from the weights of another program.
import { cp, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { openRun } from '#lockstep/run/open-run.js';
import { readSafetensors } from '#lockstep/run/safetensors.js';
import { temporaryFolder } from '../support/data-files.ts';
import { preparedFolder } from '../support/prepared-folder.ts';
import { runTrain } from '../support/run-cli.ts';
import { toyFolder } from '../support/toy-folder.ts';
import { done, run, summaryOf, trainTuned } from '../support/tuned-run.ts';

const vectors = JSON.parse(await readFile(join(import.meta.dirname, '../vectors/torch-state.json'), 'utf8'));

describe('from a run', () => {
  const folder = preparedFolder(trainTuned);

  test('the frozen layer is that of the run, the other one is not', async () => {
    const cwd = await folder();
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
    const cwd = await folder();
    const record = { from: 'first', stateSha256: expect.stringMatching(/^[0-9a-f]{64}$/) };
    expect(parse(await readFile(join(cwd, 'tuned/config.yaml'), 'utf8')).pretrained).toEqual(record);
    expect((await summaryOf(join(cwd, 'tuned'))).pretrained).toEqual(record);
  });

  test('a whole network has the digest that the run printed, and begins where that ended', async () => {
    const cwd = await folder();
    await done(cwd, 'toy.yaml', '--from', 'first', '--set', 'optimizer.learningRate=1e-30', '--out', 'same');
    const [first, same] = [await summaryOf(join(cwd, 'first')), await summaryOf(join(cwd, 'same'))];
    expect(same.pretrained.stateSha256).toBe(first.stateSha256);
    expect(same.weightsSha256).toBe(first.weightsSha256);
    expect(same.test).toEqual(first.test);
  });

  test('verify trains it again, without the run that it began with, and tells other weights', async () => {
    const cwd = await folder();
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
    const cwd = await folder();
    await done(cwd, 'tuned.yaml', '--from', 'first', '--seeds', '2', '--out', 'seeds');
    const before = await summaryOf(join(cwd, 'seeds/seed-6'));
    await rm(join(cwd, 'seeds/seed-6'), { recursive: true });
    await done(cwd, 'resume', 'seeds');
    expect((await summaryOf(join(cwd, 'seeds/seed-6'))).weightsSha256).toBe(before.weightsSha256);
  });

  test('a config that names weights wants those', async () => {
    const cwd = await folder();
    await cp(join(cwd, 'tuned/config.yaml'), join(cwd, 'again.yaml'));
    expect(await run(cwd, 'again.yaml')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining(
        'pretrained: expected the weights that the training begins with, got none',
      ),
    });
    expect(await run(cwd, 'again.yaml', '--from', 'tuned')).toMatchObject({ code: 0 });
    const changed = await readFile(join(cwd, 'again.yaml'), 'utf8');
    await writeFile(join(cwd, 'again.yaml'), changed.replace(/stateSha256: ../, 'stateSha256: 00'));
    const { code, stderr } = await run(cwd, 'again.yaml', '--from', 'first');
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
    const cwd = await folder();
    const found = await run(cwd, 'tuned.yaml', '--from', from);
    expect(found.code).toBe(code);
    expect(found.stderr).toContain(message);
    expect(found.stderr.trim().split('\n')).toHaveLength(1);
  });
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

  test('the same outputs to the rounding of float32, from .safetensors and .npz', async () => {
    const cwd = await temporaryFolder();
    await writeFile(join(cwd, 't.csv'), csv);
    // Its running figures stay as PyTorch left them.
    await writeFile(
      join(cwd, 't.yaml'),
      experiment.replace('- batch-norm', '- { kind: batch-norm, freeze: true }'),
    );
    for (const kind of ['safetensors', 'npz']) {
      await writeFile(join(cwd, `w.${kind}`), Buffer.from(vectors[kind], 'base64'));
      const args = ['t.yaml', '--from', `w.${kind}`, '--out', kind, '--quiet'];
      const { code, stderr } = await runTrain(args, { cwd });
      expect([stderr, code]).toEqual(['', 0]);
      const run = await openRun(join(cwd, kind));
      const found = run.probabilities(Float64Array.from(samples!.flat()));
      const largest = Math.max(...probabilities!.flat().map((p, i) => Math.abs(p - found[i]!)));
      expect(largest).toBeLessThan(8 * 2 ** -24);
    }
    expect((await runTrain(['verify', 'npz'], { cwd })).stdout).toMatch(/^identical/);
  });

  test('a pickle is never opened', async () => {
    const cwd = await toyFolder();
    await writeFile(join(cwd, 'w.pt'), 'PK\x03\x04 archive/data.pkl');
    const { code, stderr } = await runTrain(['toy.yaml', '--from', 'w.pt'], { cwd });
    expect(code).toBe(4);
    expect(stderr).toMatch(/got a pickle of PyTorch, which is never opened; in Python: safetensors.torch/);
  });
});
