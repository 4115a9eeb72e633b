// The promises of the orthogonal initializer beyond the contract of all.
import { describe, expect, test } from 'vitest';
import { stream } from '#lockstep/foundation/random.js';
import { catalogue } from '#lockstep/model/catalogue.js';

/** A matrix as a list of rows. */
function draw(rows: number, columns: number, gain: number, name: string | number): number[][] {
  const parameter = { rows, columns, fanIn: rows, fanOut: columns };
  const next = catalogue.initializer
    .get('orthogonal')!
    .build({ kind: 'orthogonal', gain }, parameter, stream(1, 'orthogonal', name));
  return Array.from({ length: rows }, () => Array.from({ length: columns }, next));
}

const transposed = (W: number[][]) => W[0]!.map((_, j) => W.map((row) => row[j]!));
const dot = (a: number[], b: number[]) => a.reduce((sum, value, i) => sum + value * b[i]!, 0);

const shapes: [rows: number, columns: number][] = [
  [1, 1],
  [1, 6],
  [6, 1],
  [2, 2],
  [5, 4],
  [64, 64],
  [150, 40],
  [40, 150],
  [300, 299],
];

describe.each(shapes)('%i x %i', (rows, columns) => {
  test.each([1, 1.5])('the shorter side is orthogonal, of length %d, to 1e-14', (gain) => {
    const W = draw(rows, columns, gain, 'shape');
    const vectors = rows >= columns ? transposed(W) : W;
    let worst = 0;
    for (const [i, a] of vectors.entries()) {
      for (const [j, b] of vectors.entries()) {
        worst = Math.max(worst, Math.abs(dot(a, b) / gain ** 2 - (i === j ? 1 : 0)));
      }
    }
    expect(worst).toBeLessThan(1e-14);
  });
});

test('orthogonal matrices are equally likely: 3 x 3 have the moments of Haar’s measure', () => {
  const n = 20_000;
  const matrices = Array.from({ length: n }, (_, i) => draw(3, 3, 1, i));
  const mean = (of: (W: number[][]) => number) => matrices.reduce((sum, W) => sum + of(W), 0) / n;
  const trace = (W: number[][]) => W[0]![0]! + W[1]![1]! + W[2]![2]!;
  const minor = (W: number[][], a: number, b: number) => W[1]![a]! * W[2]![b]! - W[1]![b]! * W[2]![a]!;
  const determinant = (W: number[][]) =>
    W[0]![0]! * minor(W, 1, 2) - W[0]![1]! * minor(W, 0, 2) + W[0]![2]! * minor(W, 0, 1);
  // Diaconis and Shahshahani, "On the eigenvalues of random matrices", 1994: the trace has the moments of a
  // normal number.
  expect(Math.abs(mean(trace))).toBeLessThan(5 / Math.sqrt(n));
  expect(Math.abs(mean((W) => trace(W) ** 2) - 1)).toBeLessThan((5 * Math.sqrt(2)) / Math.sqrt(n));
  expect(Math.abs(mean(determinant))).toBeLessThan(5 / Math.sqrt(n));
  for (let i = 0; i < 3; i++) {
    for (let j = 0; j < 3; j++) {
      // An entry is uniform between -1 and 1, so its even moments are 1/3, 1/5, 1/7, 1/9.
      expect(Math.abs(mean((W) => W[i]![j]!)), `mean of ${i} ${j}`).toBeLessThan(5 * Math.sqrt(1 / 3 / n));
      const square = mean((W) => W[i]![j]! ** 2);
      expect(Math.abs(square - 1 / 3), `square of ${i} ${j}`).toBeLessThan(
        5 * Math.sqrt((1 / 5 - 1 / 9) / n),
      );
      const fourth = mean((W) => W[i]![j]! ** 4);
      expect(Math.abs(fourth - 1 / 5), `fourth power of ${i} ${j}`).toBeLessThan(
        5 * Math.sqrt((1 / 9 - 1 / 25) / n),
      );
    }
  }
});
