// The kernels that read pixels give the very bits of those that read numbers, which are compared with their oracle in
// products.test.ts.
import { describe, expect, test } from 'vitest';
import { stream } from '#lockstep/foundation/random.js';
import { type Block, longestSum, panelCount, type Range } from '#lockstep/foundation/shape.js';
import { imageLists } from '#lockstep/kernels/image-lists.js';
import { kernelsNames } from '#lockstep/kernels/kernels.js';
import { draw, fill, kernelSpace, panelPlaces, placesOf, vectorPlaces } from '../support/kernel-space.ts';
import { randomPieces } from '../support/twins.ts';

const all = (count: number): Range => ({ first: 0, count });

/** The rows of one sum, and of the next. */
const cutsOf = (rows: number) =>
  Array.from({ length: Math.ceil(rows / longestSum) }, (_, cut) => ({
    first: cut * longestSum,
    count: Math.min(longestSum, rows - cut * longestSum),
  }));

const shapes = [
  { rows: 1, inputs: 1, units: 1 },
  { rows: 3, inputs: 63, units: 10 },
  { rows: 13, inputs: 64, units: 33 },
  { rows: 63, inputs: 65, units: 96 },
  { rows: 64, inputs: 784, units: 128 },
  { rows: 65, inputs: 127, units: 65 },
  { rows: 130, inputs: 129, units: 10 },
  { rows: 256, inputs: 257, units: 40 },
  { rows: 301, inputs: 131, units: 10 },
  { rows: 5, inputs: 449, units: 7 },
];

/** The same images as numbers and as pixels, weights, and gradients to be summed. */
function site(name: (typeof kernelsNames)[number], { rows, inputs, units }: (typeof shapes)[number]) {
  const space = kernelSpace(name, 700_000, 800, 800);
  const { kernels, elements } = space;
  const random = stream(1, 'pixels', rows, inputs);
  const [numbers, pixels] = [space.matrix(rows, inputs), space.matrix(rows, inputs)];
  for (let row = 0; row < rows; row++) {
    // Four fifths are zero; the first row is all zero, the last pixel never, and all values occur.
    const image = Uint8Array.from({ length: inputs }, () =>
      row > 0 && random.uniform() < 0.2 ? Math.floor(256 * random.uniform()) : 0,
    );
    if (row > 0) image[inputs - 1] = 1 + (row % 255);
    kernels.pixels(image, numbers, row);
    kernels.copyPixels(image, pixels, row);
  }
  const [W, b] = [space.panels(inputs, units, 32), space.vector(units)];
  const [y, dy] = [space.matrix(rows, units), space.matrix(rows, units)];
  const g = space.room(panelCount(W) * inputs * 32);
  // The same dy with a longer stride, as if a wider layer read the same images.
  const stride = dy.stride + 64;
  const spread = { offset: space.room(rows * stride), columns: units, stride };
  const lists = imageLists(rows, inputs, [dy.stride, stride], space.room);
  elements.fill(Number.NaN, lists.heads);
  for (const places of [panelPlaces(W), vectorPlaces(b), placesOf(dy, rows)])
    fill([space], places, () => draw(random, 0));
  for (let row = 0; row < rows; row++) {
    const from = dy.offset + row * dy.stride;
    elements.copyWithin(spread.offset + row * stride, from, from + dy.stride);
  }
  const output = (places: number[]) => places.map((place) => elements[place]!);
  return {
    kernels,
    numbers,
    pixels,
    lists,
    W,
    b,
    y,
    dy,
    spread,
    g,
    random,
    output,
    elements,
    used: space.used,
  };
}

describe.each(kernelsNames)('%s kernels', (name) => {
  test.each(shapes)('$rows images of $inputs pixels, $units units: forward', (shape) => {
    const { kernels, numbers, pixels, lists, W, b, y, output, elements, random } = site(name, shape);
    const places = placesOf(y, shape.rows);
    kernels.affineSparse(numbers, W, b, y, all(shape.rows));
    const expected = output(places);
    expect(new Set(expected).size).toBeGreaterThan(shape.rows > 1 ? shape.units : 0);
    for (let repeat = 1; repeat <= 3; repeat++) {
      for (const place of places) elements[place] = Number.NaN;
      elements.fill(Number.NaN, lists.heads, lists.features[0]!.cuts);
      for (const rows of randomPieces(shape.rows, repeat === 1 ? shape.rows : 5, random).reverse()) {
        kernels.listRows(pixels, rows, lists);
      }
      for (const rows of randomPieces(shape.rows, repeat === 1 ? shape.rows : 7, random)) {
        for (const panels of randomPieces(panelCount(W), repeat, random)) {
          kernels.affinePixels(pixels, lists, W, b, y, panels, rows);
        }
      }
      expect(output(places)).toEqual(expected);
    }
  });

  test.each(shapes)('$rows images of $inputs pixels, none of them zero: the lists have room', (shape) => {
    const { rows, inputs } = shape;
    const { kernels, pixels, lists, used } = site(name, shape);
    for (let row = 0; row < rows; row++) {
      const image = Uint8Array.from({ length: inputs }, (_, k) => 1 + ((row + k) % 255));
      kernels.copyPixels(image, pixels, row);
    }
    const { length } = used();
    for (const some of cutsOf(rows)) kernels.listFeatures(pixels, some, all(inputs), lists);
    kernels.listRows(pixels, all(rows), lists);
    // What lies behind the lists, which are placed last, is as it was.
    expect([...used().slice(length - 1000)].every(Number.isNaN)).toBe(true);
  });

  test.each(shapes)('$rows images of $inputs pixels, $units units: gradient', (shape) => {
    const { kernels, numbers, pixels, lists, W, dy, spread, g, output, elements, random } = site(name, shape);
    const size = (block: Block) => (block.panels?.count ?? panelCount(W)) * block.count * 32;
    const placesIn = (block: Block) => Array.from({ length: size(block) }, (_, i) => g + i);
    for (const add of [false, true]) {
      const reset = () => elements.fill(add ? 0.5 : Number.NaN, g, g + size(all(shape.inputs)));
      elements.fill(Number.NaN, lists.features[0]!.cuts);
      for (const rows of cutsOf(shape.rows).reverse()) {
        for (const range of randomPieces(shape.inputs, 6, random).reverse()) {
          kernels.listFeatures(pixels, rows, range, lists);
        }
      }
      for (const rows of cutsOf(shape.rows)) {
        reset();
        kernels.outerSparse(numbers, dy, rows, W, all(shape.inputs), { offset: g, add });
        const whole = output(placesIn(all(shape.inputs)));
        for (const same of [dy, spread]) {
          reset();
          kernels.outerPixels(pixels, lists, same, rows, W, all(shape.inputs), { offset: g, add });
          expect(output(placesIn(all(shape.inputs)))).toEqual(whole);
        }
        for (const range of randomPieces(shape.inputs, 16, random)) {
          for (const panels of randomPieces(panelCount(W), 2, random)) {
            const block = { ...range, panels };
            const expected = Array.from({ length: panels.count }, (_, panel) => {
              const first = ((panels.first + panel) * shape.inputs + range.first) * 32;
              return whole.slice(first, first + range.count * 32);
            }).flat();
            reset();
            kernels.outerPixels(pixels, lists, dy, rows, W, block, { offset: g, add });
            expect(output(placesIn(block))).toEqual(expected);
            reset();
            kernels.outerSparse(numbers, dy, rows, W, block, { offset: g, add });
            expect(output(placesIn(block))).toEqual(expected);
          }
        }
      }
    }
  });
});
