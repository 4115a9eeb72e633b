import { mkdir, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { loadIdxFolder } from '#lockstep/data/formats/idx.js';
import {
  dataError,
  idx,
  idxImages,
  idxLabels,
  smallIdxSet,
  temporaryFolder,
  writeFiles,
  wrongChecksum,
} from '../support/data-files.ts';

const damaged = 'the file is damaged or was not downloaded to its end: fetch it again';

/** A folder with the small set, in which some files are replaced. `.gz` compresses all of them. */
async function folderWith(changes: Record<string, Buffer>, ending: '' | '.gz' = ''): Promise<string> {
  const folder = await temporaryFolder();
  const files = Object.entries({ ...smallIdxSet(), ...changes });
  await writeFiles(folder, Object.fromEntries(files.map(([name, bytes]) => [name + ending, bytes])));
  return folder;
}

describe('a folder that is sound', () => {
  const dotted = (name: string) => name.replace('-idx', '.idx');
  const mixed = (name: string) => (name.includes('labels') ? `${name}.gz` : name);
  test.each<[string, (name: string) => string]>([
    ['raw', (name) => name],
    ['gz', (name) => `${name}.gz`],
    ['raw with a dot', dotted],
    ['gz with a dot', (name) => `${dotted(name)}.gz`],
    ['raw images and gz labels', mixed],
  ])('%s', async (_, rename) => {
    const folder = await temporaryFolder();
    const files = Object.entries(smallIdxSet());
    await writeFiles(folder, Object.fromEntries(files.map(([name, bytes]) => [rename(name), bytes])));
    const dataset = await loadIdxFolder(folder);
    expect(dataset).toEqual({
      name: folder,
      features: { kind: 'bytes', shape: [2, 3, 1] },
      targets: { kind: 'classes', count: 8 },
      train: {
        count: 3,
        features: Uint8Array.from({ length: 18 }, (_, i) => i),
        targets: Uint8Array.of(1, 0, 4),
      },
      test: {
        count: 2,
        features: Uint8Array.from({ length: 12 }, (_, i) => 100 + i),
        targets: Uint8Array.of(7, 2),
      },
    });
    for (const { features, targets } of [dataset.train, dataset.test]) {
      expect(features.buffer).toBeInstanceOf(SharedArrayBuffer);
      expect(targets.buffer).toBeInstanceOf(SharedArrayBuffer);
    }
  });

  test('gzip without the ending, and the ending without gzip', async () => {
    const small = smallIdxSet();
    const { 't10k-images-idx3-ubyte': plain, ...others } = small;
    const folder = await temporaryFolder();
    await writeFiles(folder, {
      ...others,
      'train-images-idx3-ubyte': gzipSync(small['train-images-idx3-ubyte']!),
    });
    await writeFile(join(folder, 't10k-images-idx3-ubyte.gz'), plain!);
    const { train, test } = await loadIdxFolder(folder);
    expect([train.features[17], test.features[11]]).toEqual([17, 111]);
  });

  test('folders with the names of files are passed over', async () => {
    const small = smallIdxSet();
    const { 'train-images-idx3-ubyte': images, ...others } = small;
    const folder = await temporaryFolder();
    await writeFiles(folder, { ...others, 'train-images.idx3-ubyte': images! });
    await mkdir(join(folder, 'train-images-idx3-ubyte'));
    expect((await loadIdxFolder(folder)).train.count).toBe(3);
  });

  test('256 classes', async () => {
    const folder = await folderWith({ 'train-labels-idx1-ubyte': idxLabels([1, 255, 4]) });
    expect((await loadIdxFolder(folder)).targets).toEqual({ kind: 'classes', count: 256 });
  });

  test.each(['', '.gz'] as const)('more than one chunk of bytes%s', async (ending) => {
    const images = idxImages(1001, 31, 37);
    const labels = Array.from({ length: 1001 }, (_, i) => i % 10);
    const folder = await folderWith(
      {
        'train-images-idx3-ubyte': images,
        'train-labels-idx1-ubyte': idxLabels(labels),
        't10k-images-idx3-ubyte': idxImages(2, 31, 37),
      },
      ending,
    );
    const { train } = await loadIdxFolder(folder);
    expect(Buffer.from(train.features as Uint8Array).equals(images.subarray(16))).toBe(true);
    expect([...train.targets]).toEqual(labels);
  });
});

describe.each(['', '.gz'] as const)('a file%s that is wrong', (ending) => {
  const name = 'train-images-idx3-ubyte';
  test.each<[what: string, name: string, bytes: Buffer, complaint: string]>([
    [
      'labels for images',
      name,
      idxLabels([1, 2, 3]),
      'expected magic number 0x00000803 of IDX images, got 0x00000801 of IDX labels',
    ],
    [
      'images for labels',
      't10k-labels-idx1-ubyte',
      idxImages(2, 2, 3),
      'expected magic number 0x00000801 of IDX labels, got 0x00000803 of IDX images',
    ],
    [
      'something else',
      name,
      Buffer.from('<html>404</html>'),
      'expected magic number 0x00000803 of IDX images, got 0x3c68746d',
    ],
    ['no byte', name, Buffer.alloc(0), `expected a header of 16 bytes, got 0 bytes; ${damaged}`],
    [
      'half a header',
      name,
      idxImages(3, 2, 3).subarray(0, 10),
      `expected a header of 16 bytes, got 10 bytes; ${damaged}`,
    ],
    [
      'half a header',
      't10k-labels-idx1-ubyte',
      idxLabels([]).subarray(0, 7),
      `expected a header of 8 bytes, got 7 bytes; ${damaged}`,
    ],
    ['no images', name, idxImages(0, 2, 3), 'expected at least 1 sample, got 0'],
    ['no labels', 'train-labels-idx1-ubyte', idxLabels([]), 'expected at least 1 sample, got 0'],
    [
      'images without height',
      name,
      idxImages(3, 0, 3),
      'expected images of at least 1 x 1 pixels, got 0 x 3',
    ],
    ['images without width', name, idxImages(3, 2, 0), 'expected images of at least 1 x 1 pixels, got 2 x 0'],
    [
      'too few pixels',
      name,
      idxImages(3, 2, 3).subarray(0, -1),
      `expected 34 bytes for 3 images of 2 x 3 pixels, got 33; ${damaged}`,
    ],
    [
      'too few labels',
      't10k-labels-idx1-ubyte',
      idxLabels([7, 2]).subarray(0, -1),
      `expected 10 bytes for 2 labels, got 9; ${damaged}`,
    ],
    [
      'too many pixels',
      name,
      Buffer.concat([idxImages(3, 2, 3), Buffer.of(0, 0)]),
      `expected 34 bytes for 3 images of 2 x 3 pixels, got ${ending ? 'more' : '36'}; ${damaged}`,
    ],
    [
      'too many labels',
      'train-labels-idx1-ubyte',
      Buffer.concat([idxLabels([1, 0, 4]), Buffer.of(0)]),
      `expected 11 bytes for 3 labels, got ${ending ? 'more' : '12'}; ${damaged}`,
    ],
    [
      'fewer labels than images',
      'train-labels-idx1-ubyte',
      idxLabels([1, 0]),
      `expected 3 labels, one for each image of train-images-idx3-ubyte${ending}, got 2`,
    ],
    [
      'more labels than images',
      't10k-labels-idx1-ubyte',
      idxLabels([7, 2, 2]),
      `expected 2 labels, one for each image of t10k-images-idx3-ubyte${ending}, got 3`,
    ],
    [
      'test images of another size',
      't10k-images-idx3-ubyte',
      idxImages(2, 3, 2),
      'expected images of 2 x 3 pixels as in the training set, got 3 x 2',
    ],
  ])('%s in %s', async (_, name, bytes, complaint) => {
    const folder = await folderWith({ [name]: bytes }, ending);
    expect(await dataError(loadIdxFolder(folder))).toBe(`${join(folder, name + ending)}: ${complaint}`);
  });
});

describe('a header that promises too much', () => {
  afterEach(() => {
    vi.unstubAllGlobals();
  });

  test('raw: found before memory is taken', async () => {
    const folder = await folderWith({
      'train-images-idx3-ubyte': idx(0x803, [1_000_000, 20_000, 20_000], [1, 2, 3]),
    });
    expect(await dataError(loadIdxFolder(folder))).toBe(
      `${join(folder, 'train-images-idx3-ubyte')}: expected 400000000000016 bytes ` +
        `for 1000000 images of 20000 x 20000 pixels, got 19; ${damaged}`,
    );
  });

  test('gz: more than deflate can hold in so few bytes', async () => {
    const promise = idx(0x803, [1000, 28, 28], []);
    const stored = gzipSync(promise).length;
    const folder = await folderWith({ 'train-images-idx3-ubyte': promise }, '.gz');
    expect(await dataError(loadIdxFolder(folder))).toBe(
      `${join(folder, 'train-images-idx3-ubyte.gz')}: expected at least 760 bytes of gzip ` +
        `for 1000 images of 28 x 28 pixels, got ${stored}; ${damaged}`,
    );
  });

  test('gz: what compresses best is not refused', async () => {
    const folder = await folderWith(
      {
        'train-images-idx3-ubyte': idx(0x803, [2, 4000, 4000], new Uint8Array(32e6)),
        'train-labels-idx1-ubyte': idxLabels([0, 1]),
        't10k-images-idx3-ubyte': idx(0x803, [2, 4000, 4000], new Uint8Array(32e6)),
      },
      '.gz',
    );
    expect((await loadIdxFolder(folder)).train.count).toBe(2);
  });

  test('more than the memory', async () => {
    vi.stubGlobal(
      'SharedArrayBuffer',
      class {
        constructor() {
          throw new RangeError('Array buffer allocation failed');
        }
      },
    );
    const folder = await folderWith({});
    expect(await dataError(loadIdxFolder(folder))).toBe(
      `${join(folder, 'train-images-idx3-ubyte')}: expected images that fit into memory, ` +
        'got 3 images of 2 x 3 pixels',
    );
  });
});

describe('gzip that does not unpack', () => {
  const sound = gzipSync(idxImages(3, 2, 3));
  test.each<[string, Buffer, string]>([
    ['cut off', sound.subarray(0, -9), 'unexpected end of file'],
    ['cut off in its header', sound.subarray(0, 5), 'unexpected end of file'],
    ['wrong checksum', wrongChecksum(sound), 'incorrect data check'],
    ['nothing but the first two bytes', Buffer.from([0x1f, 0x8b, 1, 2, 3, 4]), 'unknown compression method'],
  ])('%s', async (_, bytes, message) => {
    const folder = await folderWith({}, '.gz');
    const file = join(folder, 'train-images-idx3-ubyte.gz');
    await writeFile(file, bytes);
    expect(await dataError(loadIdxFolder(folder))).toBe(
      `${file}: expected a sound gzip file, got "${message}"; ${damaged}`,
    );
  });
});

describe('what is not there', () => {
  const accepted = '--data takes a folder of IDX files, or a CSV file';

  test.each(Object.keys(smallIdxSet()))('%s', async (name) => {
    const folder = await folderWith({});
    await rm(join(folder, name));
    const dotted = name.replace('-idx', '.idx');
    expect(await dataError(loadIdxFolder(folder))).toBe(
      `${join(folder, name)}: expected this file, ${name}.gz, ${dotted} or ${dotted}.gz, got none of them; ` +
        'the folder must hold images and labels of both train and t10k',
    );
  });

  test('the folder', async () => {
    const folder = join(await temporaryFolder(), 'nowhere');
    expect(await dataError(loadIdxFolder(folder))).toBe(
      `${folder}: expected a folder with the four MNIST files, got nothing of that name; ${accepted}`,
    );
  });

  test('a file for a folder, and a path through a file', async () => {
    const file = join(await temporaryFolder(), 'file');
    await writeFile(file, '');
    expect(await dataError(loadIdxFolder(file))).toBe(
      `${file}: expected a folder with the four MNIST files, got a file; ${accepted}`,
    );
    expect(await dataError(loadIdxFolder(join(file, 'x')))).toBe(
      `${join(file, 'x')}: expected a folder with the four MNIST files, got nothing of that name; ` +
        `${accepted}`,
    );
  });

  // On Windows, making links needs a privilege.
  test.skipIf(process.platform === 'win32')('a file that cannot be opened', async () => {
    const folder = await temporaryFolder();
    const file = join(folder, 'train-images-idx3-ubyte');
    await symlink(file, file);
    expect(await dataError(loadIdxFolder(folder))).toBe(`${file}: expected a readable file, got ELOOP`);
  });
});
