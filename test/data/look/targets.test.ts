// What is told, or refused, of classes and of values to predict.
import { expect, test } from 'vitest';
import type { Dataset } from '#lockstep/data/dataset.js';
import { lookAt } from '#lockstep/data/look.js';
import { LockstepError } from '#lockstep/foundation/errors.js';
import { cycle, many, noise, pictures, tableOf } from '../../support/small-data.ts';

function refusal(dataset: Dataset): string {
  try {
    lookAt(dataset);
  } catch (error) {
    expect(error).toBeInstanceOf(LockstepError);
    expect((error as LockstepError).code).toBe('data');
    return (error as LockstepError).message;
  }
  throw new Error('nothing was refused');
}

test('one class only is refused', () => {
  expect(refusal(pictures([2, 2, 2], [2], 3))).toBe(
    'digits.csv: expected training samples of at least two classes, got class 2 for all 3; ' +
      'in a CSV file, data.target says which column holds the labels; ' +
      'rows without labels are for `train predict`',
  );
  const names = { kind: 'classes', count: 2, names: ['cat', 'dog'], column: 'animal' } as const;
  expect(
    refusal(
      tableOf(
        ['a'],
        names,
        many(4, (i) => [i, 1]),
      ),
    ),
  ).toBe(
    'table.csv: expected training samples of at least two classes, got class "dog" for all 4; ' +
      'data.target says which column is predicted',
  );
});

test('classes that never occur, or only in the test set', () => {
  const letters = cycle(260, 26).map((letter) => letter + 1);
  expect(lookAt(pictures(letters, letters.slice(0, 26), 27))).toEqual([
    'class 0 never occurs: 26 of 27 classes are used',
  ]);
  expect(lookAt(pictures(cycle(50, 5), [1, 2, 3, 10, 10], 11))).toEqual([
    'the test set has 2 samples of class 10, of which there is no training sample',
    'classes 5, 6, 7, 8 and 9 never occur: 6 of 11 classes are used',
  ]);
  expect(lookAt(pictures(cycle(50, 5), [0], 15))).toEqual([
    'classes 5, 6, 7, 8, 9, 10 and 4 more never occur: 5 of 15 classes are used',
  ]);
});

test('more classes than half the samples are told, a class for each of many samples is refused', () => {
  expect(lookAt(pictures(cycle(40, 25), [], 25))).toEqual([
    '25 classes in 40 training samples: most have a single one; is the target an id, or a value to predict?',
  ]);
  expect(lookAt(pictures(cycle(40, 20), [], 20))).toEqual([]);
  expect(refusal(pictures(cycle(40, 40), [], 40))).toBe(
    'digits.csv: expected classes of several samples each, ' +
      'got another class for each of 40 training samples, as an id has; ' +
      'data.target says what is predicted; to predict a value, take the loss mean-squared-error',
  );
  // Whoever tries something out with a handful of samples may.
  expect(lookAt(pictures([0, 1], [], 2))).toHaveLength(1);
});

test('values and flags that never vary', () => {
  const values = { kind: 'values', names: ['price', 'rent'] } as const;
  const rows = (rent: (i: number) => number) => many(30, (i) => [noise(i), 5, rent(i)]);
  expect(
    lookAt(
      tableOf(
        ['a'],
        values,
        rows((i) => noise(i, 1)),
      ),
    ),
  ).toEqual(['the value "price" is 5 in every training sample']);
  expect(
    refusal(
      tableOf(
        ['a'],
        values,
        rows(() => 3),
      ),
    ),
  ).toBe(
    'table.csv: expected a value to predict that varies, got the same "price" in all 30 training samples; ' +
      'data.target says which column is predicted',
  );
});
