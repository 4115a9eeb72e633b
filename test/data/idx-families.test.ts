// IDX files under the names of MNIST's relatives, transposed, in colour, and with labels in rows of integers.
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { readIdx, readIdxTest } from '#lockstep/data/formats/idx.js';
import { isIdxPlace } from '#lockstep/data/formats/idx-files.js';
import { dataError, idx, idxImages, idxLabels, temporaryFolder, writeFiles } from '../support/data-files.ts';

/** Four files of 2 x 3 pixels; pixels of a family begin at `first`. */
function files(names: [images: string, labels: string, testImages: string, testLabels: string], first = 0) {
  const contents = [
    idxImages(3, 2, 3, first),
    idxLabels([1, 26, 4]),
    idxImages(1, 2, 3, 100),
    idxLabels([2]),
  ];
  return Object.fromEntries(names.map((name, i) => [name, contents[i]!]));
}

function family(prefix: string, test = 'test', first = 0) {
  return files(
    [
      `${prefix}train-images-idx3-ubyte`,
      `${prefix}train-labels-idx1-ubyte`,
      `${prefix}${test}-images-idx3-ubyte`,
      `${prefix}${test}-labels-idx1-ubyte`,
    ],
    first,
  );
}

async function folderWith(contents: Record<string, Buffer>): Promise<string> {
  const folder = await temporaryFolder();
  await writeFiles(folder, contents);
  return folder;
}

describe('a family', () => {
  test.each([
    ['MNIST', family('', 't10k')],
    ['EMNIST', family('emnist-letters-')],
    ['a name with test', family('', 'test')],
    [
      'packed, with dots and lines',
      files(['a.train_images.idx3_ubyte', 'a.train-labels.idx1-ubyte', 'a-test-images', 'a_t10k-labels.gz']),
    ],
    ['capitals', files(['Train-Images.IDX3-ubyte', 'Train-Labels', 'Test-Images', 'Test-Labels'])],
  ])('%s', async (_, contents) => {
    const { train, test } = await readIdx(await folderWith(contents));
    expect(train).toMatchObject({ height: 2, width: 3, channels: 1, count: 3 });
    expect([...train.images]).toEqual(Array.from({ length: 18 }, (_, i) => i));
    expect([[...train.labels], [...test.labels], test.images[0]]).toEqual([[1, 26, 4], [2], 100]);
  });

  test('of several is told, unless it is said or has MNIST’s own names', async () => {
    const two = { ...family('emnist-letters-', 'test', 50), ...family('emnist-digits-', 'test', 60) };
    const folder = await folderWith(two);
    expect(await dataError(readIdx(folder))).toBe(
      `${folder}: expected one family of IDX files, got emnist-digits, emnist-letters; ` +
        `say which: --data ${join(folder, 'emnist-digits')}`,
    );
    const { train } = await readIdx(join(folder, 'emnist-letters'));
    expect(train.images[0]).toBe(50);
    const own = await folderWith({ ...two, ...family('', 't10k') });
    expect((await readIdx(own)).train.images[0]).toBe(0);
  });

  test('is a place', async () => {
    const folder = await folderWith(family('emnist-letters-'));
    const places = [folder, join(folder, 'emnist-letters'), join(folder, 'emnist'), join(folder, 'no', 'x')];
    expect(await Promise.all(places.map(isIdxPlace))).toEqual([true, true, false, false]);
  });

  test('that lacks a file', async () => {
    const { 'q-test-labels-idx1-ubyte': _, ...others } = family('q-');
    const folder = await folderWith(others);
    expect(await dataError(readIdx(folder))).toContain(
      `${join(folder, 'q-test-labels-idx1-ubyte')}: expected this file`,
    );
    expect(await dataError(readIdx(join(folder, 'r')))).toContain('got nothing of that name');
  });
});

test('images that are held column by column', async () => {
  const folder = await folderWith(family(''));
  const { train, test } = await readIdx(folder, { transpose: true });
  expect([train.height, train.width]).toEqual([3, 2]);
  expect([...train.images.subarray(0, 6)]).toEqual([0, 3, 1, 4, 2, 5]);
  expect([...train.images.subarray(12)]).toEqual([12, 15, 13, 16, 14, 17]);
  expect(test).toEqual(await readIdxTest(folder, { transpose: true }));
});

describe('images in colour', () => {
  const colour = (count: number, sizes: number[]) =>
    idx(
      0x804,
      [count, ...sizes],
      Array.from({ length: count * sizes.reduce((a, b) => a * b) }, (_, i) => i),
    );

  test('keep their channels, also transposed', async () => {
    const contents = {
      ...family(''),
      'train-images-idx3-ubyte': colour(3, [1, 2, 3]),
      'test-images-idx3-ubyte': colour(1, [1, 2, 3]),
    };
    const folder = await folderWith(contents);
    const { train } = await readIdx(folder);
    expect(train).toMatchObject({ height: 1, width: 2, channels: 3, count: 3 });
    expect([...train.images]).toEqual(Array.from({ length: 18 }, (_, i) => i));
    const turned = await readIdx(folder, { transpose: true });
    expect(turned.train).toMatchObject({ height: 2, width: 1, channels: 3 });
    expect([...turned.train.images]).toEqual([...train.images]);
  });

  test('must be so in both parts, and have few channels', async () => {
    const mixed = await folderWith({ ...family(''), 'train-images-idx3-ubyte': colour(3, [2, 3, 3]) });
    expect(await dataError(readIdx(mixed))).toContain(
      'expected images of 2 x 3 x 3 pixels as in the training set, got 2 x 3 x 1',
    );
    const planes = await folderWith({ ...family(''), 'train-images-idx3-ubyte': colour(3, [3, 8, 8]) });
    expect(await dataError(readIdx(planes))).toContain('expected 1 to 4 channels, got 8');
  });
});

describe('elements that are no bytes', () => {
  const integers = (rows: number[][]) => {
    const bytes = Buffer.alloc(4 * rows.flat().length);
    for (const [i, value] of rows.flat().entries()) bytes.writeInt32BE(value, 4 * i);
    return idx(0xc02, [rows.length, rows[0]!.length], bytes);
  };
  const qmnist = (rows: number[][]) => {
    const { 'q-train-labels-idx1-ubyte': _, ...others } = family('q-');
    return { ...others, 'q-train-labels-idx2-int': integers(rows) };
  };

  test('QMNIST’s labels: the class is the first integer of a row', async () => {
    const folder = await folderWith(
      qmnist([
        [5, 0, 7],
        [0, 1, 8],
        [9, 2, 9],
      ]),
    );
    expect([...(await readIdx(folder)).train.labels]).toEqual([5, 0, 9]);
  });

  test('a class that is no byte', async () => {
    const folder = await folderWith(qmnist([[5], [300], [-1]]));
    expect(await dataError(readIdx(folder))).toContain('expected labels from 0 to 255, got 300');
  });

  test.each([
    [0xd03, 'float32 in 3 dimensions'],
    [0xb03, '16-bit integers in 3 dimensions'],
    [0x902, 'signed bytes in 2 dimensions'],
  ])('other images are refused by name: %i', async (magic, what) => {
    const folder = await folderWith({ ...family(''), 'train-images-idx3-ubyte': idx(magic, [3, 2, 3], []) });
    expect(await dataError(readIdx(folder))).toContain(` of IDX ${what}; write them as bytes, 0 to 255`);
  });
});
