import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { datasetDigest } from '#lockstep/data/digest.js';
import { openDataset } from '#lockstep/data/open-dataset.js';

const folder = mkdtempSync(join(tmpdir(), 'lockstep-test-'));
afterAll(() => rmSync(folder, { recursive: true }));

function write(name: string, text: string): string {
  const file = join(folder, name);
  writeFileSync(file, text);
  return file;
}

test('the rows of a test file are the test set', async () => {
  const train = write('here-train.csv', 'a,b,kind\n1,2,x\n3,4,y\n5,6,x\n');
  const rows = write('there-test.csv', 'b,kind,a\n20,y,10\n40,x,30\n');
  const dataset = await openDataset(train, { test: rows, target: 'kind' });
  expect(dataset.train.count).toBe(3);
  expect(dataset.test.count).toBe(2);
  expect([...dataset.test.features]).toEqual([10, 20, 30, 40]);
  expect([...dataset.test.targets]).toEqual([1, 0]);
  // Also checks that counts and arrays agree.
  expect(datasetDigest(dataset)).toMatch(/^[0-9a-f]{64}$/);
});
