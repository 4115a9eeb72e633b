// Two checkouts that only pretend to train are compared by the processes that compare real ones.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { epochsAgainst } from '../../bench/against/epochs.mjs';
import { createDigests } from '../../bench/against/pairs.mjs';
import { temporaryFolder } from '../support/data-files.ts';

/** A checkout whose epochs take so many seconds: four that warm up, then those that count. */
async function pretender(name: 'old' | 'new', cold: number, warm: number, weights: string) {
  const folder = await temporaryFolder();
  mkdirSync(join(folder, 'dist/src'), { recursive: true });
  writeFileSync(join(folder, 'package.json'), '{ "type": "module" }');
  writeFileSync(
    join(folder, 'dist/src/index.js'),
    `export const openDataset = async (name) => name;
export const readExperiment = (text, { overrides }) => ({ experiment: { text, overrides } });
export const threads = (count) => count;
export async function* train({ text, overrides }, { dataset, executor, crew, signal }) {
  if (dataset !== 'mnist' || executor !== crew)
    throw new Error('expected mnist, and an executor for any checkout');
  const settings = Object.fromEntries(overrides.map(({ path, value }) => [path, value]));
  yield { kind: 'start' };
  let epoch = 0;
  const work = (executor * (settings['data.training'] ?? 60_000)) / 60_000;
  while (!signal.aborted) yield { kind: 'epoch', seconds: (epoch++ < 4 ? ${cold} : ${warm}) * work };
  yield { kind: 'end', weightsSha256: '${weights} ' + epoch + ' ' + settings.batchSize + text.length };
}
`,
  );
  return { name, folder };
}

const networks = [{ name: '784-128-10', file: 'one-hidden-128' }];
const options = { quick: false, pairs: 2, networks, batchSizes: [64], threads: [1, 2] };

test('epochs that warm up are left out, and the ratio is new / old', async () => {
  const digests = createDigests();
  const checkouts = { old: await pretender('old', 900, 2, 'w'), new: await pretender('new', 100, 3, 'w') };
  const lines = await epochsAgainst(checkouts, digests, options);
  expect(lines).toMatchObject([
    { name: '784-128-10 b64 t1', ratios: [1.5, 1.5], median: 1.5, seconds: { old: 2, new: 3 } },
    { name: '784-128-10 b64 t2', ratios: [1.5, 1.5], median: 1.5, seconds: { old: 4, new: 6 } },
  ]);
  expect(digests.compare()).toEqual({ count: 1, differences: [] });
});

test('a network may be measured on few images, and its time is scaled', async () => {
  const few = [{ ...networks[0]!, samples: 6000, warmUps: 2 }];
  const checkouts = { old: await pretender('old', 4, 4, 'w'), new: await pretender('new', 5, 5, 'v') };
  const digests = createDigests();
  const lines = await epochsAgainst(checkouts, digests, { ...options, networks: few, threads: [1] });
  expect(lines.map(({ seconds }) => seconds)).toEqual([{ old: 4, new: 5 }]);
  // Two that warm up, and three of 0.4 seconds, which make a second.
  expect(digests.compare().differences[0]).toMatch(/^784-128-10 b64, 5 epochs: /);
});

test('other weights are told', async () => {
  const digests = createDigests();
  const checkouts = { old: await pretender('old', 1, 1, 'w'), new: await pretender('new', 1, 1, 'v') };
  await epochsAgainst(checkouts, digests, { ...options, pairs: 1, threads: [1] });
  const { count, differences } = digests.compare();
  expect(count).toBe(1);
  expect(differences).toHaveLength(1);
  expect(differences[0]).toMatch(/^784-128-10 b64, 7 epochs: old has w 7 64\d+, new has v 7 64\d+$/);
});

test('a side that fails is named, with its reason', async () => {
  const old = await pretender('old', 1, 1, 'w');
  const broken = await pretender('new', 1, 1, 'w');
  writeFileSync(join(broken.folder, 'dist/src/index.js'), "throw new RangeError('no such door');\n");
  const comparison = epochsAgainst({ old, new: broken }, createDigests(), options);
  await expect(comparison).rejects.toThrow('new: RangeError: no such door');
});
