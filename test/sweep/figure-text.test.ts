import { expect, test } from 'vitest';
import { shortNames, shortValue } from '#lockstep/sweep/figure-text.js';

test('values in a few letters: four digits, kinds by their names', () => {
  expect(shortValue(0.0123456)).toBe('0.01235');
  expect(shortValue(64)).toBe('64');
  expect(shortValue('adam')).toBe('adam');
  expect(shortValue(true)).toBe('true');
  expect(shortValue({ kind: 'cosine' })).toBe('cosine');
  expect(shortValue({ kind: 'exponential', decay: 0.9, every: { kind: 'epoch' } })).toBe(
    'exponential (decay 0.9, every epoch)',
  );
  expect(shortValue([1, 2])).toBe('[1,2]');
});

test('paths by their last parts, as many as tell them apart', () => {
  expect(shortNames(['optimizer.learningRate', 'model[0].units', 'model[2].units', 'seed'])).toEqual([
    'learningRate',
    'model[0].units',
    'model[2].units',
    'seed',
  ]);
});
