// How a backend lays matrices out.
import { describe, expect, test } from 'vitest';
import { roundUp } from '#lockstep/foundation/shapes.js';
import { backends } from '#lockstep/model/backends.js';

describe.each([...backends.values()].map(({ name, layout }) => [name, layout] as const))(
  'rows of activations: %s',
  (_, layout) => {
    const widest = Math.max(...Object.values(layout.panelWidth));
    const strides = Array.from({ length: 3000 }, (_, i) => ({
      columns: i + 1,
      stride: layout.rowStride(i + 1),
    }));

    test('holds the columns in whole panels', () => {
      const short = strides.filter(({ columns, stride }) => stride < roundUp(columns, widest));
      expect(short).toEqual([]);
    });

    test('is an odd number of cache lines, so that rows lie in all sets of a level-1 cache', () => {
      expect(strides.filter(({ stride }) => (stride / 16) % 2 !== 1)).toEqual([]);
    });

    test('wastes less than two panels', () => {
      expect(strides.filter(({ columns, stride }) => stride - columns >= 2 * widest)).toEqual([]);
    });
  },
);
