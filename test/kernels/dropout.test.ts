import { describe, expect, test } from 'vitest';
import type { LayerContext } from '#lockstep/contracts/layer.js';
import { rowWords, wordsOfRow } from '#lockstep/foundation/philox.js';
import type { Range } from '#lockstep/foundation/shapes.js';
import { catalogue } from '#lockstep/model/catalogue.js';
import { numbersOperand } from '#lockstep/operands/operand.js';
import { backendNames, kernelSpace, placesOf } from '../support/kernel-space.ts';
import { Twins, widths } from '../support/twins.ts';

describe.each(widths)('%i columns', (columns) => {
  const twins = new Twins('dropout', 20_000);
  const rows = 3;
  // Numbers that fill a word, or set its sign bit.
  const words = rowWords('dropout', 5, { seed: 2 ** 53 - 1, epoch: 4_000_000_000 }, 3_000_000_000);

  test.each([0, 0.1, 0.5, 0.999, 1 - 2 ** -40])(
    'rate %d: the same mask in both, kept numbers within 2 * 2^-24',
    (rate) => {
      twins.clear();
      const [x, y] = [twins.matrix(rows, columns), twins.matrix(rows, columns)];
      const row = placesOf(y, rows).slice(columns, 2 * columns);
      twins.compare((kernels) => kernels.dropout(x, y, 1, words, rate), row, 2, 'result');
      const kept = row.map((at) => twins.fast.elements[at] !== 0);
      expect(kept).toEqual([...wordsOfRow(words, columns)].map((word) => word / 2 ** 32 >= rate));
      const apart = row.map((at) => twins.fast.elements[at]!);
      const place = placesOf(x, rows).slice(columns, 2 * columns);
      twins.untouched(() => twins.fast.kernels.dropout(x, x, 1, words, rate), place);
      expect(place.map((at) => twins.fast.elements[at]!)).toEqual(apart);
    },
  );
});

describe.each([
  [1, 5],
  [3, 4],
  [16, 7],
  [19, 6],
])('images of %i channels and %i places', (channels, places) => {
  const twins = new Twins('dropout of channels', 20_000);
  const words = rowWords('dropout', 5, { seed: 9, epoch: 2 }, 7);

  test.each([0, 0.4, 0.9])('rate %d: a channel goes as a whole, in both, within 2 * 2^-24', (rate) => {
    twins.clear();
    const columns = channels * places;
    const [x, y] = [twins.matrix(3, columns), twins.matrix(3, columns)];
    const row = placesOf(y, 3).slice(columns, 2 * columns);
    twins.compare((kernels) => kernels.dropoutChannels(x, y, channels, 1, words, rate), row, 2, 'result');
    const kept = [...wordsOfRow(words, channels)].map((word) => word / 2 ** 32 >= rate);
    expect(row.map((at) => twins.fast.elements[at] !== 0)).toEqual(row.map((_, i) => kept[i % channels]));
    const apart = row.map((at) => twins.fast.elements[at]!);
    const place = placesOf(x, 3).slice(columns, 2 * columns);
    twins.untouched(() => twins.fast.kernels.dropoutChannels(x, x, channels, 1, words, rate), place);
    expect(place.map((at) => twins.fast.elements[at]!)).toEqual(apart);
  });
});

describe.each(backendNames)('the layer on %s kernels', (name) => {
  const columns = 1000;
  const rows = 20;
  const all: Range = { first: 0, count: rows };

  /** The output for x = 1, row by row. */
  function outputs(rate: number, changed: Partial<LayerContext> = {}, order = (row: number) => row) {
    const space = kernelSpace(name, 100_000);
    const [x, y, dy, dx] = [1, 2, 3, 4].map(() => space.matrix(rows, columns));
    for (const matrix of [x!, dy!]) for (const at of placesOf(matrix, rows)) space.elements[at] = 1;
    const layer = catalogue.layer.get('dropout')!.build(
      { kind: 'dropout', rate, per: 'entry' },
      {
        kernels: space.kernels,
        shape: undefined,
        x: x!,
        y: y!,
        dy,
        dx,
        parameters: {},
        state: {},
        statistics: {},
        operand: numbersOperand(space.kernels, x!, 'dense'),
        room: 0,
        training: true,
        index: 3,
        draw: { seed: 1, epoch: 1, sample: order },
        ...changed,
      },
    );
    layer.forward(all);
    if (changed.training !== false) layer.backward(all, all);
    const read = (matrix: typeof x) =>
      Array.from({ length: rows }, (_, row) => {
        const first = matrix!.offset + row * matrix!.stride;
        return [...space.elements.subarray(first, first + columns)];
      });
    return { y: read(y), dx: read(dx) };
  }

  test.each([0.1, 0.5, 0.9])('rate %d: drops that share, within 5 standard deviations', (rate) => {
    const numbers = outputs(rate).y.flat();
    const dropped = numbers.filter((value) => value === 0).length / numbers.length;
    expect(Math.abs(dropped - rate)).toBeLessThan(5 * Math.sqrt((rate * (1 - rate)) / numbers.length));
    expect(new Set(numbers).size).toBe(2);
    expect(Math.max(...numbers)).toBeCloseTo(1 / (1 - rate), 5);
  });

  test('backward has the mask of forward', () => {
    const { y, dx } = outputs(0.3);
    expect(dx).toEqual(y);
  });

  test('a sample has its mask in whatever row it is', () => {
    const turned = outputs(0.3, {}, (row) => rows - 1 - row);
    expect(turned.y.reverse()).toEqual(outputs(0.3).y);
  });

  test('another layer, seed, epoch or sample has another mask', () => {
    const draw = { seed: 1, epoch: 1, sample: (row: number) => row };
    const masks = [
      outputs(0.5),
      outputs(0.5, { index: 4 }),
      outputs(0.5, { draw: { ...draw, seed: 2 } }),
      outputs(0.5, { draw: { ...draw, epoch: 2 } }),
    ].flatMap(({ y }) => y.map((row) => row.join()));
    expect(new Set(masks).size).toBe(4 * rows);
  });

  test('evaluating, it is the identity, and asks for no random number', () => {
    const draw = () => {
      throw new Error('drawn');
    };
    expect(new Set(outputs(0.5, { training: false }, draw).y.flat())).toEqual(new Set([1]));
  });
});

test('NaN goes on, kept or dropped', () => {
  const { kernels, elements, matrix } = kernelSpace('wasm', 2000);
  const [x, y] = [matrix(1, 32), matrix(1, 32)];
  elements.fill(Number.NaN, x.offset, x.offset + 32);
  kernels.dropout(x, y, 0, rowWords('dropout', 0, { seed: 1, epoch: 1 }, 0), 0.5);
  expect(elements.subarray(y.offset, y.offset + 32).every(Number.isNaN)).toBe(true);
});
