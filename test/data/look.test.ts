import { expect, test } from 'vitest';
import { lookAt, lookAtMeanwhile } from '#lockstep/data/look.js';
import { openDataset } from '#lockstep/data/open-dataset.js';
import { temporaryFolder, writeFiles } from '../support/data-files.ts';
import { cycle, many, noise, pictures, species, tableOf } from '../support/small-data.ts';

test('MNIST gives no warning', async () => {
  expect(lookAt(await openDataset('mnist'))).toEqual([]);
});

test('sound pictures and tables give no warning, all at once or a piece at a time', async () => {
  expect(lookAt(pictures(cycle(60, 3), cycle(12, 3), 3))).toEqual([]);
  const table = tableOf(
    ['a', 'b'],
    species,
    many(60, (i) => [noise(i), noise(i, 1), i % 2]),
  );
  expect(lookAt(table)).toEqual([]);
  const warned = pictures(cycle(60, 3), cycle(12, 3), 4);
  expect(await lookAtMeanwhile(warned)).toEqual(lookAt(warned));
});

test('what differs between training and test file, and an index in front, is noted', async () => {
  const folder = await temporaryFolder();
  const lines = (row: (i: number) => (string | number)[]) => `${many(30, row as never).join('\n')}\n`;
  const pixel = (i: number, p: number) => (i * 31 + p * 17) % 256;
  const cells = (i: number) => [0, 1, 2, 3].map((p) => pixel(i, p));
  await writeFiles(folder, {
    'a-train.csv': `label,pixel0,pixel1,pixel2,pixel3\n${lines((i) => [i % 3, ...cells(i)])}`,
    'a-test.csv': `pixel0,pixel1,pixel2,pixel3\n${lines((i) => cells(i + 99))}`,
    'b-train.csv': `label,pixel0,pixel1,pixel2,pixel3\n${lines((i) => [i % 3, ...cells(i)])}`,
    'b-test.csv': `pixel0,pixel1,pixel2,pixel3,label\n${lines((i) => [...cells(i + 99), i % 3])}`,
    'c.csv': lines((i) => [i, i % 3, ...cells(i)]),
    'd-train.csv': `age,size,y\n${lines((i) => [i, `${i}.5`, i % 3])}`,
    'd-test.csv': `Size,shoe,age,y\n${lines((i) => [`${i}.5`, 4, i, i % 3])}`,
  });
  const opened = async (name: string) => await openDataset(`${folder}/${name}`);
  const a = await opened('a-train.csv');
  expect(a.notes).toContain(
    'a-test.csv has no column "label": it is not the test set, but for `train predict`',
  );
  expect(a.train.count + a.test.count).toBe(30);

  const b = await opened('b-train.csv');
  expect(b.notes).toContain('b-test.csv has its columns in another order than b-train.csv: matched by name');
  expect([...b.test.targets.subarray(0, 4)]).toEqual([0, 1, 2, 0]);
  expect([...b.test.features.subarray(0, 4)]).toEqual(cells(99));

  const c = await opened('c.csv');
  expect(c.notes).toContain('column 1 counts the rows: taken for an index, not read; the label is column 2');
  expect(c.features.shape).toEqual([2, 2, 1]);
  expect(c.targets).toMatchObject({ kind: 'classes', count: 3 });

  const d = await opened('d-train.csv');
  expect(d.notes).toContain('d-test.csv has columns that d-train.csv has not: "shoe", not read');
  expect(d.notes).toContain('d-test.csv has its columns in another order than d-train.csv: matched by name');
});
