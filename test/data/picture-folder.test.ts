// Folders of pictures that the tests draw: what is read, what is told, what is refused.

import { readFileSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { encode } from 'fast-png';
import { describe, expect, test } from 'vitest';
import { loadPictureFolder, loadPictureTest } from '#lockstep/data/formats/picture-folder.js';
import { holdsPictures } from '#lockstep/data/formats/picture-listing.js';
import { dataError, temporaryFolder } from '../support/data-files.ts';

const jpegs = JSON.parse(readFileSync(new URL('../vectors/jpeg.json', import.meta.url), 'utf8'));
const jpeg = (name: string) => Buffer.from(jpegs[name].file, 'base64');

/** A picture of 2 x 3 pixels (height x width) whose levels count up from `first`. */
const grey = (first: number, height = 2, width = 3) =>
  Buffer.from(
    encode({
      width,
      height,
      channels: 1,
      data: Uint8Array.from({ length: height * width }, (_, i) => first + i),
    }),
  );
const colour = (...rgb: number[]) =>
  Buffer.from(encode({ width: 1, height: rgb.length / 3, channels: 3, data: Uint8Array.from(rgb) }));

async function folder(files: Record<string, Buffer | string>): Promise<string> {
  const root = await temporaryFolder();
  for (const [path, bytes] of Object.entries(files)) {
    await mkdir(dirname(join(root, path)), { recursive: true });
    if (path.endsWith('/')) await mkdir(join(root, path), { recursive: true });
    else await writeFile(join(root, path), bytes);
  }
  return root;
}

describe('what is read', () => {
  test('folders of classes: names, labels, pixels and order', async () => {
    const root = await folder({
      'dog/b.png': grey(10),
      'cat/2.png': grey(30),
      'cat/10.PNG': grey(20),
      'dog/a.png': grey(0),
    });
    const { shape, classes, train, test, notes } = await loadPictureFolder(root);
    expect(shape).toEqual([2, 3, 1]);
    expect(classes).toEqual(['cat', 'dog']);
    expect(train.files).toEqual(['cat/10.PNG', 'cat/2.png', 'dog/a.png', 'dog/b.png']);
    expect([...train.labels]).toEqual([0, 0, 1, 1]);
    const firsts = [20, 30, 0, 10];
    expect([...train.features]).toEqual(firsts.flatMap((first) => [0, 1, 2, 3, 4, 5].map((i) => first + i)));
    expect(train.features.buffer).toBeInstanceOf(SharedArrayBuffer);
    expect(test).toBeUndefined();
    expect(notes).toEqual([]);
  });

  test('letters with accents are the same letters, composed or not', async () => {
    const [composed, apart] = ['é-café'.normalize('NFC'), 'é-café'.normalize('NFD')];
    const root = await folder({
      [`train/${composed}/1.png`]: grey(0),
      'train/z/1.png': grey(10),
      'train/f/1.png': grey(20),
      [`test/${apart}/1.png`]: grey(30),
      'test/z/1.png': grey(40),
    });
    const { classes, test } = await loadPictureFolder(root);
    expect(classes).toEqual(['f', 'z', composed]);
    expect([...test!.labels].sort()).toEqual([1, 2]);
    // Decomposed, the letter would sort before f.
    expect(test!.files).toEqual(['test/z/1.png', `test/${apart}/1.png`]);
    for (const known of [composed, apart]) {
      const { samples } = await loadPictureTest(root, { classes: [known, 'z'] });
      expect([...samples.labels]).toEqual([1, 0]);
    }
  });

  test.each([
    ['train', 'test', []],
    ['Training', 'TESTING', []],
    ['train', 'val', ['val/ is taken as the test set']],
  ])('%s and %s above', async (training, testing, notes) => {
    const root = await folder({
      [`${training}/b/1.png`]: grey(1),
      [`${training}/a/1.png`]: grey(2),
      [`${testing}/a/1.png`]: grey(3),
      [`${testing}/c/1.png`]: grey(4),
    });
    const found = await loadPictureFolder(root);
    expect(found.classes).toEqual(['a', 'b', 'c']);
    expect([...found.train.labels]).toEqual([0, 1]);
    expect([...found.test!.labels]).toEqual([0, 2]);
    expect(found.test!.features[0]).toBe(3);
    expect(found.notes).toEqual(notes);
  });

  test('three parts: validation pictures are left out, which is told', async () => {
    const root = await folder({
      'train/a/1.png': grey(1),
      'train/b/1.png': grey(1),
      'test/a/1.png': grey(7),
      'valid/a/1.png': grey(9),
      'extra/a/1.png': grey(9),
    });
    const { test, notes } = await loadPictureFolder(root);
    expect(test!.features[0]).toBe(7);
    expect(notes).toEqual([
      'valid/ is left out: validation pictures are taken from train/',
      'extra/ is left out: it is neither train nor test',
    ]);
  });

  test('a class named train, whose pictures lie in it, is a class', async () => {
    const root = await folder({ 'train/1.png': grey(1), 'bus/1.png': grey(2) });
    expect((await loadPictureFolder(root)).classes).toEqual(['bus', 'train']);
  });

  test('names that are numbers are sorted by number; files by code unit', async () => {
    const root = await folder({ '10/1.png': grey(1), '9/1.png': grey(2), '100/1.png': grey(3) });
    const { classes, train } = await loadPictureFolder(root);
    expect(classes).toEqual(['9', '10', '100']);
    expect(train.files).toEqual(['10/1.png', '100/1.png', '9/1.png']);
    expect([...train.labels]).toEqual([1, 2, 0]);
  });

  test('colours: one coloured picture makes all of them three channels', async () => {
    const root = await folder({ 'a/1.png': grey(5, 2, 1), 'b/1.png': colour(1, 2, 3, 4, 5, 6) });
    const { shape, train, notes } = await loadPictureFolder(root);
    expect(shape).toEqual([2, 1, 3]);
    expect([...train.features]).toEqual([5, 5, 5, 6, 6, 6, 1, 2, 3, 4, 5, 6]);
    expect(notes).toEqual(['1 of 2 pictures grey: read as colours, like the others']);
  });

  test('colour files that hold greys alone are grey', async () => {
    const root = await folder({ 'a/1.png': colour(7, 7, 7), 'b/1.png': colour(9, 9, 9) });
    const { shape, train, notes } = await loadPictureFolder(root);
    expect(shape).toEqual([1, 1, 1]);
    expect([...train.features]).toEqual([7, 9]);
    expect(notes).toEqual(['all 2 pictures have room for colours and hold greys: read as grey']);
  });

  test('JPEG and PNG side by side, turned upright', async () => {
    const root = await folder({ 'a/1.jpg': jpeg('orientation 6'), 'b/1.jpeg': jpeg('orientation 8') });
    const { shape, notes } = await loadPictureFolder(root);
    expect(shape).toEqual([21, 13, 3]);
    expect(notes).toEqual(['all 2 pictures turned upright, as EXIF says']);
  });

  test('16 bits are scaled, transparent pixels laid over white', async () => {
    const deep = encode({ width: 1, height: 1, channels: 1, depth: 16, data: Uint16Array.of(0x1234) });
    const clear = encode({ width: 1, height: 1, channels: 2, data: Uint8Array.of(100, 51) });
    const root = await folder({ 'a/1.png': Buffer.from(deep), 'b/1.png': Buffer.from(clear) });
    const { train, notes } = await loadPictureFolder(root);
    expect([...train.features]).toEqual([0x12, 255 - 31]);
    expect(notes).toEqual([
      '1 of 2 pictures of 16 bits: 0-65535 scaled to 0-255',
      '1 of 2 pictures transparent: laid over white',
    ]);
  });

  test('another size is given to all', async () => {
    const root = await folder({ 'a/1.png': grey(0, 2, 2), 'b/1.png': grey(0, 4, 4) });
    const { shape, train, notes } = await loadPictureFolder(root, { size: { height: 2, width: 2 } });
    expect(shape).toEqual([2, 2, 1]);
    expect([...train.features]).toEqual([0, 1, 2, 3, 3, 5, 11, 13]);
    expect(notes).toEqual(['1 of 2 pictures resized to 2 x 2, from 4 x 4']);
  });

  test('for a network that knows its classes: its order, its channels', async () => {
    const root = await folder({
      'train/a/1.png': grey(1),
      'train/b/1.png': grey(1),
      'test/b/1.png': grey(50),
    });
    const { samples, shape } = await loadPictureTest(root, { classes: ['z', 'b', 'a'], channels: 3 });
    expect([...samples.labels]).toEqual([1]);
    expect(shape).toEqual([2, 3, 3]);
    expect(await dataError(loadPictureTest(root, { classes: ['a', 'c'] }))).toBe(
      `${join(root, 'test/b/1.png')}: expected a class that the network knows: a, c, got b`,
    );
  });

  test('more classes than a byte has numbers; progress', async () => {
    const names = Array.from({ length: 300 }, (_, i) => [
      `c${String(i).padStart(3, '0')}/x.png`,
      grey(i % 250),
    ]);
    const seen: string[] = [];
    const progress = (done: number, all: number) => seen.push(`${done} of ${all}`);
    const { train, classes } = await loadPictureFolder(await folder(Object.fromEntries(names)), { progress });
    expect(classes).toHaveLength(300);
    expect(train.labels).toBeInstanceOf(Uint16Array);
    expect(train.labels[299]).toBe(299);
    expect(seen.at(-1)).toBe('300 of 300');
    expect(seen.length).toBeGreaterThan(5);
  });
});

describe('what else lies there is told', () => {
  test('stray files, hidden things, empty classes, pictures without a class', async () => {
    const root = await folder({
      'a/1.png': grey(1),
      'a/Thumbs.db': 'x',
      'a/.DS_Store': 'x',
      'a/._1.png': 'x',
      'b/1.png': grey(2),
      'b/readme.txt': 'x',
      'c/': '',
      '.ipynb_checkpoints/1.png': grey(3),
      'loose.png': grey(4),
    });
    const { classes, notes } = await loadPictureFolder(root);
    expect(classes).toEqual(['a', 'b']);
    expect(notes).toEqual([
      'left out 1 picture without a class, beside the folders',
      'c/ has no pictures: no class',
      'left out 5 things that are no picture: .ipynb_checkpoints, .DS_Store, ._1.png, ...',
    ]);
  });

  test('test pictures without classes', async () => {
    const root = await folder({ 'train/a/1.png': grey(1), 'train/b/1.png': grey(1), 'test/1.png': grey(3) });
    const { test, notes } = await loadPictureFolder(root);
    expect(test).toBeUndefined();
    expect(notes).toEqual(['test/ has 1 picture without classes: left out']);
  });
});

describe('what is refused, in a line', () => {
  const both = { 'a/1.png': grey(1), 'b/1.png': grey(1) };
  test.each<[string, Record<string, Buffer | string>, (root: string) => string]>([
    [
      'sizes that differ',
      { ...both, 'b/2.png': grey(1, 4, 5) },
      (root) =>
        `${join(root, 'b/2.png')}: expected 2 x 3 pixels (height x width), ` +
        'as a/1.png, got 4 x 5; to resize all, say data.size: 2x3',
    ],
    [
      'one class',
      { 'a/1.png': grey(1) },
      (root) => `${root}: expected folders of two classes or more, got only a`,
    ],
    [
      'no folders',
      { '1.png': grey(1), '2.png': grey(1) },
      (root) =>
        `${root}: expected a folder for each class, with its PNG or JPEG pictures, ` +
        'got 2 pictures, and no folders with pictures',
    ],
    [
      'folders in a class',
      { ...both, 'b/more/2.png': grey(1) },
      (root) =>
        `${join(root, 'b/more')}: expected pictures in a folder for each class, ` +
        'got 1 picture one folder deeper; move them up',
    ],
    [
      'a folder around the classes',
      { 'all/a/1.png': grey(1), 'all/b/1.png': grey(1) },
      (root) =>
        `${join(root, 'all/a')}: expected pictures in a folder for each class, ` +
        `got 1 picture one folder deeper; if its folders are the classes, name ${join(root, 'all')}`,
    ],
    [
      'test pictures alone',
      { 'test/a/1.png': grey(1), 'test/b/1.png': grey(1) },
      (root) => `${root}: expected a folder train beside test, got none; rename test, or name it alone`,
    ],
    [
      'another format',
      { ...both, 'b/2.webp': 'x', 'b/3.gif': 'x' },
      (root) =>
        `${join(root, 'b/2.webp')}: expected a PNG or JPEG image, ` +
        'got another format, and 1 more in b; convert it to PNG',
    ],
    [
      'a damaged picture',
      { ...both, 'b/2.png': grey(1).subarray(0, 50), 'b/3.png': grey(1).subarray(0, 50) },
      (root) => `${join(root, 'b/2.png')}: expected a PNG image, got a damaged one (`,
    ],
    [
      'a truncated JPEG',
      { 'a/1.jpg': jpeg('grey'), 'b/1.jpg': jpeg('grey').subarray(0, -30) },
      (root) =>
        `${join(root, 'b/1.jpg')}: expected a JPEG image, got a damaged one (Premature end of JPEG file)`,
    ],
    [
      'files that only have the name',
      { ...both, 'b/2.png': 'hello', 'b/3.jpg': '' },
      (root) =>
        `${join(root, 'b/2.png')}: expected a PNG or JPEG image, ` +
        'got something else; 1 more of 4 cannot be read',
    ],
  ])('%s', async (_, files, message) => {
    const root = await folder(files);
    const told = await dataError(loadPictureFolder(root));
    expect(told.startsWith(message(root)) ? message(root) : told).toBe(message(root));
    expect(told).not.toContain('\n');
  });
});

test('a folder of pictures is told from others', async () => {
  expect(await holdsPictures(await folder({ 'x/train/a/1.jpg': 'x' }))).toBe(true);
  expect(await holdsPictures(await folder({ '1.png': 'x' }))).toBe(true);
  expect(await holdsPictures(await folder({ 'train-images-idx3-ubyte': 'x', 'a/b.csv': 'x' }))).toBe(false);
});
