import { describe, expect, test } from 'vitest';
import type { Stream } from '#lockstep/cli/console.js';
import { pictureLines, sparkline } from '#lockstep/cli/run-picture.js';
import type { EpochEvent } from '#lockstep/training/events.js';

const terminal = (columns: number, rows: number, live = true): Stream => ({
  write() {},
  line() {},
  paint: (_, text) => text,
  live,
  columns: () => columns,
  rows: () => rows,
});

const history = [0.5, 0.75, 1].map(
  (accuracy, i) => ({ epoch: i + 1, train: { loss: 3 - i, accuracy } }) as unknown as EpochEvent,
);

/** Class 1 is taken for class 0 seven times. All other predictions are right. */
const confusion = (classes: number) => {
  const counts = new Uint32Array(classes * classes);
  for (let c = 0; c < classes; c++) counts[c * classes + c] = 900;
  counts[classes] = 7;
  return { classes, counts };
};

describe('a sparkline', () => {
  test('goes from the least to the greatest', () => {
    expect(sparkline([0, 1, 2, 3, 4, 5, 6, 7], 40)).toBe('▁▂▃▄▅▆▇█');
    expect(sparkline([3, 3, 3], 40)).toBe('▁▁▁');
  });
  test('of many values shows the first, the last and some between', () => {
    const values = Array.from({ length: 1000 }, (_, i) => i);
    expect(sparkline(values, 8)).toBe('▁▂▃▄▅▆▇█');
  });
});

describe('the picture of a run', () => {
  test('has curves, the matrix and what is confused most', () => {
    const lines = pictureLines(terminal(80, 40), history, confusion(3));
    expect(lines[0]).toBe('train loss     █▅▁  3.0000 → 1.0000');
    expect(lines[1]).toBe('train accuracy ▁▅█  50.00 % → 100.00 %');
    expect(lines.slice(4)).toEqual([
      '     0   1   2     confused most',
      '0  900   ·   ·     1 as 0   7 ×',
      '1    7 900   ·',
      '2    ·   · 900',
    ]);
    for (const line of pictureLines(terminal(80, 40), history, confusion(10))) {
      expect(line.length).toBeLessThan(80);
    }
  });
  test('has no matrix where it does not fit, and is nothing in a pipe', () => {
    const full = pictureLines(terminal(80, 40), history, confusion(10)).length;
    expect(full).toBe(2 + 3 + 10);
    for (const [columns, rows, classes] of [
      [60, 40, 10],
      [80, 24, 10],
      [200, 60, 13],
    ] as const) {
      expect(pictureLines(terminal(columns, rows), history, confusion(classes))).toHaveLength(2);
    }
    expect(pictureLines(terminal(80, 40, false), history, confusion(3))).toEqual([]);
    expect(pictureLines(terminal(80, 40), history.slice(0, 2), undefined)).toEqual([]);
  });
});
