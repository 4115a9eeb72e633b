// docs/data.md lists all limits with their numbers.
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { grouped } from '#lockstep/foundation/format.js';
import { limits } from '#lockstep/foundation/limits.js';

test('the limits of docs/data.md are those of the program, in its order', () => {
  const page = readFileSync(new URL('../../docs/data.md', import.meta.url), 'utf8');
  const [, section] = /^### Limits$(.*?)^## /ms.exec(page)!;
  const told = [...section!.matchAll(/^\| [a-z].* \| ([\d,]+) \|$/gim)].map(([, number]) => number);
  expect(told).toEqual(Object.values(limits).map(grouped));
});
