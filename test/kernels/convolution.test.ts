// Convolutions of the fast kernels, compared with their oracle. For the bounds see products.test.ts: n + 2
// for a sum of n products.
import { describe, expect, test } from 'vitest';
import {
  type Block,
  type PanelMatrix,
  panelCount,
  type Range,
  roundUp,
} from '#lockstep/foundation/shapes.js';
import { numbersOf, placesOf as placesOfImage, type Window } from '#lockstep/foundation/window.js';
import { convolutionRoom } from '#lockstep/kernels/convolution-room.js';
import type { Kernels } from '#lockstep/kernels/kernels.js';
import { kernelsFiles } from '#lockstep/platform/kernels-module.js';
import { kernelSpace, placesOf, vectorPlaces } from '../support/kernel-space.ts';
import { randomPieces, Twins } from '../support/twins.ts';
import { type Shape, titleOf, windowOf } from '../support/windows.ts';

const twins = new Twins('convolution', 1_000_000);
const all = (count: number): Range => ({ first: 0, count });

const shapes: Shape[] = [
  { input: [1, 1, 1], kernel: [1, 1] },
  { input: [6, 5, 1], channels: 6, kernel: [5, 5], before: [2, 2] },
  { input: [21, 20, 1], channels: 2, kernel: [3, 3], before: [1, 1] },
  { input: [6, 7, 1], channels: 11, kernel: [3, 3], before: [1, 1] },
  { input: [3, 61, 1], channels: 4, kernel: [4, 4], before: [1, 2], after: [2, 1] },
  { input: [8, 65, 1], channels: 10, kernel: [3, 2], stride: [2, 2] },
  { input: [5, 66, 1], channels: 2, kernel: [3, 3], dilation: [2, 2] },
  { input: [12, 13, 1], channels: 3, kernel: [2, 3], stride: [3, 2], dilation: [1, 3], before: [1, 3] },
  { input: [9, 7, 6], channels: 16, kernel: [5, 5] },
  { input: [7, 7, 8], channels: 8, kernel: [3, 3], before: [1, 1] },
  { input: [5, 7, 12], channels: 9, kernel: [3, 5], before: [1, 2] },
  { input: [7, 8, 30], channels: 6, kernel: [2, 3], stride: [1, 2], dilation: [2, 2], before: [1, 2] },
  { input: [7, 6, 32], channels: 11, kernel: [3, 3], stride: [2, 1], dilation: [1, 2], before: [1, 2] },
  { input: [4, 5, 55], channels: 8, kernel: [3, 3], before: [1, 1] },
  { input: [5, 6, 12], channels: 20, kernel: [3, 3], before: [1, 1] },
  { input: [6, 6, 3], channels: 10, kernel: [3, 3], before: [1, 1] },
  { input: [8, 9, 5], channels: 7, kernel: [2, 3], stride: [2, 3] },
  { input: [9, 8, 4], channels: 9, kernel: [3, 3], stride: [2, 2], before: [1, 1] },
  { input: [8, 8, 8], channels: 16, kernel: [3, 3], stride: [2, 2], before: [0, 0], after: [1, 1] },
  { input: [7, 7, 16], channels: 8, kernel: [1, 1], stride: [2, 2] },
  { input: [5, 4, 3], channels: 11, kernel: [1, 1] },
  { input: [4, 5, 2], channels: 5, kernel: [2, 2], stride: [3, 4], before: [1, 1] },
  { input: [10, 9, 4], channels: 5, kernel: [3, 2], dilation: [2, 3], before: [2, 1] },
  { input: [10, 11, 2], channels: 9, kernel: [3, 3], stride: [2, 2], dilation: [2, 2], before: [2, 2] },
  { input: [11, 10, 3], channels: 4, kernel: [3, 3], stride: [3, 2], dilation: [2, 3], before: [3, 2] },
  { input: [6, 7, 6], channels: 9, kernel: [3, 3], before: [1, 1], groups: 3 },
  { input: [6, 5, 16], channels: 16, kernel: [3, 2], before: [1, 0], groups: 2 },
  { input: [6, 7, 4], channels: 12, kernel: [3, 3], stride: [2, 2], before: [1, 1], groups: 4 },
  { input: [7, 6, 4], channels: 8, kernel: [3, 3], dilation: [2, 1], before: [2, 1], groups: 2 },
  { input: [7, 6, 5], kernel: [3, 3], before: [1, 1], groups: 5 },
  { input: [6, 6, 16], kernel: [3, 3], before: [1, 1], groups: 16 },
  { input: [9, 8, 19], kernel: [3, 2], stride: [2, 1], dilation: [1, 2], before: [1, 1], groups: 19 },
  { input: [2, 1, 3], channels: 2, kernel: [3, 3], before: [3, 4], stride: [2, 5] },
  { input: [1, 30, 2], channels: 3, kernel: [1, 4], before: [0, 3], after: [0, 0] },
  // More than there is room for at a time: places for dW, lines of x and of dy.
  { input: [20, 20, 2], channels: 3, kernel: [2, 2], before: [1, 0] },
  { input: [9, 9, 900], channels: 1, kernel: [2, 1], before: [1, 0] },
  { input: [10, 9, 2], channels: 900, kernel: [2, 1], stride: [2, 1], before: [1, 0] },
  { input: [6, 5, 200], kernel: [2, 2], before: [1, 1], groups: 200 },
];
const cases = shapes.map((shape) => [titleOf(shape), windowOf(shape)] as const);

const K = ({ kernel, input, groups }: Window) => (kernel[0] * kernel[1] * input.channels) / groups;

/** Places what a convolution reads and writes. */
function place(window: Window, rows: number, zeros = 0) {
  twins.clear();
  const W = twins.panels(K(window), window.output.channels, 8);
  const b = twins.vector(roundUp(window.output.channels, 8));
  const [x, dx] = [0, 0].map(() => twins.matrix(rows, numbersOf(window.input), zeros));
  const [y, dy] = [0, 0].map(() => twins.matrix(rows, numbersOf(window.output), zeros));
  const room = twins.room(convolutionRoom(window));
  return { W, b: padded(b, window), x: x!, dx: dx!, y: y!, dy: dy!, room, rows };
}

/** The padding of a vector is zero. */
function padded(b: { offset: number; length: number }, { output }: Window) {
  twins.set(vectorPlaces(b).slice(output.channels), () => 0);
  return { offset: b.offset, length: output.channels };
}

/** Calls a kernel whose room may hold anything before, and is left as it was. */
function inRoom(kernels: Kernels, window: Window, room: number, work: () => void): void {
  const { elements } = kernels;
  const end = room + convolutionRoom(window);
  const before = elements.slice(room, end);
  elements.fill(Number.NaN, room, end);
  work();
  elements.set(before, room);
}

/** The places of the gradient block of a weight matrix, row-major. */
function blockPlaces(g: number, { columns, width }: PanelMatrix, { count, panels }: Block): number[] {
  const first = (panels?.first ?? 0) * width;
  const some = Math.min(columns, first + (panels?.count ?? Number.POSITIVE_INFINITY) * width) - first;
  return Array.from({ length: count * some }, (_, i) => {
    const [k, j] = [Math.floor(i / some), i % some];
    return g + (Math.floor(j / width) * count + k) * width + (j % width);
  });
}

/** Places a gradient block, zero in its padding. */
function blockRoom(W: PanelMatrix, block: Range): number {
  const size = panelCount(W) * block.count * W.width;
  const g = twins.room(size);
  twins.set(vectorPlaces({ offset: g, length: size }), () => 0);
  twins.set(blockPlaces(g, W, block), () => 1.5);
  return g;
}

describe.each(cases)('%s', (_, window) => {
  const { output, kernel, groups } = window;
  const rows = 2;
  const taps = kernel[0] * kernel[1];
  // Windows that see nothing but zeros are left out of images with one channel, and dW and dx skip many zeros
  // of dy.
  const shares = window.input.channels === 1 ? [0, 0.7, 0.95, 1] : [0, 0.8];

  test('convolve: within (inputs of a window + 2) 2^-24 of the sum of absolute terms', () => {
    for (const [i, share] of shares.entries()) {
      const { x, W, b, y, room } = place(window, rows, share);
      const bias = i % 2 === 0 ? b : undefined;
      twins.compare(
        (kernels) =>
          inRoom(kernels, window, room, () => kernels.convolve(x, W, bias, y, window, all(rows), room)),
        placesOf(y, rows),
        K(window) + 2,
      );
    }
  });

  test('convolveBackward: within (taps outputs + 2) 2^-24 of the sum of absolute products', () => {
    for (const share of [0, 0.8]) {
      const { dy, W, dx, room } = place(window, rows, share);
      // The first row is whole, so that a call has both kinds.
      twins.set(placesOf(dy, 1), () => 1 + twins.random.uniform());
      twins.compare(
        (kernels) =>
          inRoom(kernels, window, room, () => kernels.convolveBackward(dy, W, dx, window, all(rows), room)),
        placesOf(dx, rows),
        (taps * output.channels) / groups + 2,
      );
    }
  });

  test('convolveWeights: within (places + rows + 2) 2^-24 of the sum of absolute products', () => {
    for (const [i, share] of shares.entries()) {
      const { x, dy, W, room } = place(window, rows, share);
      const g = { offset: blockRoom(W, all(W.rows)), add: i % 2 === 0 };
      twins.compare(
        (kernels) =>
          inRoom(kernels, window, room, () =>
            kernels.convolveWeights(x, dy, all(rows), W, all(W.rows), g, window, room),
          ),
        blockPlaces(g.offset, W, all(W.rows)),
        placesOfImage(output) + rows + 2,
      );
    }
  });

  test('the bits do not depend on the partition', () => {
    const { x, dy, W, b, y, dx, room } = place(window, 5, window.output.channels % 2 ? 0.8 : 0.3);
    const byRows: [number[], (kernels: Kernels, rows: Range) => void][] = [
      [placesOf(y, 5), (kernels, piece) => kernels.convolve(x, W, b, y, window, piece, room)],
      [placesOf(dx, 5), (kernels, piece) => kernels.convolveBackward(dy, W, dx, window, piece, room)],
    ];
    for (const [places, call] of byRows) {
      const whole = twins.bits((kernels) => call(kernels, all(5)), places);
      for (const step of [1, 2]) {
        const pieces = randomPieces(5, step, twins.random);
        const found = twins.bits((kernels) => {
          for (const piece of pieces) call(kernels, piece);
        }, places);
        expect(found).toEqual(whole);
      }
    }
    const g = { offset: blockRoom(W, all(W.rows)), add: false };
    const part = (block: Block) =>
      twins.bits(
        (kernels) => kernels.convolveWeights(x, dy, all(5), W, block, g, window, room),
        blockPlaces(g.offset, W, block),
      );
    const { columns } = W;
    const whole = part(all(W.rows));
    const few = Math.max(1, Math.floor(W.rows / 20));
    for (const step of [few, 8 * few]) {
      for (const { first, count } of randomPieces(W.rows, step, twins.random)) {
        expect(part({ first, count })).toEqual(whole.slice(first * columns, (first + count) * columns));
        const panels = { first: panelCount(W) - 1, count: 1 };
        const last = whole
          .slice(first * columns, (first + count) * columns)
          .filter((_, i) => i % columns >= panels.first * 8);
        expect(part({ first, count, panels })).toEqual(last);
      }
    }
  });
});

test.each([1, 3, 4, 6, 9, 16, 19, 40])(
  'channelSums of %i channels: within (places + rows + 2) 2^-24 of the sum of absolute terms',
  (channels) => {
    for (const [places, rows] of [
      [1, 3],
      [35, 2],
    ] as const) {
      for (let first = 0; first < channels; first += 8) {
        for (const count of [Math.min(8, channels - first), channels - first]) {
          for (const add of [false, true]) {
            twins.clear();
            const dy = twins.matrix(rows, places * channels);
            const g = twins.vector(count);
            const block = { first, count };
            twins.compare(
              (kernels) => kernels.channelSums(dy, channels, all(rows), block, { offset: g.offset, add }),
              vectorPlaces(g),
              places + rows + 2,
            );
          }
        }
      }
    }
  },
);

test('a sum over rows is that of the rows, one after the other, and then added to what is there', () => {
  const window = windowOf({ input: [5, 5, 3], channels: 9, kernel: [3, 3], before: [1, 1] });
  const { x, dy, W, room } = place(window, 7);
  const offset = blockRoom(W, all(W.rows));
  const places = blockPlaces(offset, W, all(W.rows));
  const { kernels, elements } = twins.fast;
  const sumOver = (rows: Range) => {
    kernels.convolveWeights(x, dy, rows, W, all(W.rows), { offset, add: false }, window, room);
    return places.map((at) => elements[at]!);
  };
  const each = Array.from({ length: 7 }, (_, row) => sumOver({ first: row, count: 1 }));
  const sums = (rows: number[][]) => rows.reduce((a, b) => a.map((v, i) => Math.fround(v + b[i]!)));
  expect(sumOver(all(7))).toEqual(sums(each));
  const first = sumOver({ first: 0, count: 3 });
  kernels.convolveWeights(x, dy, { first: 3, count: 4 }, W, all(W.rows), { offset, add: true }, window, room);
  expect(places.map((at) => elements[at]!)).toEqual(sums([first, sums(each.slice(3))]));
});

test.each(cases)('both modules give the same bits: %s', (_, window) => {
  const found = kernelsFiles.map((file) => {
    const space = kernelSpace('wasm', 1_000_000, 300, 300, file);
    const [x, y] = [space.matrix(2, numbersOf(window.input)), space.matrix(2, numbersOf(window.output))];
    const W = space.panels(K(window), window.output.channels, 8);
    const b = space.vector(window.output.channels);
    const g = { offset: space.room(panelCount(W) * W.rows * 8), add: false };
    const room = space.room(convolutionRoom(window));
    const outputs: Buffer[] = [];
    const result = (work: () => void) => {
      for (let i = space.start, end = room; i < end; i++) space.elements[i] = Math.fround(Math.sin(i));
      work();
      outputs.push(Buffer.from(space.elements.slice(space.start, room).buffer));
    };
    const { kernels } = space;
    result(() => kernels.convolve(x, W, b, y, window, all(2), room));
    result(() => kernels.convolveBackward(y, W, x, window, all(2), room));
    result(() => kernels.convolveWeights(x, y, all(2), W, all(W.rows), g, window, room));
    return outputs;
  });
  for (const [i, output] of found[0]!.entries()) expect(output.equals(found[1]![i]!)).toBe(true);
});
