// Which samples are held out: by number, by share and class, by group.
import { describe, expect, test } from 'vitest';
import type { Targets } from '#lockstep/contracts/task.js';
import { type HeldOut, holdOut } from '#lockstep/data/hold-out.js';
import { LockstepError } from '#lockstep/foundation/errors.js';
import { permutation, stream } from '#lockstep/foundation/random.js';

const values: Targets = { kind: 'values', names: ['y'] };

/** Samples of these classes or groups, drawn in a seeded order. */
function draw(labels: readonly number[], groups?: readonly number[]) {
  const count = labels.length;
  const samples = {
    count,
    targets: new Uint8Array(new SharedArrayBuffer(count)),
    ...(groups ? { groups: new Uint32Array(new SharedArrayBuffer(4 * count)) } : {}),
  };
  samples.targets.set(labels);
  if (groups) samples.groups!.set(groups);
  return { samples, drawn: permutation(count, stream(1, 'validation')) };
}

/** Nothing is lost, nothing is there twice, and both parts keep the order in which they were drawn. */
function expectParts(drawn: Uint32Array, { held, rest }: HeldOut): void {
  expect([...held, ...rest].sort((a, b) => a - b)).toEqual([...drawn].sort((a, b) => a - b));
  for (const part of [held, rest]) {
    const places = Array.from(part, (sample) => drawn.indexOf(sample));
    expect(places).toEqual(places.toSorted((a, b) => a - b));
  }
}

const counts = (part: Uint32Array, labels: readonly number[], classes: number) => {
  const found = new Array<number>(classes).fill(0);
  for (const sample of part) found[labels[sample]!]!++;
  return found;
};

const repeat = (...sizes: number[]) => sizes.flatMap((size, c) => new Array<number>(size).fill(c));

describe('a whole number', () => {
  test('takes the first that were drawn, whatever they are', () => {
    const { samples, drawn } = draw(repeat(10, 90));
    const { held, rest } = holdOut(drawn, samples, { kind: 'classes', count: 2 }, 30);
    expect([...held]).toEqual([...drawn.subarray(0, 30)]);
    expect([...rest]).toEqual([...drawn.subarray(30)]);
    expect(holdOut(drawn, samples, values, 0).held).toHaveLength(0);
  });

  test('1 is a sample, not all of them', () => {
    const { samples, drawn } = draw(repeat(5));
    expect(holdOut(drawn, samples, values, 1).held).toHaveLength(1);
  });
});

describe('a share', () => {
  test.each<[share: number, sizes: number[], held: number[]]>([
    [0.2, [10, 20, 70], [2, 4, 14]],
    // 0.2 of 5, 6 and 7 is 1, 1.2 and 1.4: 18 * 0.2 = 3.6 makes 4, and the last has the largest remainder.
    [0.2, [5, 6, 7], [1, 1, 2]],
    // Of equal remainders the smaller class comes first.
    [0.25, [2, 2, 2, 2], [1, 1, 0, 0]],
    [0.5, [1, 1, 1], [1, 1, 0]],
    [0.001, [50, 50], [1, 0]],
    [0.1, [0, 40, 0, 60], [0, 4, 0, 6]],
  ])('%d of classes of %j holds out %j', (share, sizes, expected) => {
    const labels = repeat(...sizes);
    const { samples, drawn } = draw(labels);
    const parts = holdOut(drawn, samples, { kind: 'classes', count: sizes.length }, share);
    expectParts(drawn, parts);
    expect(counts(parts.held, labels, sizes.length)).toEqual(expected);
  });

  test('of a class are the first of it that were drawn', () => {
    const labels = repeat(30, 70);
    const { samples, drawn } = draw(labels);
    const { held } = holdOut(drawn, samples, { kind: 'classes', count: 2 }, 0.1);
    for (const [c, size] of [3, 7].entries()) {
      const first = [...drawn].filter((sample) => labels[sample] === c).slice(0, size);
      expect([...held].filter((sample) => labels[sample] === c)).toEqual(first);
    }
  });

  test('of values is a share of the rows', () => {
    const { samples, drawn } = draw(repeat(33));
    expect([...holdOut(drawn, samples, values, 0.2).held]).toEqual([...drawn.subarray(0, 7)]);
  });
});

describe('groups', () => {
  const groups = Array.from({ length: 60 }, (_, i) => i % 12);

  test.each([12, 0.2, 1, 0.5])('of which %d are wanted stay on one side', (wanted) => {
    const { samples, drawn } = draw(repeat(30, 30), groups);
    const parts = holdOut(drawn, samples, { kind: 'classes', count: 2 }, wanted);
    expectParts(drawn, parts);
    const held = new Set(Array.from(parts.held, (sample) => groups[sample]!));
    for (const sample of parts.rest) expect(held.has(groups[sample]!)).toBe(false);
    const number = wanted < 1 ? wanted * 60 : wanted;
    // Whole groups of five until the number is reached.
    expect(parts.held).toHaveLength(5 * Math.ceil(number / 5));
  });

  test('a group that is most of the data is left to train on', () => {
    const large = [...repeat(50, 4, 6)].map((_, i) => (i < 50 ? 0 : i < 54 ? 1 : 2));
    for (let seed = 1; seed < 20; seed++) {
      const { samples } = draw(large, large);
      const drawn = permutation(60, stream(seed, 'validation'));
      const { held } = holdOut(drawn, samples, values, 6);
      // Often the large group is the first that was drawn; it would be eight times what is wanted.
      if (held.length > 10) expect(held).toHaveLength(50);
      expect(held.length).toBeGreaterThan(0);
      expect(held.length).toBeLessThan(60);
    }
  });

  test('none are held out if none are wanted', () => {
    const { samples, drawn } = draw(repeat(60), groups);
    const { held, rest } = holdOut(drawn, samples, values, 0);
    expect([held.length, rest.length]).toEqual([0, 60]);
  });

  test('a single group cannot be divided', () => {
    const { samples, drawn } = draw(repeat(10), new Array(10).fill(3));
    expect(() => holdOut(drawn, samples, values, 0.2)).toThrow(
      new LockstepError(
        'usage',
        'data.group: expected at least two groups, of which one can be held out, got 1',
      ),
    );
  });
});

describe('more than there are', () => {
  const locate = (path: string) => `x.yaml:3:1 ${path}`;
  test.each([
    [100, 100, '--set data.validation=10'],
    [100, 250, '--set data.validation=10'],
    [5, 5, '--set data.validation=0.2'],
  ])('of %i samples %i is refused, with the way forward', (count, wanted, hint) => {
    const { samples, drawn } = draw(repeat(count));
    expect(() => holdOut(drawn, samples, values, wanted, locate)).toThrow(
      `x.yaml:3:1 data.validation: expected fewer than the ${count} training samples, got ${wanted}; ` +
        `hold out a part of them, such as ${hint}`,
    );
  });

  test('a share of a single sample leaves nothing', () => {
    const { samples, drawn } = draw([0]);
    expect(() => holdOut(drawn, samples, values, 0.5, locate)).toThrow('expected fewer than the 1 training');
  });
});
