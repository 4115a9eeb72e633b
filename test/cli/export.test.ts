// `train export` as a command: what it writes and says, and what it refuses.
import { existsSync, readFileSync } from 'node:fs';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import Papa from 'papaparse';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readSafetensors, writeSafetensors } from '#lockstep/run/safetensors.js';
import { readSummary } from '#lockstep/run/summary.js';
import { temporaryFolder } from '../support/data-files.ts';
import { readOnnx } from '../support/onnx.ts';
import { runTrain, temporary } from '../support/run-cli.ts';
import { tableFolder } from '../support/table-folder.ts';

let cwd: string;
let weightsSha256: string;

beforeAll(async () => {
  cwd = await tableFolder('classes', '', temporary());
  const { code, stderr } = await runTrain(['table.yaml', '--out', 'run', '--quiet'], { cwd });
  expect([code, stderr]).toEqual([0, '']);
  weightsSha256 = (await readSummary(join(cwd, 'run')))!.weightsSha256;
}, 60_000);
afterAll(() => rm(cwd, { recursive: true, force: true }));

const exportTo = (format: string, out: string, run = 'run') =>
  runTrain(['export', run, '--format', format, '--out', out], { cwd });

test('says what it has written, and which file the weights are from', async () => {
  const { code, stdout, stderr } = await exportTo('onnx', 'a.onnx');
  expect([code, stderr]).toEqual([0, '']);
  const bytes = readFileSync(join(cwd, 'a.onnx')).length;
  const checkpoint = join('run', 'checkpoints', 'last.safetensors');
  expect(stdout.replaceAll(',', '')).toBe(
    `exported  a.onnx ${bytes} bytes\nweights   sha256 ${weightsSha256}\nfrom      ${checkpoint}\n`,
  );
  const { metadata, inputs } = readOnnx(readFileSync(join(cwd, 'a.onnx')));
  expect(metadata.weightsSha256).toBe(weightsSha256);
  expect(inputs.map(({ name }) => name)).toEqual(['x', 'idle', 'place']);
});

test('the ES module has the bits of `train predict --probabilities`', async () => {
  const { code, stdout } = await runTrain(['export', 'run', '--format', 'js', '--out', 'net.js', '--json'], {
    cwd,
  });
  const { files, format, checkpoint } = JSON.parse(stdout);
  expect([code, format, files[0].path, files[1].path]).toEqual([0, 'js', 'net.js', 'net.d.ts']);
  expect(checkpoint).toMatch(/last\.safetensors$/);
  await writeFile(join(cwd, 'package.json'), '{ "type": "module" }');
  const { predict, model } = await import(pathToFileURL(join(cwd, 'net.js')).href);
  await runTrain(['predict', 'run', 'table.csv', '--out', 'p.csv', '--probabilities'], { cwd });
  const parse = (file: string) =>
    Papa.parse<Record<string, string>>(readFileSync(join(cwd, file), 'utf8').trim(), { header: true }).data;
  const expected = parse('p.csv');
  const rows = parse('table.csv').map(({ x, idle, place }) => ({ x: Number(x), idle: Number(idle), place }));
  expect(rows).toHaveLength(300);
  for (const [i, one] of predict(rows).entries()) {
    expect(one.class).toBe(expected[i]!.kind);
    const own = model.classes.map((name: string) => Number(expected[i]![`p_${name}`]));
    expect(one.probabilities).toEqual(own);
  }
});

describe('refuses in one line', () => {
  const refused = async (args: string[], status: number, said: RegExp | string) => {
    const { code, stdout, stderr } = await runTrain(['export', ...args], { cwd });
    expect([code, stdout]).toEqual([status, '']);
    const [line, ...more] = stderr.trimEnd().split('\n');
    expect(more).toEqual([]);
    if (typeof said === 'string') expect(line).toBe(`train: ${said}`);
    else expect(line).toMatch(said);
  };

  test('a format that there is not', async () => {
    const known = 'onnx, safetensors, npz, js, html';
    await refused(
      ['run', '--format', 'onyx', '--out', 'b'],
      2,
      `--format: expected ${known}, got "onyx"; did you mean onnx?`,
    );
    await refused(['run', '--format', 'xml', '--out', 'b'], 2, `--format: expected ${known}, got "xml"`);
  });

  test('no place, or one that is taken', async () => {
    await refused(
      ['run', '--format', 'onnx'],
      2,
      'Missing required argument: out; `train --help` shows what there is',
    );
    await refused(
      ['run', '--format', 'npz', '--out', 'table.csv'],
      2,
      /^train: --out table\.csv: expected a new file/,
    );
  });

  test('what is no run', async () => {
    await refused(
      ['nowhere', '--format', 'onnx', '--out', 'b.onnx'],
      4,
      /nowhere: expected the folder of a run/,
    );
  });
});

/** A run folder with nothing but config.yaml and this checkpoint. */
async function bareRun(change: (numbers: Float32Array) => void): Promise<string> {
  const folder = await temporaryFolder();
  await mkdir(join(folder, 'checkpoints'));
  const config = await readFile(join(cwd, 'run/config.yaml'));
  await writeFile(join(folder, 'config.yaml'), config);
  const best = await readSafetensors(join(cwd, 'run/checkpoints/best.safetensors'));
  change(best.tensors[0]!.values as Float32Array);
  const { weightsDigest, stateDigest } = await import('#lockstep/model/weights.js');
  const weights = best.tensors as Parameters<typeof weightsDigest>[0];
  const digests = { weightsSha256: weightsDigest(weights), stateSha256: stateDigest(weights, []) };
  const metadata = { ...best.metadata, ...digests };
  await writeSafetensors(join(folder, 'checkpoints/best.safetensors'), { tensors: best.tensors, metadata });
  await rm(join(cwd, 'c.onnx'), { force: true });
  return folder;
}

test('one whole checkpoint is enough, and it is told which', async () => {
  const { code, stdout, stderr } = await exportTo('onnx', 'c.onnx', await bareRun(() => {}));
  expect(code).toBe(0);
  expect(stdout).toMatch(/from .*best\.safetensors\n$/);
  expect(stderr).toMatch(
    /did not come to its end: these are the weights of epoch \d+, from .*best\.safetensors/,
  );
});

test('numbers that are not finite are refused', async () => {
  const diverged = await bareRun((numbers) => {
    numbers[3] = Number.NaN;
  });
  const { code, stderr } = await exportTo('onnx', 'c.onnx', diverged);
  expect(code).toBe(4);
  expect(stderr).toMatch(/model\.0\.W: expected finite numbers only, got NaN, at place 3/);
  expect(existsSync(join(cwd, 'c.onnx'))).toBe(false);
});
