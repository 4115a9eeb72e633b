// The element-wise kernels, those of a row, and the updates, compared with their oracle.
import { describe, expect, test } from 'vitest';
import type { Matrix, Range, Vector } from '#lockstep/foundation/shapes.js';
import type { Kernels, Pieces } from '#lockstep/kernels/kernels.js';
import { placesOf, vectorPlaces } from '../support/kernel-space.ts';
import { randomPieces, Twins, widths } from '../support/twins.ts';

const twins = new Twins('rows', 100_000);
const rows = 7;
const allRows: Range = { first: 0, count: rows };

/** Compares the bits of some random partitions of the rows with those of a single call. */
function anyPartition(output: number[], call: (kernels: Kernels, rows: Range) => void): void {
  const whole = twins.bits((kernels) => call(kernels, allRows), output);
  for (const step of [1, 2, 3]) {
    const pieces = randomPieces(rows, step, twins.random);
    const found = twins.bits((kernels) => {
      for (const piece of pieces) call(kernels, piece);
    }, output);
    expect(found).toEqual(whole);
  }
}

test('pixels: x is the float32 nearest to pixel / 255, for all 256 of them, and images of any width', () => {
  for (const width of [...widths, 256, 784]) {
    twins.clear();
    const x = twins.matrix(3, width);
    const output = placesOf(x, 3).slice(width, 2 * width);
    const image = Uint8Array.from({ length: width }, (_, i) => (i * 37 + width) % 256);
    twins.compare((kernels) => kernels.pixels(image, x, 1), output, 1);
    expect(output.map((at) => twins.fast.elements[at])).toEqual(
      [...image].map((pixel) => Math.fround(pixel / 255)),
    );
  }
});

describe.each(widths)('%i columns', (columns) => {
  /** A matrix with zeros of both signs, and numbers on both sides of zero. */
  const matrix = (): Matrix => {
    const made = twins.matrix(rows, columns, 0.2);
    twins.set(placesOf(made, rows).slice(0, 2), () => -0);
    return made;
  };

  test('relu and its gradient are exact', () => {
    twins.clear();
    const [x, y, dy, dx] = [matrix(), matrix(), matrix(), matrix()];
    twins.compare((kernels) => kernels.relu(x, y, allRows), placesOf(y, rows), 0);
    twins.compare((kernels) => kernels.reluBackward(y, dy, dx, allRows), placesOf(dx, rows), 0);
    anyPartition(placesOf(y, rows), (kernels, piece) => kernels.relu(x, y, piece));
    anyPartition(placesOf(dx, rows), (kernels, piece) => kernels.reluBackward(x, dy, dx, piece));
  });

  test('leaky relu and its gradient are within 2 * 2^-24: the slope is rounded, and the product', () => {
    twins.clear();
    const [x, y, dy, dx] = [matrix(), matrix(), matrix(), matrix()];
    for (const slope of [0.01, 0.2, 0.5]) {
      const [forward, backward] = [placesOf(y, rows), placesOf(dx, rows)];
      twins.compare((kernels) => kernels.leakyRelu(x, y, slope, allRows), forward, 2, 'result');
      twins.compare((kernels) => kernels.leakyReluBackward(x, dy, dx, slope, allRows), backward, 2, 'result');
    }
    anyPartition(placesOf(y, rows), (kernels, piece) => kernels.leakyRelu(x, y, 0.2, piece));
    anyPartition(placesOf(dx, rows), (kernels, piece) => kernels.leakyReluBackward(x, dy, dx, 0.2, piece));
  });

  test('add is within 2^-24 of each sum, also in place, and of a matrix with itself', () => {
    twins.clear();
    const [a, b, y] = [matrix(), matrix(), matrix()];
    twins.compare((kernels) => kernels.add(a, b, y, allRows), placesOf(y, rows), 1, 'result');
    anyPartition(placesOf(y, rows), (kernels, piece) => kernels.add(a, b, y, piece));
    twins.compare((kernels) => kernels.add(a, a, y, allRows), placesOf(y, rows), 0);
    for (const place of [a, b]) {
      twins.compare((kernels) => kernels.add(a, b, place, allRows), placesOf(place, rows), 1, 'result');
      twins.share(placesOf(place, rows));
    }
  });

  test('mean squared error and its gradient are within (classes / 2 + 4) * 2^-24 of their terms', () => {
    twins.clear();
    const [z, dz] = [matrix(), matrix()];
    const [label, loss, predicted] = [0, 0, 0].map(() => twins.vector(rows)) as [Vector, Vector, Vector];
    twins.set(vectorPlaces(label), () => twins.random.below(columns));
    const factor = columns / 2 + 4;
    const call = (kernels: Kernels, piece = allRows) =>
      kernels.meanSquaredError(z, dz, label, loss, predicted, piece);
    const output = [...placesOf(dz, rows), ...vectorPlaces(loss), ...vectorPlaces(predicted)];
    twins.compare(call, output, factor, 'result');
    anyPartition(output, call);
  });

  test('rectifiers work in place', () => {
    twins.clear();
    const [x, dy] = [matrix(), matrix()];
    twins.compare((kernels) => kernels.relu(x, x, allRows), placesOf(x, rows), 0);
    twins.compare((kernels) => kernels.reluBackward(x, dy, dy, allRows), placesOf(dy, rows), 0);
    const [z, dz] = [matrix(), matrix()];
    twins.compare((kernels) => kernels.leakyRelu(z, z, 0.25, allRows), placesOf(z, rows), 0);
    twins.compare((kernels) => kernels.leakyReluBackward(z, dz, dz, 0.25, allRows), placesOf(dz, rows), 0);
  });
});

test('taking the cache lines of a block changes nothing', () => {
  twins.clear();
  const W = twins.room(500);
  const before = twins.fast.used();
  twins.fast.kernels.takeLines({ offset: W + 8, runs: 3, length: 24, stride: 150 });
  expect(twins.fast.used()).toEqual(before);
});

describe('an update', () => {
  const steps = [
    { scale: 1 / 64, learningRate: 0.1, weightDecay: 0 },
    { scale: 1 / 7, learningRate: 0.03, weightDecay: 0.01 },
  ];
  const kinds = [
    { title: 'plain, within 8 * 2^-24 of the sum of absolute terms', mu: 0, nesterov: false, factor: 8 },
    { title: 'momentum, within 10 * 2^-24', mu: 0.9, nesterov: false, factor: 10 },
    { title: 'nesterov, within 12 * 2^-24', mu: 0.9, nesterov: true, factor: 12 },
  ];
  // With absolute numbers the oracle would subtract. A negative learning rate makes its terms add up.
  const absolute = (kernels: Kernels) => twins.isAbsolute(kernels);

  describe.each(kinds)('$title', ({ mu, nesterov, factor }) => {
    test.each(widths)('of a block of a matrix of %i columns, and of a vector', (columns) => {
      for (const width of [8, 32] as const) {
        for (const step of steps) {
          twins.clear();
          const [W, v] = [twins.panels(13, columns, width), twins.panels(13, columns, width)];
          const pieces = (offset: number, first: number, count: number): Pieces => ({
            offset: offset + first * width,
            runs: Math.ceil(columns / width),
            length: count * width,
            stride: 13 * width,
          });
          // Rows 4 to 11. The gradient's padding is zero, like that of dy.
          const [block, velocity] = [pieces(W.offset, 4, 7), pieces(v.offset, 4, 7)];
          const inside = (offset: number) =>
            Array.from({ length: 7 * columns }, (_, i) => {
              const [row, j] = [4 + Math.floor(i / columns), i % columns];
              return offset + (Math.floor(j / width) * 13 + row) * width + (j % width);
            });
          const size = block.runs * block.length;
          const g = twins.room(size);
          const padding = vectorPlaces({ offset: g, length: size }).filter((_, i) => {
            const panel = Math.floor(i / block.length);
            return panel * width + (i % width) >= columns;
          });
          twins.set(padding, () => 0);
          const output = mu > 0 ? [...inside(W.offset), ...inside(v.offset)] : inside(W.offset);
          twins.compare(
            (kernels) => {
              const sign = absolute(kernels) ? -1 : 1;
              const signed = { ...step, learningRate: sign * step.learningRate };
              if (mu > 0) kernels.momentum(block, velocity, g, signed, mu, nesterov);
              else kernels.sgd(block, g, signed);
            },
            output,
            factor,
          );
        }
      }
    });
  });

  test('a velocity below 2^-100 becomes zero, so that no subnormal number arises', () => {
    twins.clear();
    const [W, v, g] = [twins.room(32), twins.room(32), twins.room(32)];
    const pieces = (offset: number): Pieces => ({ offset, runs: 1, length: 32, stride: 32 });
    twins.set(vectorPlaces({ offset: g, length: 32 }), () => 0);
    twins.set(vectorPlaces({ offset: v, length: 32 }), () => 2 ** -98);
    const { kernels, elements } = twins.fast;
    const seen = new Set<number>();
    for (let i = 0; i < 4; i++) {
      kernels.momentum(pieces(W), pieces(v), g, { scale: 1, learningRate: 0.1, weightDecay: 0 }, 0.5, false);
      seen.add(elements[v]!);
    }
    expect([...seen]).toEqual([2 ** -99, 2 ** -100, 0]);
  });
});
