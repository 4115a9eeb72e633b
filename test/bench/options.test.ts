import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { againstOptions, checkAgainst } from '../../bench/against/options.mjs';
import { readOptions, WrongOption } from '../../bench/support/options.mjs';
import { temporaryFolder } from '../support/data-files.ts';

const sections = ['epochs', 'kernels'];

function read(...args: string[]) {
  const options = readOptions(args, { file: 'bench.json', names: sections, more: againstOptions, help: 'h' });
  checkAgainst(options, ['epochs']);
  return options;
}

function complaint(...args: string[]): string {
  try {
    read(...args);
  } catch (error) {
    expect(error).toBeInstanceOf(WrongOption);
    return (error as Error).message;
  }
  throw new Error('it was accepted');
}

/** A folder that looks like a checkout that is built. */
async function built(): Promise<string> {
  const folder = await temporaryFolder();
  mkdirSync(join(folder, 'dist/src/cli'), { recursive: true });
  for (const file of ['index.js', 'cli/main.js']) writeFileSync(join(folder, 'dist/src', file), '');
  return folder;
}

describe('a bench', () => {
  test('is told what to measure, and what to do with it', () => {
    expect(read()).toEqual({ quick: false, json: undefined, compare: undefined, chosen: [] });
    expect(read('kernels', '--quick', 'epochs', '--json')).toMatchObject({
      ...{ quick: true, json: 'bench.json', chosen: ['kernels', 'epochs'] },
    });
    expect(read('--json=a.json', '--compare', 'b.json')).toMatchObject({ json: 'a.json', compare: 'b.json' });
    expect(read('--help').help).toBe(true);
  });
  test('knows nothing else', () => {
    expect(complaint('epoch')).toMatch(/^unknown "epoch"; known: epochs, kernels, --quick/);
    expect(complaint('--toString')).toMatch(/^unknown/);
    expect(complaint('--compare')).toBe('--compare needs a value');
  });
});

describe('a comparison with another checkout', () => {
  test('has options of its own', async () => {
    const folder = await built();
    const options = read(
      'epochs',
      '--against',
      folder,
      '--network',
      'BN',
      '--network',
      '128-10',
      '--batch=64,128',
    );
    expect(options).toMatchObject({ chosen: ['epochs'], batchSizes: [64, 128] });
    expect(options.checkouts).toMatchObject({ old: { name: 'old', folder }, new: { name: 'new' } });
    expect((options.networks as { name: string }[]).map(({ name }) => name)).toEqual([
      '784-64-BN-32-10',
      '784-128-10',
      '784-256-128-10 leaky',
      '784-128-128-10 skip',
    ]);
    expect(read('--against', folder, '--threads', '1,2', '--pairs', '3', '--other-bits')).toMatchObject({
      ...{ threads: [1, 2], pairs: 3, otherBits: true },
    });
  });
  test('shares some of them with the section epochs', () => {
    const options = read('epochs', '--network', '784-2048', '--batch', '256', '--threads', '1,2');
    expect(options).toMatchObject({ batchSizes: [256], threads: [1, 2] });
    expect((options.networks as { name: string }[]).map(({ name }) => name)).toEqual(['784-2048-2048-10']);
    expect(read('epochs', '--network', '784').networks).toHaveLength(5);
    expect(read('epochs', '--network', 'lenet').networks).toMatchObject([{ name: 'lenet-5' }]);
    const alone = ' goes with --against FOLDER, or with the section epochs alone';
    expect(complaint('--network', 'BN')).toBe(`--network${alone}`);
    expect(complaint('epochs', 'kernels', '--batch', '64')).toBe(`--batch${alone}`);
  });
  test('says what does not go together', async () => {
    const folder = await built();
    expect(complaint('--pairs', '3')).toBe('--pairs goes with --against FOLDER');
    expect(complaint('--other-bits')).toBe('--other-bits goes with --against FOLDER');
    expect(complaint('kernels', '--against', folder)).toBe('--against: expected epochs, got kernels');
    expect(complaint('--against', folder, '--compare', 'old.json')).toContain('leave out --compare');
  });
  test('says what is wrong', async () => {
    const empty = await temporaryFolder();
    expect(complaint('--against', empty)).toBe(
      `--against ${empty}: expected a built checkout, got no dist/src/index.js; run \`npm ci\` there`,
    );
    expect(complaint('--against')).toBe('--against needs a value');
    expect(complaint('--threads', '0')).toBe('--threads: expected positive integers, such as 1,2, got "0"');
    expect(complaint('--batch', '64,')).toBe('--batch: expected positive integers, such as 1,2, got "64,"');
    expect(complaint('--pairs', '1,2')).toBe('--pairs: expected one number, got "1,2"');
    expect(complaint('--network', 'resnet')).toMatch(/^--network: expected a part of one of "784-128-10", /);
  });
});
