// A confusion matrix is stored whole up to 256 classes, and above as a list of what is not 0.

import { readFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import {
  type Confusion,
  classMetrics,
  countConfusion,
  countOf,
  countsOf,
  pairsOf,
} from '#lockstep/foundation/confusion.js';
import { stream } from '#lockstep/foundation/random.js';
import { writeConfusion } from '#lockstep/run/csv.js';
import { readConfusion } from '#lockstep/run/run-tables.js';
import { temporaryFolder } from '../support/data-files.ts';

/** Counts the same pairs, drawn from the classes 0 to 9, for so many classes. */
function counted(classes: number): Confusion {
  const random = stream(1, 'pairs');
  const { add, confusion } = countConfusion(classes);
  for (let i = 0; i < 1000; i++) add(random.below(10), random.below(10));
  return confusion;
}

describe.each([10, 256, 257, 65_536])('%i classes', (classes) => {
  const confusion = counted(classes);

  test('are stored whole, or as a list', () => {
    expect(confusion.classes).toBe(classes);
    if (classes <= 256) expect(confusion.counts).toHaveLength(classes * classes);
    else expect(confusion.pairs!.size).toBeLessThanOrEqual(100);
    expect(confusion.pairs === undefined).toBe(classes <= 256);
  });

  test('have the same counts and figures', () => {
    const small = counted(10);
    expect(pairsOf(confusion)).toEqual(pairsOf(small));
    expect(countsOf(confusion)).toEqual(countsOf(small));
    for (const { actual, predicted, count } of pairsOf(small)) {
      expect(countOf(confusion, actual, predicted)).toBe(count);
    }
    if (classes > 10) expect(countOf(confusion, classes - 1, 0)).toBe(0);
    const metrics = classMetrics(confusion);
    expect(metrics).toHaveLength(classes);
    expect(metrics.slice(0, 10)).toEqual(classMetrics(small));
    const nowhere = { precision: 0, recall: 0, f1: 0, support: 0, predicted: 0 };
    if (classes > 10) expect(metrics.at(-1)).toEqual(nowhere);
  });

  test('are read from confusion.csv as they were written', async () => {
    const file = `${await temporaryFolder()}/confusion.csv`;
    await writeConfusion(file, confusion);
    const text = await readFile(file, 'utf8');
    const back = readConfusion(file, text, { classes });
    expect(pairsOf(back)).toEqual(pairsOf(confusion));
    expect(back.classes).toBe(classes);
    if (classes > 256) expect(text.split('\n')[0]).toBe('actual,predicted,count');
  });
});

test.each([3, 300])('names of %i classes that need quotes survive confusion.csv', async (classes) => {
  const names = Array.from({ length: classes }, (_, c) => ['a, b', 'say "no"', 'plain'][c] ?? `class ${c}`);
  const { add, confusion } = countConfusion(classes);
  for (const [actual, predicted] of [[0, 1], [1, 1], [2, 0], [0, 1]]) add(actual!, predicted!); // biome-ignore format: pairs
  const file = `${await temporaryFolder()}/confusion.csv`;
  await writeConfusion(file, confusion, names);
  const back = readConfusion(file, await readFile(file, 'utf8'), { classes, classNames: names });
  expect(pairsOf(back)).toEqual([
    { actual: 0, predicted: 1, count: 2 },
    { actual: 1, predicted: 1, count: 1 },
    { actual: 2, predicted: 0, count: 1 },
  ]);
});

test('65,536 classes cost memory for the pairs that occur, not for all', () => {
  // All counts would be 16 GiB.
  const { add, confusion } = countConfusion(65_536);
  for (let i = 0; i < 5; i++) add(65_535, 65_535);
  expect(confusion.pairs).toEqual(new Map([[65_535 * 65_536 + 65_535, 5]]));
  expect(pairsOf(confusion)).toEqual([{ actual: 65_535, predicted: 65_535, count: 5 }]);
});
