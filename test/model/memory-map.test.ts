// The memory map: every region lies apart, and what a layer asks for is there for each thread.
import { expect, test } from 'vitest';
import { backendOf } from '#lockstep/model/backends.js';
import { mapMemory } from '#lockstep/model/memory-map.js';
import { planNetwork } from '#lockstep/model/network.js';
import { dataShape } from '../support/tiny.ts';

const { layout } = backendOf('wasm');
const dense = { kind: 'dense', units: 10, initializer: { kind: 'zeros' } };
const network = planNetwork([dense, { kind: 'relu' }, dense], dataShape({ inputs: 20, classes: 10 }));
const sizes = { layout, rows: 8, samples: 5, slots: ['velocity'], clipped: true, threads: 3 };

test('regions follow each other without overlap', () => {
  const { regions, elements } = mapMemory(network, sizes);
  let end = 0;
  for (const { offset, size } of regions) {
    expect(offset).toBeGreaterThanOrEqual(end);
    end = offset + size;
  }
  expect(end).toBeLessThanOrEqual(elements);
  expect(regions.length).toBeGreaterThan(30);
});

test('a layer that asks for room has it in every thread, and nobody else has it', () => {
  const [first, second, third] = network.nodes;
  const asking = {
    ...network,
    nodes: [
      { ...first!, plan: { ...first!.plan, room: 100 } },
      second!,
      { ...third!, plan: { ...third!.plan, room: 33 } },
    ],
  };
  const { regions, threads, elements } = mapMemory(asking, sizes);
  const rooms = threads.flatMap(({ rooms }) => [rooms[0]!, rooms[2]!]);
  expect(new Set(rooms).size).toBe(6);
  for (const [i, offset] of rooms.entries()) {
    const own = regions.filter((region) => region.offset === offset);
    expect(own.map(({ size, name }) => [size, name])).toEqual([
      [i % 2 === 0 ? 100 : 33, `thread ${Math.floor(i / 2)} model[${i % 2 === 0 ? 0 : 2}] room`],
    ]);
  }
  expect(elements - mapMemory(network, sizes).elements).toBe(3 * (128 + 64));
});
