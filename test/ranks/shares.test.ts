// Which rank has what: everything is somebody's, and nothing twice.
import { expect, test } from 'vitest';
import { mostRowsOf, ownersOf, rowsOf } from '#lockstep/engine/shares.js';
import { unevenShares } from '#lockstep/engine/unshared.js';

test.each([
  [1024, 4],
  [1000, 3],
  [600, 4],
  [257, 2],
  [100, 3],
])('the rows of a minibatch of %i for %i ranks', (rows, count) => {
  let next = 0;
  for (let index = 0; index < count; index++) {
    const own = rowsOf(rows, { index, count });
    expect(own.first).toBe(next);
    if (own.count > 0) expect(own.first % 256).toBe(0);
    expect(own.count).toBeLessThanOrEqual(mostRowsOf(rows, { index, count }));
    next += own.count;
  }
  expect(next).toBe(rows);
});

test('blocks of the gradient go to the ranks one after the other, about as many elements each', () => {
  const sizes = [4000, 4000, 4000, 4000, 4000, 128, 1000, 12];
  let kept = 0;
  const blocks = sizes.map((size) => {
    kept += size;
    return { kept: kept - size, size };
  });
  for (const ranks of [1, 2, 3, 5, 12]) {
    const owners = ownersOf(blocks, ranks);
    expect(owners).toHaveLength(ranks);
    const all = owners.flatMap(({ first, count }) => Array.from({ length: count }, (_, i) => first + i));
    expect(all).toEqual(sizes.map((_, block) => block));
  }
  const loads = ownersOf(blocks, 2).map(({ first, count }) =>
    sizes.slice(first, first + count).reduce((sum, size) => sum + size, 0),
  );
  expect(Math.abs(loads[0]! - loads[1]!)).toBeLessThanOrEqual(4000);
});

test('a batch size that suits is named', () => {
  expect(unevenShares(1024, { count: 4 })).toBeUndefined();
  expect(unevenShares(1000, { count: 3 })).toBe(
    'minibatches of 1,000 rows make 4 cuts of 256: some ranks have 2 of them and others 1; ' +
      'a batch size of 768 or 1,536 would suit 3 ranks',
  );
  expect(unevenShares(512, { count: 4 })).toBe(
    'minibatches of 512 rows make 2 cuts of 256: 2 of 4 ranks have no rows; ' +
      'a batch size of 1,024 would suit 4 ranks',
  );
});
