// A table that another process writes: what is new is read, and one that was begun anew is noticed.
import { appendFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { growingRows } from '#lockstep/live/growing-rows.js';
import { readTiming } from '#lockstep/run/run-tables.js';
import { temporaryFolder } from '../support/data-files.ts';

const header = 'epoch,seconds,samples_per_second\n';

async function growing() {
  const file = join(await temporaryFolder(), 'timing.csv');
  const parsed: string[] = [];
  const table = growingRows(file, (name, text) => {
    parsed.push(text);
    return readTiming(name, text);
  });
  const epochs = () => table.rows.map(({ epoch }) => epoch);
  return { file, table, parsed, epochs };
}

test('each row is read once, when its line is whole', async () => {
  const { file, table, parsed, epochs } = await growing();
  expect([await table.look(), epochs()]).toEqual([false, []]);
  writeFileSync(file, header);
  expect([await table.look(), epochs()]).toEqual([true, []]);
  appendFileSync(file, '1,0.5,10\n2,0.5,10\n3,0.');
  expect([await table.look(), epochs()]).toEqual([true, [1, 2]]);
  expect(await table.look()).toBe(false);
  appendFileSync(file, '5,1');
  expect(await table.look()).toBe(false);
  appendFileSync(file, '0\n');
  expect([await table.look(), epochs()]).toEqual([true, [1, 2, 3]]);
  expect(parsed.join('').match(/^[1-3],/gm)).toEqual(['1,', '2,', '3,']);
});

test.each([
  ['shorter', '1,0.25,20\n', [1]],
  ['longer', '1,0.25,20\n2,0.25,20\n3,0.25,20\n4,0.25,20\n', [1, 2, 3, 4]],
  ['gone', undefined, []],
])('a table that was begun anew is read anew: %s', async (_, rows, expected) => {
  const { file, table, epochs } = await growing();
  writeFileSync(file, `${header}1,0.5,10\n2,0.5,10\n`);
  await table.look();
  if (rows === undefined) rmSync(file);
  else writeFileSync(file, header + rows);
  expect([await table.look(), epochs()]).toEqual([true, expected]);
});

test('what is no table changes nothing, and what comes after it is read', async () => {
  const { file, table, epochs } = await growing();
  writeFileSync(file, `${header}1,0.5,10\n`);
  await table.look();
  appendFileSync(file, 'nonsense\n');
  await expect(table.look()).rejects.toThrow('expected 3 numbers');
  expect(epochs()).toEqual([1]);
  writeFileSync(file, `${header}1,0.5,10\n2,0.5,10\n`);
  expect([await table.look(), epochs()]).toEqual([true, [1, 2]]);
});
