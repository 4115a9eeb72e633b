import { expect, test } from 'vitest';
import { isPrototypeKey, prototypeKeyIn } from '#lockstep/foundation/prototype-keys.js';

test('keys that every object shares are found at any depth, and others are not', () => {
  expect(['__proto__', 'constructor', 'prototype', 'proto', 'toString'].map(isPrototypeKey)).toEqual([
    ...[true, true, true, false, false],
  ]);
  expect(prototypeKeyIn(JSON.parse('{"a":[{"b":{"__proto__":{"x":1}}}]}'))).toEqual([
    ...['a', '0', 'b', '__proto__'],
  ]);
  expect(prototypeKeyIn({ constructor: 1 })).toEqual(['constructor']);
  expect(prototypeKeyIn({ a: ['constructor', null, 1] })).toBeUndefined();
  let deep: unknown = { prototype: 0 };
  for (let i = 0; i < 100_000; i++) deep = [deep];
  expect(prototypeKeyIn(deep)).toHaveLength(100_001);
  const round: Record<string, unknown> = {};
  round.self = round;
  expect(prototypeKeyIn(round)).toBeUndefined();
});
