// What `npm run bench:peers` measures, with contestants that only pretend to train.
import { describe, expect, test } from 'vitest';
import { type Contestant, contest, samplesFor } from '../../bench/peers/contest.mjs';
import { casesOf, checkPeers, peersOptions, reasonToSkip } from '../../bench/peers/options.mjs';
import { readOptions, WrongOption } from '../../bench/support/options.mjs';

const names = ['784-128-10', '784-2048-2048-10'];

function read(...args: string[]) {
  const options = readOptions(args, { file: 'peers.json', names, more: peersOptions, help: 'h' });
  checkPeers(options);
  return options;
}

/** The measured networks with their batch sizes, as text. */
function cases(...args: string[]): string[] {
  const sizes = new Map<string, number[]>();
  for (const { network, batchSize } of casesOf(read(...args))) {
    sizes.set(network.name, [...(sizes.get(network.name) ?? []), batchSize]);
  }
  return [...sizes].map(([name, all]) => `${name}: ${all}`);
}

describe('the cases', () => {
  test('are the five networks, the convolutional ones, and the wide one with large batches', () => {
    expect(cases()).toEqual([
      '784-128-10: 64,128,256,1024',
      '784-256-128-10 leaky: 64,128,256,1024',
      '784-64-BN-32-10: 64,128,256,1024',
      '784-512-128-64-10: 64,128,256,1024',
      '784-128-128-10 skip: 64,128,256,1024',
      'lenet-5: 64,128,256,1024',
      'conv-32-64: 64,128,256',
      '784-2048-2048-10: 256,1024',
    ]);
    expect(cases('--quick')).toHaveLength(7);
    expect(cases('--batch', '64,256').at(-1)).toBe('784-2048-2048-10: 256');
  });
  test('can be chosen', () => {
    expect(cases('784-128-10', '--batch=32')).toEqual(['784-128-10: 32']);
    expect(cases('--network', '784-2048')).toEqual(['784-2048-2048-10: 256,1024']);
    expect(cases('--network', 'conv', '--network', 'lenet')).toEqual([
      'conv-32-64: 64,128,256',
      'lenet-5: 64,128,256,1024',
    ]);
    expect(cases('--network', 'conv', '--batch', '1024')).toEqual(['conv-32-64: 1024']);
    expect(cases('--network', '784-2048', '--batch', '64')).toEqual(['784-2048-2048-10: 64']);
    expect(cases('784-2048-2048-10', '--network', 'BN', '--quick')).toEqual([
      '784-2048-2048-10: 64',
      '784-64-BN-32-10: 64',
    ]);
  });
  test('leave slow peers out, unless they are named', () => {
    const [small, large, wide] = ['784-128-10', '784-128-10', '784-2048-2048-10'].map(
      (name, i) => casesOf(read(name, '--batch', ['128', '256', '64'][i]!))[0]!,
    );
    const slow = { kind: 'tfjs cpu', slow: true };
    expect(reasonToSkip(slow, small!, read())).toBeUndefined();
    expect(reasonToSkip(slow, large!, read())).toMatch(/^too slow for .* unless it is named$/);
    expect(reasonToSkip(slow, wide!, read())).toMatch(/^too slow/);
    const [lenet] = casesOf(read('--network', 'lenet', '--batch', '64'));
    expect(reasonToSkip(slow, lenet!, read())).toMatch(/^too slow/);
    expect(reasonToSkip(slow, wide!, read('--peer', 'tfjs'))).toBeUndefined();
    expect(reasonToSkip({ kind: 'numpy' }, wide!, read())).toBeUndefined();
  });
});

test('peers are chosen by a part of their name', () => {
  expect(read('--peer', 'jax', '--peer', 'cpu').peers).toEqual(['jax', 'jax-js', 'tfjs cpu']);
  expect(() => read('--peer', 'keras')).toThrow(WrongOption);
  expect(() => read('--compare', 'old.json')).toThrow('--compare goes with `npm run bench`');
});

const [seed, wide] = ['784-128-10', '784-2048-2048-10'].map((name) => casesOf(read(name))[0]!.network);

test('slow peers train on some whole minibatches, and everyone on few images of the wide network', () => {
  const samples = (kind: string, most: number, network = seed!, batchSize = 64) =>
    samplesFor({ kind, samples: most }, { network, batchSize }, false);
  expect(samples('Lockstep', 60_000)).toBe(60_000);
  expect(samples('tfjs wasm', 7680)).toBe(7680);
  expect(samples('tfjs wasm', 7680, seed, 1024)).toBe(8192);
  expect(samples('tfjs cpu', 1280, seed, 1024)).toBe(4096);
  expect([samples('Lockstep', 60_000, wide), samples('numpy', 60_000, wide)]).toEqual([6144, 6144]);
  expect([64, 256, 1024].map((size) => samples('tfjs wasm', 7680, wide, size))).toEqual([832, 1024, 4096]);
});

/** A contestant whose sample takes so many seconds. */
function pretender(kind: string, second: number, loss: number, more: Partial<Contestant> = {}) {
  const asked: { epochs: number; samples: number }[] = [];
  const ask: Contestant['ask'] = async ({ epochs, samples, cold }) => {
    asked.push({ epochs, samples });
    const counted = kind === 'Lockstep' ? 2 : epochs - 1;
    return {
      seconds: Array<number>(counted).fill(second * samples),
      ...(kind === 'Lockstep' ? { first: Array<number>(cold).fill(9) } : {}),
      loss,
    };
  };
  return { kind, threads: 1, samples: 60_000, rounds: 3, ask, asked, ...more };
}

function run(contestants: Contestant[], network = seed!, batchSize = 64) {
  const faults = new Set<string>();
  const skip = ({ kind }: Contestant) => (kind === 'brain.js' ? 'too slow' : undefined);
  const how = { quick: false, label: 'case', skip, faults };
  return contest(contestants, { network, batchSize }, how).then((entries) => ({ entries, faults }));
}

describe('a contest', () => {
  test('scales times to 60,000 images', async () => {
    const slow = pretender('tfjs wasm', 0.001, 0.4, { samples: 7680 });
    const ours = pretender('Lockstep', 0.001, 0.3);
    const { entries, faults } = await run([ours, slow], wide, 256);
    expect(entries.map(({ samples }) => samples)).toEqual([6144, 1024]);
    for (const { seconds } of entries) for (const time of seconds) expect(time).toBeCloseTo(60, 9);
    expect(entries[0]!.first).toHaveLength(3);
    // Slow peers have one round of the wide network.
    expect(slow.asked).toEqual([{ epochs: 2, samples: 1024 }]);
    expect([...faults]).toEqual([]);
  });
  test('times more epochs of a fast peer', async () => {
    const fast = pretender('numpy', 0.3 / 60_000, 0.4);
    await run([pretender('Lockstep', 1, 0.3), fast]);
    expect(fast.asked.map(({ epochs }) => epochs)).toEqual([2, 6, 6]);
  });
  test('tries no number of threads again that is hopeless', async () => {
    const [one, two] = [1, 3].map((time, i) => pretender('numpy', time, 0.4, { threads: i + 1 }));
    await run([pretender('Lockstep', 1, 0.3), one!, two!]);
    expect([one!.asked.length, two!.asked.length]).toEqual([3, 1]);
  });
  test('fails a peer that does not learn, and names who does not take part', async () => {
    const dull = pretender('numpy', 1, 1.2);
    const { entries, faults } = await run([pretender('Lockstep', 1, 0.3), dull, pretender('brain.js', 1, 0)]);
    const reasons = entries.map(({ reason }) => reason);
    expect(reasons).toEqual([undefined, 'did not learn: loss 1.20, expected below 1.15', 'too slow']);
    expect([...faults]).toEqual(['numpy did not learn: loss 1.20, expected below 1.15']);
    // Of eight steps, less is expected.
    const few = await run([pretender('tfjs wasm', 1, 1.2, { samples: 7680, rounds: 1 })], wide, 256);
    expect(few.entries[0]!.seconds).toHaveLength(1);
  });
});
