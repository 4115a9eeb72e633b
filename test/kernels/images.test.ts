// The kernels that read images from lists give the same bits as those that read numbers. products.test.ts
// compares the latter with their oracle.
import { describe, expect, test } from 'vitest';
import { longestSum } from '#lockstep/foundation/cuts.js';
import { stream } from '#lockstep/foundation/random.js';
import { type Block, panelCount, type Range } from '#lockstep/foundation/shapes.js';
import { type ImageLists, imageLists, packable, packedImages } from '#lockstep/kernels/image-lists.js';
import { draw, fill, kernelSpace, panelPlaces, placesOf, vectorPlaces } from '../support/kernel-space.ts';
import { randomPieces } from '../support/twins.ts';

const all = (count: number): Range => ({ first: 0, count });

/** The cuts of a sum over all rows. */
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
  { rows: 40, inputs: 903, units: 20 },
  // So many cuts that not all pixels are listed at a time.
  { rows: 1100, inputs: 270, units: 10 },
];

/**
 * Packed images, of which some make a minibatch in any order; the same images as numbers; weights; and output
 * gradients.
 */
function site({ rows, inputs, units }: (typeof shapes)[number], imageOf?: (image: number) => Uint8Array) {
  const space = kernelSpace('wasm', 3_000_000, 1000, 1000);
  const { kernels, elements } = space;
  const { images } = kernels;
  const random = stream(1, 'pixels', rows, inputs);
  const count = rows + 3;
  // Four fifths are zero; the first image is all zero, the last pixel of the others never, and all values
  // occur.
  const sparse = (image: number) => {
    const pixels = Uint8Array.from({ length: inputs }, () =>
      image > 0 && random.uniform() < 0.2 ? Math.floor(256 * random.uniform()) : 0,
    );
    if (image > 0) pixels[inputs - 1] = 1 + (image % 255);
    return pixels;
  };
  const bytes = new Uint8Array(count * inputs);
  for (let image = 0; image < count; image++) bytes.set((imageOf ?? sparse)(image), image * inputs);
  const packed = packedImages(count, inputs, space.room);
  const some = Math.floor(count / 3);
  images!.pack(bytes.subarray(0, some * inputs), packed, 0);
  images!.pack(bytes.subarray(some * inputs), packed, some);

  const samples = Uint32Array.from({ length: rows }, (_, row) => (row * 7 + 2) % count);
  const numbers = space.matrix(rows, inputs);
  for (const [row, sample] of samples.entries()) {
    kernels.pixels(bytes.subarray(sample * inputs, (sample + 1) * inputs), numbers, row);
  }
  const [W, b] = [space.panels(inputs, units, 32), space.vector(units)];
  const [y, dy] = [space.matrix(rows, units), space.matrix(rows, units)];
  const g = space.room(panelCount(W) * inputs * 32);
  // The same dy with a longer stride, as if a wider layer also read the images.
  const stride = dy.stride + 64;
  const spread = { offset: space.room(rows * stride), columns: units, stride };
  const lists = imageLists(rows, inputs, [dy.stride, stride], space.room);
  elements.fill(Number.NaN, lists.images);
  for (const places of [panelPlaces(W), vectorPlaces(b), placesOf(dy, rows)])
    fill([space], places, () => draw(random, 0));
  for (let row = 0; row < rows; row++) {
    const from = dy.offset + row * dy.stride;
    elements.copyWithin(spread.offset + row * stride, from, from + dy.stride);
  }
  const listRows = ({ first, count }: Range) =>
    images!.listRows(packed, samples.subarray(first, first + count), lists);
  const listFeatures = ({ first, count }: Range, features: Range) => {
    const cut = samples.subarray(first, first + count);
    images!.listFeatures(packed, cut, first / longestSum, features, lists);
  };
  const output = (places: number[]) => places.map((place) => elements[place]!);
  const { used } = space;
  return {
    kernels,
    images: images!,
    numbers,
    listRows,
    listFeatures,
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
    used,
  };
}

/** The pixels from `first` on that the lists have room for. */
const spanAt = (first: number, { span }: ImageLists, inputs: number) => ({
  first,
  count: Math.min(span, inputs - first),
});

/** The rows that a thread lists at a time. */
function* listed(count: number, most: number, random: ReturnType<typeof stream>): Generator<Range> {
  for (const { first, count: some } of randomPieces(count, 5, random).reverse()) {
    for (let at = 0; at < some; at += most) yield { first: first + at, count: Math.min(most, some - at) };
  }
}

describe('images from lists', () => {
  test.each(shapes)('$rows of $inputs pixels, $units units: forward', (shape) => {
    const { kernels, images, numbers, listRows, lists, W, b, y, output, elements, random } = site(shape);
    const places = placesOf(y, shape.rows);
    kernels.affineSparse(numbers, W, b, y, all(shape.rows));
    const expected = output(places);
    expect(new Set(expected).size).toBeGreaterThan(shape.rows > 1 ? shape.units : 0);
    for (let repeat = 1; repeat <= 3; repeat++) {
      for (const place of places) elements[place] = Number.NaN;
      for (const rows of listed(shape.rows, lists.rows, random)) {
        listRows(rows);
        for (const panels of randomPieces(panelCount(W), repeat, random)) {
          images.affine(lists, W, b, y, panels, rows);
        }
      }
      expect(output(places)).toEqual(expected);
    }
  });

  test.each(shapes)('$rows of $inputs pixels, none of them zero: the lists have room', (shape) => {
    const { rows, inputs } = shape;
    const full = (image: number) => Uint8Array.from({ length: inputs }, (_, k) => 1 + ((image + k) % 255));
    const { kernels, images, numbers, listRows, listFeatures, lists, W, b, y, output, used } = site(
      shape,
      full,
    );
    const { length } = used();
    for (let first = 0; first < inputs; first += lists.span) {
      for (const cut of cutsOf(rows)) listFeatures(cut, spanAt(first, lists, inputs));
    }
    const some = all(Math.min(rows, lists.rows));
    listRows(some);
    // The lists are placed last, and the elements after them are unchanged.
    expect([...used().slice(length - 1000)].every(Number.isNaN)).toBe(true);
    kernels.affineSparse(numbers, W, b, y, some);
    const expected = output(placesOf(y, some.count));
    images.affine(lists, W, b, y, all(panelCount(W)), some);
    expect(output(placesOf(y, some.count))).toEqual(expected);
  });

  test.each(shapes)('$rows of $inputs pixels, $units units: gradient', (shape) => {
    const site_ = site(shape);
    const { kernels, images, numbers, listFeatures, lists, W, dy, spread, g, output, elements, random } =
      site_;
    const size = (block: Block) => (block.panels?.count ?? panelCount(W)) * block.count * 32;
    const placesIn = (block: Block) => Array.from({ length: size(block) }, (_, i) => g + i);
    for (let first = 0; first < shape.inputs; first += lists.span) {
      const span = spanAt(first, lists, shape.inputs);
      for (const cut of cutsOf(shape.rows).reverse()) {
        // In pieces, in any order. The heads after each piece must not change.
        for (const range of randomPieces(span.count, 50, random).reverse()) {
          listFeatures(cut, { ...range, first: span.first + range.first });
        }
      }
      for (const add of [false, true]) {
        const reset = () => elements.fill(add ? 0.5 : Number.NaN, g, g + size(all(shape.inputs)));
        for (const rows of cutsOf(shape.rows)) {
          reset();
          kernels.outerSparse(numbers, dy, rows, W, span, { offset: g, add });
          const whole = output(placesIn(span));
          for (const same of [dy, spread]) {
            reset();
            images.outer(lists, same, rows, W, span, { offset: g, add });
            expect(output(placesIn(span))).toEqual(whole);
          }
          for (const range of randomPieces(span.count, 16, random)) {
            for (const panels of randomPieces(panelCount(W), 2, random)) {
              const block = { first: span.first + range.first, count: range.count, panels };
              const expected = Array.from({ length: panels.count }, (_, panel) => {
                const from = ((panels.first + panel) * span.count + range.first) * 32;
                return whole.slice(from, from + range.count * 32);
              }).flat();
              for (const sum of [
                () => images.outer(lists, dy, rows, W, block, { offset: g, add }),
                () => kernels.outerSparse(numbers, dy, rows, W, block, { offset: g, add }),
              ]) {
                reset();
                sum();
                expect(output(placesIn(block))).toEqual(expected);
              }
            }
          }
        }
      }
    }
  });

  test('images whose pixels are listed from the middle on leave no more than there is room for', () => {
    // 451 pairs, which are filled up, of which the last few are listed.
    const full = (_: number) => Uint8Array.from({ length: 904 }, (_, k) => (k < 2 ? 0 : 1 + (k % 255)));
    const { listFeatures, lists, used } = site({ rows: 2, inputs: 904, units: 3 }, full);
    const { length } = used();
    for (const first of [0, 450, 890, 900]) listFeatures(all(2), { first, count: 904 - first });
    for (const first of [0, 6, 450, 890]) listFeatures(all(2), { first, count: 4 });
    expect(lists.span).toBeGreaterThanOrEqual(904);
    expect([...used().slice(length - 1000)].every(Number.isNaN)).toBe(true);
  });

  test('every pixel stands for the number that it stands for elsewhere', () => {
    const every = () => Uint8Array.from({ length: 256 }, (_, pixel) => pixel);
    const { images, listRows, lists, W, b, y, elements } = site({ rows: 1, inputs: 256, units: 256 }, every);
    for (const place of panelPlaces(W)) elements[place] = 0;
    for (const place of vectorPlaces(b)) elements[place] = 0;
    for (let k = 0; k < 256; k++) elements[W.offset + (Math.floor(k / 32) * 256 + k) * 32 + (k % 32)] = 1;
    listRows(all(1));
    images.affine(lists, W, b, y, all(8), all(1));
    const numbers = Array.from({ length: 256 }, (_, pixel) => Math.fround(pixel / 255));
    expect(placesOf(y, 1).map((place) => elements[place])).toEqual(numbers);
  });

  test('there is room for all pixels of a minibatch of few cuts', () => {
    expect(imageLists(1024, 784, [32], () => 0).span).toBeGreaterThanOrEqual(784);
    expect(imageLists(1025, 784, [32], () => 0).span).toBe(256);
  });

  test('images are packed where their addresses have room', () => {
    expect(packable(70_000, 784)).toBe(true);
    expect(packable(2_000_000, 784)).toBe(false);
    expect(packable(10, 65_408)).toBe(true);
    expect(packable(10, 65_409)).toBe(false);
  });
});
