// Cores that share a physical one, from the files in which Linux tells about them.
import { expect, test } from 'vitest';
import { availableCores } from '#lockstep/platform/cores.js';
import { coresText, readTopology } from '#lockstep/platform/topology.js';

/** The files of a machine: the siblings of each of its cores, and those that the process may use. */
function machine(siblings: readonly string[], allowed = `0-${siblings.length - 1}`) {
  const files = new Map([
    ['/proc/self/status', `Name:\tnode\nCpus_allowed:\tffff\nCpus_allowed_list:\t${allowed}\nSeccomp:\t0\n`],
    ...siblings.map((list, core): [string, string] => [
      `/sys/devices/system/cpu/cpu${core}/topology/thread_siblings_list`,
      `${list}\n`,
    ]),
  ]);
  return (file: string) => files.get(file);
}

const pairs = (count: number) => Array.from({ length: count }, (_, i) => `${i & ~1}-${i | 1}`);
const apart = (count: number) => Array.from({ length: count }, (_, i) => `${i % 8},${(i % 8) + 8}`);
const single = (count: number) => Array.from({ length: count }, (_, i) => String(i));

test.each<[what: string, read: (file: string) => string | undefined, cores: number, text: string]>([
  ['neighbours share a core', machine(pairs(16)), 16, '16 cores (8 with two threads each)'],
  ['the first and the second half share cores', machine(apart(16)), 16, '16 cores (8 with two threads each)'],
  [
    'four threads a core',
    machine(Array.from({ length: 8 }, (_, i) => (i < 4 ? '0-3' : '4-7'))),
    8,
    '8 cores (2 with 4 threads each)',
  ],
  ['nothing is shared', machine(single(4)), 4, '4 cores'],
  ['one core', machine(['0']), 1, '1 core'],
  ['one core with two threads', machine(['0-1', '0-1']), 2, '2 cores (1 with two threads each)'],
  ['some cores have two threads', machine([...pairs(8), ...'89'.split('')]), 10, '10 cores (6 physical)'],
  ['only one thread of each core may be used', machine(apart(16), '0-7'), 8, '8 cores'],
  ['a few cores may be used', machine(apart(16), '0-1,8'), 3, '3 cores (2 physical)'],
  ['a quota of less than the cores', machine(pairs(16)), 10, '10 cores (8 physical)'],
  ['a quota of less than the physical ones', machine(pairs(16)), 4, '4 cores'],
  ['no such files, as on macOS and Windows', () => undefined, 6, '6 cores'],
  ['a core without a list', machine(['0-1', '0-1', '']), 3, '3 cores'],
  ['a list that is none', machine(pairs(4), 'all'), 4, '4 cores'],
])('%s', (_what, read, cores, text) => {
  const topology = readTopology(read, cores);
  expect(coresText(topology)).toBe(text);
  expect(topology.cores).toBe(cores);
});

test('physical cores are unknown where the machine does not tell, and all where nothing is shared', () => {
  expect(readTopology(() => undefined, 6).physical).toBeUndefined();
  expect(readTopology(machine(single(4)), 4).physical).toBe(4);
  expect(readTopology(machine(pairs(16)), 16).physical).toBe(8);
  expect(readTopology(machine(pairs(16)), 4).physical).toBe(4);
});

test('of this machine: as many cores as are available, and no more physical ones', () => {
  const { cores, physical = cores } = readTopology();
  expect(cores).toBe(availableCores());
  expect(physical).toBeGreaterThanOrEqual(1);
  expect(physical).toBeLessThanOrEqual(cores);
});
