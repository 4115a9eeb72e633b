// Each breakage of scripts/breakages can be made. Whether the tests notice it takes an hour to find out:
// npm run test:breakages.
import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';
import { listed } from '../../scripts/breakages/listed.mjs';

const root = resolve(import.meta.dirname, '../..');

test.each(listed)('$name', ({ file, from, to, tests }) => {
  const places = readFileSync(join(root, file), 'utf8').split(from).length - 1;
  expect(places, `places in ${file} with ${from}`).toBe(1);
  expect(to).not.toBe(from);
  expect(tests.length).toBeGreaterThan(0);
  for (const name of tests) expect(existsSync(join(root, `test/${name}.test.ts`)), name).toBe(true);
});

test('no two have one name', () => {
  expect(new Set(listed.map(({ name }) => name)).size).toBe(listed.length);
});
