// Which networks a page carries, and what it says of the others; which samples come along.
import { expect, test } from 'vitest';
import type { Samples } from '#lockstep/data/dataset.js';
import { likeMnist } from '#lockstep/data/pictures/profile.js';
import type { Signature } from '#lockstep/data/split.js';
import { tryFacts, trySamples } from '#lockstep/report/page/try-facts.js';
import { tryInReport, whyNotCarried } from '#lockstep/report/page/try-part.js';
import { drawnNetwork, numbers, pictures, words } from '../support/exported.ts';

const dense = (units: number | string) => ({ kind: 'dense', units });

function tried(signature: Signature, model: object[], missing = 'refuse') {
  const { exported } = drawnNetwork(signature, { model, data: { source: 'x', missing } });
  const profile = signature.features.kind === 'bytes' ? likeMnist({ height: 2, width: 3 }) : undefined;
  return { ...exported, profile, samples: [] };
}

test('a report carries up to 1,000,000 bytes of weights, and says what to do above', () => {
  // 4 inputs: (4 + 1) * units + (units + 1) * 3 numbers.
  const bytesOf = (units: number) => 4 * (8 * units + 3);
  const [most, more] = [31_249, 31_250];
  expect([bytesOf(most) <= 1_000_000, bytesOf(more) > 1_000_000]).toEqual([true, true]);
  const small = tryInReport(tried(numbers, [dense(most), dense('classes')]));
  expect(small.behind.text).toContain('id="try-weights"');
  const large = tryInReport(tried(numbers, [dense(more), dense('classes')]));
  expect(large.behind.text).toBe('');
  expect(large.section.text).toContain('1,000,012 bytes');
  expect(large.section.text).toContain('npx train export . --format html --out try.html');
});

test('a network that diverged has nothing to say', () => {
  const network = tried(numbers, [dense(2), dense('classes')]);
  network.parameters[0]!.values[1] = Number.NaN;
  expect(tryInReport(network).section.text).toBe('');
  expect(whyNotCarried(network)).toBeUndefined();
});

test('nothing of the user’s machine comes along, and names are texts', () => {
  const network = tried(words, [dense(2), dense('classes')]);
  const named = {
    ...network,
    experiment: { ...network.experiment, name: '</script><b>', data: { ...network.experiment.data } },
  };
  named.experiment.data.source = '/home/anna/secret.csv';
  const { section, behind } = tryInReport(named);
  expect(section.text + behind.text).not.toMatch(/anna|<\/script><b>/);
  expect(tryInReport(named).behind.text).toBe(behind.text);
});

test('fields: units, gaps as the preparation has them, and sliders over the samples', () => {
  const signature: Signature = {
    ...words,
    features: {
      ...words.features,
      columns: (words.features as { columns: readonly object[] }).columns.map((column, c) =>
        c === 1 ? { ...column, form: { decimal: ',', group: '.', unit: '%' } } : column,
      ),
    } as Signature['features'],
  };
  const samples = [
    { index: 0, input: [0, 1990, 1, 10.5], actual: [1] },
    { index: 1, input: [1, 2010, 0, null], actual: [1] },
    { index: 2, input: [1, 1995, 0, 20.25], actual: [1] },
  ];
  const network = tried(signature, [dense('classes')], 'category');
  const { input } = tryFacts({ ...network, samples });
  if (input.kind !== 'row') throw new Error('expected a row');
  expect(input.columns.map(({ name, gap }) => [name, gap])).toEqual([
    ['town', true],
    ['year (%)', true],
    ['label', true],
    ['area', true],
  ]);
  expect(input.columns[1]).toMatchObject({ least: 1990, most: 2010, step: 1 });
  expect(input.columns[3]).toMatchObject({ least: 10.5, most: 20.25, step: 0.01, usual: 12.5 });
  const strict = tryFacts({ ...tried(signature, [dense('classes')]), samples }).input;
  expect(strict.kind === 'row' && strict.columns.some(({ gap }) => gap)).toBe(false);
});

test('samples: those that must come, then the first, as they are', () => {
  const { features } = pictures();
  const bytes = Uint8Array.from({ length: 18 * 40 }, (_, i) => i % 251);
  const test = {
    count: 40,
    features: bytes,
    targets: Uint8Array.from(Array(40).keys()),
  } as unknown as Samples;
  const chosen = trySamples(features, test, [38, 7]);
  expect(chosen.map(({ index }) => index)).toEqual([...Array(23).keys(), 38]);
  const last = chosen.at(-1)!;
  expect([last.index, last.actual]).toEqual([38, [38]]);
  expect([...Buffer.from(last.input as string, 'base64')]).toEqual([...bytes.subarray(18 * 38, 18 * 39)]);
  const cells = Float64Array.of(0.1, Number.NaN, 3, 4, 5, 6, 7, 8);
  const rows = { count: 2, features: cells, targets: Float64Array.of(1, 2) } as unknown as Samples;
  expect(trySamples(numbers.features, rows, [])).toEqual([
    { index: 0, input: [0.1, null, 3, 4], actual: [1] },
    { index: 1, input: [5, 6, 7, 8], actual: [2] },
  ]);
});
