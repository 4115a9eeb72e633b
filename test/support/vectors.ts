import { readFileSync } from 'node:fs';
import { expect } from 'vitest';

/** Golden numbers from test/vectors. The program that made them has the same name and lies beside them. */
export function readVectors<T>(name: string): T {
  return JSON.parse(readFileSync(new URL(`../vectors/${name}.json`, import.meta.url), 'utf8')) as T;
}

/** The largest |found - expected| / max(|expected|, 1). */
export function error(found: readonly number[], expected: readonly number[]): number {
  expect(found.length).toBe(expected.length);
  return Math.max(
    ...found.map((value, i) => Math.abs(value - expected[i]!) / Math.max(Math.abs(expected[i]!), 1)),
  );
}
