import { describe, expect, test } from 'vitest';
import { type PanelMatrix, panelCount, panelIndex, panelSize, roundUp } from '#lockstep/foundation/shapes.js';

const sizes = [1, 2, 3, 7, 8, 9, 31, 32, 33, 64, 100, 257];

describe.each([8, 32] as const)('panels of %i columns', (width) => {
  test.each(sizes)('each element of (5, %i) has a place of its own inside panelSize', (columns) => {
    const matrix: PanelMatrix = { offset: 0, rows: 5, columns, width };
    const seen = new Set<number>();
    for (let row = 0; row < 5; row++) {
      for (let column = 0; column < columns; column++) {
        const at = panelIndex(matrix, row, column);
        expect(at).toBeGreaterThanOrEqual(0);
        expect(at).toBeLessThan(panelSize(matrix));
        seen.add(at);
      }
    }
    expect(seen.size).toBe(5 * columns);
    expect(panelSize(matrix)).toBe(5 * roundUp(columns, width));
  });

  test('is (panels, rows, width): first come the columns of a panel, then its rows, then the panels', () => {
    const matrix: PanelMatrix = { offset: 1000, rows: 5, columns: 2 * width, width };
    expect(panelCount(matrix)).toBe(2);
    expect(panelIndex(matrix, 0, 1)).toBe(1);
    expect(panelIndex(matrix, 1, 0)).toBe(width);
    expect(panelIndex(matrix, 0, width)).toBe(5 * width);
  });
});

test('roundUp gives the next multiple, or the number itself', () => {
  expect([0, 1, 31, 32, 33].map((value) => roundUp(value, 32))).toEqual([0, 32, 32, 32, 64]);
});
