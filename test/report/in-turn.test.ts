import { expect, test } from 'vitest';
import { inTurn } from '#lockstep/report/in-turn.js';

test('the first of each list, then the second of each, until there are enough or none is left', () => {
  const lists = [[1, 2, 3, 4], [10], [], [20, 21]];
  expect(inTurn(lists, 4)).toEqual([1, 10, 20, 2]);
  expect(inTurn(lists, 100)).toEqual([1, 10, 20, 2, 21, 3, 4]);
  expect(inTurn(lists, 0)).toEqual([]);
  expect(inTurn([], 3)).toEqual([]);
});
