// Arrays of NumPy: single ones, compared with NumPy (test/vectors/npy.py), several in a zip, and their names.
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { readArrays } from '#lockstep/data/formats/arrays.js';
import { parseNpy } from '#lockstep/data/formats/npy.js';
import { openArrays } from '#lockstep/data/formats/npz.js';
import { openDataset } from '#lockstep/data/open-dataset.js';
import { dataError, temporaryFolder } from '../support/data-files.ts';
import { readVectors } from '../support/vectors.ts';
import { npy, zip } from '../support/zip-files.ts';

const golden = readVectors<{
  arrays: { what: string; file: string; dtype: string; shape: number[]; values: string[] }[];
  versions: string[];
  refused: Record<string, string>;
  npz: string;
  'compressed npz': string;
  'unnamed npz': string;
}>('npy');
const fromBase64 = (text: string) => Buffer.from(text, 'base64');

/** Python's text of a float. */
const float = (text: string) => Number(text.replace('inf', 'Infinity'));

async function npyError(bytes: Uint8Array): Promise<string> {
  return dataError((async () => parseNpy(bytes, 'a.npy'))());
}

describe('an array', () => {
  test.each(golden.arrays)('$what', ({ file, dtype, shape, values }) => {
    const array = parseNpy(fromBase64(file), 'a.npy');
    expect(array.dtype).toBe(dtype);
    expect(array.shape).toEqual(shape);
    expect([...array.values]).toEqual(values.map(float));
  });

  test.each([0, 1, 2])('version %# of the format', (index) => {
    const { values } = parseNpy(fromBase64(golden.versions[index]!), 'a.npy');
    expect([...values]).toEqual(Array.from({ length: 12 }, (_, i) => i));
  });

  test.each([
    ['objects', 'got objects (a pickle, which is never opened); np.save'],
    ['text', 'got text; number the classes'],
    ['bytes', 'got text; number the classes'],
    ['complex', 'got complex numbers'],
    ['records', 'got records with fields'],
    ['times', 'got times'],
    ['long double', 'got elements of type "<f16"'],
    ['too large', 'expected integers up to 2^53, got 1152921504606846977'],
  ])('%s are refused by name', async (what, complaint) => {
    expect(await npyError(fromBase64(golden.refused[what]!))).toContain(complaint);
  });

  test('that is cut off, or longer than its header says', async () => {
    const whole = npy('<f4', '(2, 2)', Buffer.alloc(16));
    expect(await npyError(whole.subarray(0, -1))).toContain(
      'expected 16 bytes for float32 of shape (2, 2), got 15',
    );
    expect(await npyError(Buffer.concat([whole, Buffer.of(0)]))).toContain('got 17');
    for (let length = 0; length < whole.length; length++) await npyError(whole.subarray(0, length));
  });

  test('whose header promises more than there can be', async () => {
    const promise = npy('<f8', '(99999999999, 99999999999)', Buffer.alloc(8));
    expect(await npyError(promise)).toContain('for float64 of shape (99999999999, 99999999999), got 8');
  });

  test('with strange headers', async () => {
    expect(await npyError(npy('<f8', '(2, -1)', Buffer.alloc(16)))).toContain('expected a shape');
    expect(await npyError(npy('<f8', `(${'1, '.repeat(9)})`, Buffer.alloc(8)))).toContain('got 9');
    const long = Buffer.alloc(20);
    long.write('\x93NUMPY\x02\x00', 'latin1');
    long.writeUInt32LE(4_000_000_000, 8);
    expect(await npyError(long)).toContain('expected a header of at most 65536 bytes');
  });
});

describe('an npz', () => {
  test.each(['npz', 'compressed npz'] as const)('%s of NumPy', async (kind) => {
    const file = join(await temporaryFolder(), 'a.npz');
    await writeFile(file, fromBase64(golden[kind]));
    const { train, test: testing, unused } = await readArrays(file, { targets: 'needed' });
    expect(train.features).toMatchObject({ name: 'x_train', shape: [3, 4], dtype: 'uint8' });
    expect([...train.features.values]).toEqual(Array.from({ length: 12 }, (_, i) => i));
    expect([...train.targets!.values]).toEqual([2, 0, 1]);
    expect([testing, unused]).toEqual([undefined, []]);
  });

  test('of arrays without names', async () => {
    const file = join(await temporaryFolder(), 'a.npz');
    await writeFile(file, fromBase64(golden['unnamed npz']));
    const { train } = await readArrays(file, { targets: 'needed' });
    expect([train.features.name, train.targets!.name]).toEqual(['arr_0', 'arr_1']);
  });

  const four = { 'x.npy': npy('|u1', '(4,)', Buffer.of(1, 2, 3, 4)) };
  const two = zip({ ...four, 'y.npy': npy('|u1', '(4,)', Buffer.of(5, 6, 7, 8)) });
  const twice = Buffer.from(two.toString('latin1').replaceAll('y.npy', 'x.npy'), 'latin1');
  const overlapping = Buffer.from(two);
  // The directory's second file begins a byte after the first.
  overlapping.writeUInt32LE(1, two.lastIndexOf('PK\x01\x02') + 42);
  const beyond = Buffer.from(two);
  beyond.writeUInt32LE(two.length - 80, two.lastIndexOf('PK\x01\x02') + 42);
  const cases: [what: string, bytes: Buffer, complaint: string][] = [
    ['with a file in the directory', beyond, 'expected files before their directory, got "y.npy" beyond it'],
    ['with a name twice', twice, 'expected files with names of their own, got two called "x.npy"'],
    ['with one file within another', overlapping, 'expected files one after the other, got "y.npy" within'],
    ['with a wrong checksum', zip(four, { crc: 7 }), 'expected contents that fit their checksum'],
    [
      'with a bomb',
      zip(four, { bytes: 4_000_000_000 }),
      'expected sizes that can be true, got 4000000000 bytes in',
    ],
    ['with more than it says', zip(four, { bytes: 50 }), 'a.npz, x.npy: expected 50 bytes of deflated data'],
    ['with less than it says', zip(four, { bytes: 1000 }), 'a.npz, x.npy: expected 1000 bytes, got'],
    ['with a password', zip(four, { flags: 1 }), 'expected a file without a password'],
    ['packed in another way', zip(four, { method: 12 }), 'expected a file that is stored or deflated'],
    ['cut off', zip(four).subarray(0, -30), 'expected a zip file with its directory at the end'],
    ['empty', zip({}), 'got a zip archive'],
    ['of other things', zip({ 'a.txt': Buffer.from('hello') }), 'got a zip archive'],
  ];
  test.each(cases)('%s', async (_, bytes, complaint) => {
    const file = join(await temporaryFolder(), 'a.npz');
    await writeFile(file, bytes);
    const reading = openArrays(file).then(({ read, names }) => read(names[0]!));
    expect(await dataError(reading)).toContain(complaint);
  });

  test('spoilt at any byte, it is read or refused, but nothing else', async () => {
    const sound = zip(four);
    const file = join(await temporaryFolder(), 'a.npz');
    for (let at = 0; at < sound.length; at++) {
      const spoilt = Buffer.from(sound);
      spoilt[at]! ^= 0xff;
      await writeFile(file, spoilt);
      const read = await openArrays(file)
        .then(async ({ read, names }) => [...(await read(names[0]!)).values])
        .catch((error: Error) => error.name);
      expect(['1,2,3,4', 'LockstepError']).toContain(String(read));
    }
  });

  test('that does not fit into memory', async () => {
    const file = join(await temporaryFolder(), 'a.npz');
    await writeFile(file, zip({ 'x.npy': npy('|u1', '(100000,)', Buffer.alloc(100_000)) }));
    const complaint = await dataError(openArrays(file, 100_000));
    expect(complaint).toMatch(
      /expected arrays that fit into 97.7 KiB of free memory, got arrays that need 20\d{4} bytes/,
    );
    expect(await dataError(openArrays(file, 10))).toContain('free memory');
  });
});

describe('names of arrays', () => {
  const two = npy('|u1', '(2, 1)', Buffer.of(1, 2));
  const write = async (names: string[]) => {
    const file = join(await temporaryFolder(), 'a.npz');
    await writeFile(file, zip(Object.fromEntries(names.map((name) => [`${name}.npy`, two]))));
    return file;
  };

  test.each([
    [['X', 'y'], 'X y'],
    [['x', 'y'], 'x y'],
    [['images', 'labels'], 'images labels'],
    [['data', 'target'], 'data target'],
    [['X_train', 'y_train', 'X_test', 'y_test'], 'X_train y_train X_test y_test'],
    [
      ['test_labels', 'test_images', 'train_labels', 'train_images'],
      'train_images train_labels test_images test_labels',
    ],
    [['trainX', 'trainY'], 'trainX trainY'],
  ])('%j', async (names, expected) => {
    const { train, test: testing } = await readArrays(await write(names), { targets: 'needed' });
    const found = [train, testing].flatMap((part) => (part ? [part.features.name, part.targets!.name] : []));
    expect(found.join(' ')).toBe(expected);
  });

  test('what is not used is told', async () => {
    const names = ['train_images', 'train_labels', 'val_images', 'val_labels'];
    const { unused } = await readArrays(await write(names), { targets: 'needed' });
    expect(unused).toEqual(['val_images', 'val_labels']);
  });

  test('targets may be missing only where they are not needed', async () => {
    const file = await write(['x_train', 'y_trian', 'z']);
    expect(await dataError(readArrays(file, { targets: 'needed' }))).toBe(
      `${file}: expected arrays of targets beside x_train, such as y_train, got only x_train, y_trian, z`,
    );
    const { train } = await readArrays(file, { targets: 'optional' });
    expect(train.targets).toBeUndefined();
    expect(await dataError(readArrays(await write(['a', 'b']), { targets: 'optional' }))).toContain(
      'got only a, b',
    );
    const halfTest = await write(['x_train', 'y_train', 'x_test']);
    expect(await dataError(readArrays(halfTest, { targets: 'needed' }))).toContain(
      'beside x_test, such as y_test',
    );
  });

  test('test samples alone can be predicted', async () => {
    const { train, test: testing } = await readArrays(await write(['x_test']), { targets: 'optional' });
    expect([train.features.name, testing]).toEqual(['x_test', undefined]);
  });

  test('rows that do not fit together', async () => {
    const file = join(await temporaryFolder(), 'a.npz');
    await writeFile(file, zip({ 'X.npy': two, 'y.npy': npy('|u1', '(3,)', Buffer.of(1, 2, 3)) }));
    expect(await dataError(readArrays(file, { targets: 'needed' }))).toBe(
      `${file}, y: expected 2 targets, one for each row of X, got shape (3)`,
    );
    await writeFile(file, zip({ 'X.npy': npy('|u1', '()', Buffer.of(1)) }));
    expect(await dataError(readArrays(file, { targets: 'optional' }))).toContain(
      'at least one row, got shape ()',
    );
  });

  test('a folder of .npy files, and a single one', async () => {
    const folder = await temporaryFolder();
    await mkdir(join(folder, 'more'));
    await writeFile(join(folder, 'X_train.npy'), two);
    await writeFile(join(folder, 'y_train.npy'), two);
    const { train } = await readArrays(folder, { targets: 'needed' });
    expect([train.features.where, train.targets!.where]).toEqual([
      join(folder, 'X_train.npy'),
      join(folder, 'y_train.npy'),
    ]);
    const alone = await readArrays(join(folder, 'X_train.npy'), { targets: 'optional' });
    expect([...alone.train.features.values]).toEqual([1, 2]);
  });
});

describe('numbers that cannot be read are told with array, row and column', () => {
  const opened = async (features: Buffer, format = {}) => {
    const file = join(await temporaryFolder(), 'a.npz');
    const y = npy('|u1', '(30,)', Buffer.from(Array.from({ length: 30 }, (_, i) => i % 2)));
    await writeFile(file, zip({ 'X.npy': features, 'y.npy': y }));
    return { file, data: openDataset(file, format) };
  };
  const floats = (shape: string, count: number, odd: number, at: number) => {
    const values = Float64Array.from({ length: count }, (_, i) => (i === at ? odd : (i % 10) / 10));
    return npy('<f8', shape, Buffer.from(values.buffer));
  };

  test('a NaN in a table, unless something stands for it', async () => {
    const table = floats('(30, 4)', 120, Number.NaN, 4 * 14 + 2);
    const { file, data } = await opened(table);
    expect(await dataError(data)).toBe(
      `${file}, X, row 15, column 3: expected a number, got NaN; say what stands for it: data.missing: mean`,
    );
    const filled = await (await opened(table, { missing: 'mean' })).data;
    expect(filled.train.count + filled.test.count).toBe(30);
  });

  test('a pixel below 0', async () => {
    const { file, data } = await opened(floats('(30, 2, 2)', 120, -0.5, 4 * 14 + 2));
    expect(await dataError(data)).toBe(
      `${file}, X: expected pixels of 0 to 1, got -0.5 in picture 15; ` +
        'scale them to 0 to 1, or save them as (count, columns): a table of any numbers',
    );
  });
});
