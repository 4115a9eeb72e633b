// The blocks of a step: every row and every weight belongs to exactly one, for any number of threads.
import { describe, expect, test } from 'vitest';
import { rowsPhase, rowTasks } from '#lockstep/engine/phases.js';
import { matrixOf, panelCount } from '#lockstep/foundation/shapes.js';
import { listedFeatures } from '#lockstep/kernels/image-lists.js';
import { backendOf } from '#lockstep/model/backends.js';
import { blockSize, blocksOf } from '#lockstep/model/blocks.js';
import { mapMemory } from '#lockstep/model/memory-map.js';
import { type NetworkPlan, planNetwork } from '#lockstep/model/network.js';
import { panelWidthOf } from '#lockstep/model/tensor.js';
import { mostBlocks } from '#lockstep/sync/barrier.js';
import { dataShape } from '../support/tiny.ts';

const { layout } = backendOf('wasm');

/** Dense layers, with or without rectifiers between them. */
const networkOf = (inputs: number, units: readonly number[], rectified = false) =>
  planNetwork(
    units.flatMap((units, index) => [
      ...(rectified && index > 0 ? [{ kind: 'relu' }] : []),
      { kind: 'dense', units, initializer: { kind: 'zeros' } },
    ]),
    dataShape({ inputs, classes: units.at(-1)! }),
  );

describe('blocks of parameters', () => {
  const networks = [
    { inputs: 784, units: [128, 10] },
    { inputs: 784, units: [512, 128, 64, 10] },
    { inputs: 784, units: [512, 128, 64, 10], rectified: true },
    { inputs: 20, units: [2000, 320, 90, 10], rectified: true },
    { inputs: 1, units: [1] },
    { inputs: 257, units: [97, 33, 7] },
    { inputs: 5000, units: [640, 10] },
  ];
  const convolutions = [
    { input: [28, 28, 1], conv: { channels: 6, kernel: 5 } },
    { input: [14, 14, 6], conv: { channels: 16, kernel: 5 } },
    { input: [14, 14, 32], conv: { channels: 64, kernel: 3 } },
    { input: [4, 4, 512], conv: { channels: 512, kernel: 3 } },
    { input: [4, 4, 3000], conv: { channels: 11, kernel: [1, 3] as const } },
    { input: [9, 9, 64], conv: { channels: 64, kernel: 3, groups: 64 } },
  ];
  const uses = [
    undefined,
    ...[1, 2, 3, 4, 7, 8, 64].flatMap((threads) => [
      { threads, listed: false },
      { threads, listed: true },
    ]),
  ];

  /** Every element of every parameter belongs to one block, which has room. */
  function expectWhole(network: NetworkPlan): void {
    const { regions } = mapMemory(network, { layout, rows: 64, samples: 0, slots: [], threads: 3 });
    const room = regions.find(({ name }) => name === 'thread 0 gradient block')!.size;
    for (const use of uses) {
      for (const tensor of network.parameters) {
        const blocks = blocksOf(tensor, layout, use);
        expect(blocks.length).toBeLessThanOrEqual(mostBlocks);
        const width = panelWidthOf(tensor, layout);
        const { rows, columns } = matrixOf(tensor.shape) ?? { rows: tensor.shape[0]!, columns: 1 };
        const panels = width ? panelCount({ columns, width }) : 1;
        const owners = new Uint8Array(panels * rows);
        for (const block of blocks) {
          expect(blockSize(tensor, layout, block)).toBeLessThanOrEqual(room);
          const { first, count } = block.panels ?? { first: 0, count: panels };
          for (let panel = first; panel < first + count; panel++) {
            for (let row = block.first; row < block.first + block.count; row++) {
              owners[panel * rows + row]!++;
            }
          }
        }
        expect(owners.every((count) => count === 1)).toBe(true);
      }
    }
  }

  test.each(networks)('of $inputs pixels and layers of $units units, rectified: $rectified', (shape) => {
    expectWhole(networkOf(shape.inputs, shape.units, shape.rectified));
  });

  test.each(convolutions)('of a convolution $conv over $input', ({ input, conv }) => {
    const [height, width, channels] = input;
    const shape = {
      ...dataShape({ inputs: height! * width! * channels!, classes: 2 }),
      shape: { height: height!, width: width!, channels: channels! },
    };
    const rest = {
      stride: 1,
      padding: 0,
      dilation: 1,
      groups: 1,
      bias: true,
      initializer: { kind: 'zeros' },
    };
    expectWhole(
      planNetwork(
        [
          { kind: 'conv', ...rest, ...conv },
          { kind: 'conv', ...rest, channels: 3, kernel: 1 },
          { kind: 'dense', units: 2, initializer: rest.initializer },
        ],
        shape,
      ),
    );
  });

  test('of a convolution have all numbers of its windows, where that makes enough of them', () => {
    const W = { shape: [3, 3, 32, 64], format: 'dense', cost: 392 } as const;
    const parts = (threads: number) =>
      blocksOf(W, layout, { threads, listed: false }).map(({ first, count, panels }) => [
        ...[first, count],
        ...[panels!.first, panels!.count],
      ]);
    expect(parts(1)).toEqual([[0, 288, 0, 8]]);
    expect(parts(2)).toEqual([
      [0, 288, 0, 4],
      [0, 288, 4, 4],
    ]);
    expect(parts(8)).toHaveLength(8);
    // A line of a window each.
    expect(parts(16).slice(0, 3)).toEqual([
      [0, 96, 0, 1],
      [96, 96, 0, 1],
      [192, 96, 0, 1],
    ]);
    expect(parts(64).slice(0, 4)).toEqual([
      [0, 32, 0, 1],
      [32, 32, 0, 1],
      [64, 32, 0, 1],
      [96, 32, 0, 1],
    ]);
  });

  test('a block of the input layer has pixels that are listed together', () => {
    for (const units of [10, 33, 65, 97, 160, 512]) {
      const [W] = networkOf(5000, [units]).parameters;
      for (const use of [undefined, ...uses.filter((use) => use?.listed)]) {
        for (const { first, count } of blocksOf(W!, layout, use)) {
          const [begin, end] = [first, first + count - 1].map((k) => Math.floor(k / listedFeatures));
          expect(end).toBe(begin);
        }
      }
    }
  });

  test('huge layers have larger blocks instead of more', () => {
    for (const [inputs, units] of [
      [65_000, 8192],
      [784, 262_144],
    ] as const) {
      const [W] = networkOf(inputs, [units]).parameters;
      for (const use of uses) expect(blocksOf(W!, layout, use).length).toBeLessThan(mostBlocks / 2);
    }
  });

  test('elements that cost more make smaller blocks', () => {
    const [W, b] = networkOf(784, [128]).parameters;
    for (const tensor of [{ ...W!, format: 'dense' as const }, b!]) {
      for (const use of [undefined, { threads: 2, listed: false }]) {
        const usual = blocksOf(tensor, layout, use);
        expect(blocksOf({ ...tensor, cost: 2 }, layout, use)).toEqual(usual);
        const largest = (cost: number) =>
          Math.max(
            ...blocksOf({ ...tensor, cost }, layout, use).map((block) => blockSize(tensor, layout, block)),
          );
        // A vector of 128 elements is one block until an element costs as much as 4096 / 64.
        const [dear, dearer] = tensor === b ? [200, 400] : [4, 8];
        expect(largest(dear!)).toBeLessThan(largest(2));
        expect(largest(dearer!)).toBeLessThan(largest(dear!));
      }
    }
  });

  test('for threads, each begins with the panels that it computes', () => {
    const [W] = networkOf(784, [128]).parameters;
    const blocks = blocksOf(W!, layout, { threads: 2, listed: true });
    const share = (first: number, end: number) =>
      new Set(blocks.slice(first, end).map(({ panels }) => panels!.first));
    expect(share(0, blocks.length / 2)).toEqual(new Set([0, 1]));
    expect(share(blocks.length / 2, blocks.length)).toEqual(new Set([2, 3]));
  });
});

describe('blocks of rows', () => {
  test.each([1, 3, 4, 31, 64, 100, 128, 256, 1000])('of minibatches of %i rows', (batchSize) => {
    for (const threads of [1, 2, 3, 4, 6, 8, 64]) {
      const rows = { first: 0, count: 0 };
      const owners = new Uint8Array(batchSize);
      const phase = rowsPhase(
        [
          ({ first, count }) => {
            expect(count).toBeGreaterThan(0);
            for (let row = first; row < first + count; row++) owners[row]!++;
          },
        ],
        { rows, batch: rows, most: batchSize },
        threads,
      );
      // The last minibatch of an epoch may be shorter.
      for (const count of [batchSize, Math.ceil(batchSize / 3), 1]) {
        rows.count = count;
        owners.fill(0);
        const blocks = phase.begin();
        for (let block = 0; block < blocks; block++) phase.run(block);
        expect(owners.subarray(0, count).every((times) => times === 1)).toBe(true);
        expect(owners.subarray(count).every((times) => times === 0)).toBe(true);
      }
    }
  });

  test.each([64, 100, 128, 256, 1000])(
    'of %i: no thread has more than another, but for one tile',
    (batchSize) => {
      for (const threads of [2, 3, 5, 8]) {
        let sum = 0;
        const count = (rows: { count: number }) => {
          sum += rows.count;
        };
        const rows = { first: 0, count: batchSize };
        const phase = rowsPhase([count], { rows, batch: rows, most: batchSize }, threads);
        const each = phase.begin() / threads;
        const sums = Array.from({ length: threads }, (_, thread) => {
          sum = 0;
          for (let block = thread * each; block < (thread + 1) * each; block++) phase.run(block);
          return sum;
        });
        expect(Math.max(...sums) - Math.min(...sums)).toBeLessThanOrEqual(4);
      }
    },
  );

  test('are two a thread where these have sixteen rows or more', () => {
    expect(rowTasks(64, 2)).toBe(4);
    expect(rowTasks(128, 2)).toBe(4);
    expect(rowTasks(256, 2)).toBe(8);
    expect(rowTasks(64, 3)).toBe(3);
    expect(rowTasks(64, 8)).toBe(8);
    expect(rowTasks(64, 64)).toBe(16);
    expect(rowTasks(1, 8)).toBe(1);
    expect(rowTasks(60_000, 2)).toBe(1876);
    expect(rowTasks(10_000_000, 2)).toBe(mostBlocks);
  });
});
