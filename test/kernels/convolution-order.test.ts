// The sums of the convolutions have the order that their interface tells, whichever way they are made: number
// by number the bits of float32 sums in that order.
import { describe, expect, test } from 'vitest';
import { panelCount, panelIndex, type Range } from '#lockstep/foundation/shapes.js';
import { numbersOf, type Window } from '#lockstep/foundation/window.js';
import { convolutionRoom } from '#lockstep/kernels/convolution-room.js';
import { placesOf } from '../support/kernel-space.ts';
import { Twins } from '../support/twins.ts';
import { type Shape, titleOf, windowOf } from '../support/windows.ts';

const twins = new Twins('order of convolutions', 200_000);
const both: Range = { first: 0, count: 2 };
const { fround } = Math;

/** For each way of dx and dW: lists of 32 inputs, of a line of a window, and none. */
const shapes: Shape[] = [
  { input: [9, 7, 6], channels: 16, kernel: [5, 5] },
  { input: [6, 7, 8], channels: 9, kernel: [3, 3], before: [1, 1] },
  { input: [8, 8, 10], channels: 5, kernel: [3, 3], stride: [2, 2], before: [1, 0], after: [0, 2] },
  { input: [7, 6, 16], channels: 6, kernel: [2, 3], stride: [3, 1], dilation: [2, 1], before: [2, 1] },
  { input: [6, 6, 30], channels: 8, kernel: [3, 3], before: [1, 1] },
  { input: [6, 7, 3], channels: 7, kernel: [3, 2], stride: [2, 1], before: [1, 1] },
];

/** What a window at place (py, px) sees: each number's index in W's rows and in the image. */
function* seen({ input, kernel, stride, dilation, before }: Window, py: number, px: number) {
  for (let ky = 0; ky < kernel[0]; ky++) {
    const y = py * stride[0] + ky * dilation[0] - before[0];
    for (let kx = 0; kx < kernel[1]; kx++) {
      const x = px * stride[1] + kx * dilation[1] - before[1];
      if (y < 0 || y >= input.height || x < 0 || x >= input.width) continue;
      for (let ci = 0; ci < input.channels; ci++) {
        yield {
          k: (ky * kernel[1] + kx) * input.channels + ci,
          at: (y * input.width + x) * input.channels + ci,
        };
      }
    }
  }
}

describe.each(shapes.map((shape) => [titleOf(shape), windowOf(shape)] as const))('%s', (_, window) => {
  const { input, output, kernel } = window;
  const { channels } = output;
  const places = Array.from({ length: output.height * output.width }, (_, p) => ({
    p,
    sees: [...seen(window, Math.floor(p / output.width), p % output.width)],
  }));

  test.each([0, 0.7, 0.85, 0.99])('a share of %f of dy is zero', (zeros) => {
    twins.clear();
    const W = twins.panels(kernel[0] * kernel[1] * input.channels, channels, 8);
    const b = twins.vector(Math.ceil(channels / 8) * 8);
    const [x, dx] = [0, 0].map(() => twins.matrix(2, numbersOf(input)));
    const [y, dy] = [0, zeros].map((share) => twins.matrix(2, numbersOf(output), share));
    const g = { offset: twins.room(panelCount(W) * W.rows * 8), add: false };
    const room = twins.room(convolutionRoom(window));
    const { kernels, elements } = twins.fast;
    const weight = (k: number, o: number) => elements[W.offset + panelIndex(W, k, o)]!;
    const value = (of: typeof x, row: number, i: number) => elements[of!.offset + row * of!.stride + i]!;
    const add = (sums: Float32Array, i: number, a: number, b: number) => {
      // What is zero may be left out: it changes no sum that began at +0.
      sums[i] = fround(sums[i]! + fround(a * b));
    };
    const expected = {
      y: new Float32Array(2 * numbersOf(output)),
      dx: new Float32Array(2 * numbersOf(input)),
      dW: new Float32Array(W.rows * channels),
    };
    for (let row = 0; row < 2; row++) {
      const sums = new Float32Array(W.rows * channels);
      for (const { p, sees } of places) {
        for (let o = 0; o < channels; o++) {
          const here = p * channels + o;
          const d = value(dy, row, here);
          const toY = row * numbersOf(output) + here;
          expected.y[toY] = elements[b.offset + o]!;
          for (const { k, at } of sees) {
            add(expected.y, toY, value(x, row, at), weight(k, o));
            add(expected.dx, row * numbersOf(input) + at, d, weight(k, o));
            add(sums, k * channels + o, value(x, row, at), d);
          }
        }
      }
      for (const [i, sum] of sums.entries()) expected.dW[i] = fround(expected.dW[i]! + sum);
    }
    kernels.convolve(x!, W, { offset: b.offset, length: channels }, y!, window, both, room);
    kernels.convolveBackward(dy!, W, dx!, window, both, room);
    kernels.convolveWeights(x!, dy!, both, W, { first: 0, count: W.rows }, g, window, room);
    const found = (places: number[]) => Float32Array.from(places, (at) => elements[at]!);
    expect(found(placesOf(y!, 2))).toEqual(expected.y);
    expect(found(placesOf(dx!, 2))).toEqual(expected.dx);
    const dW = Array.from({ length: W.rows * channels }, (_, i) => {
      const [k, o] = [Math.floor(i / channels), i % channels];
      return g.offset + panelIndex(W, k, o);
    });
    expect(found(dW)).toEqual(expected.dW);
  });
});
