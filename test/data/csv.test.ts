import { symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { outputsOf } from '#lockstep/contracts/task.js';
import { testFileBeside } from '#lockstep/data/files-beside.js';
import { loadCsv as load } from '#lockstep/data/formats/csv.js';
import { dataError, temporaryFolder, writeFiles, wrongChecksum } from '../support/data-files.ts';

const endings = ['.csv', '.csv.gz'] as const;

/** Pictures in a file, with the test file that lies beside it, as a data set is opened. */
async function loadCsv(file: string) {
  const testFile = await testFileBeside(file);
  return load(file, testFile === undefined ? {} : { testFile });
}

/** Writes one file into a new folder and returns its path. */
async function fileWith(text: string | Buffer, name = 'digits.csv'): Promise<string> {
  const folder = await temporaryFolder();
  await writeFiles(folder, { [name]: text });
  return join(folder, name);
}

/** A training set and its test set, with images of 4 pixels. */
const pair = { 'a-train.csv': '1,10,11,12,13\n0,0,0,0,255\n', 'a-test.csv': '3,1,2,3,4\n' };

describe('how it may be written', () => {
  const expected = {
    features: { kind: 'bytes', shape: [2, 2, 1] },
    targets: { kind: 'classes', count: 4 },
    train: {
      count: 2,
      features: Uint8Array.of(10, 11, 12, 13, 0, 0, 0, 255),
      targets: Uint8Array.of(1, 0),
    },
    test: { count: 1, features: Uint8Array.of(1, 2, 3, 4), targets: Uint8Array.of(3) },
  };
  const train = pair['a-train.csv'];
  const header = 'label,p0,p1,p2,p3\n';
  test.each<[string, string]>([
    ['plain', train],
    ['with a header', header + train],
    ['with a header that has no name for the label', `,p0,p1,p2,p3\n${train}`],
    ['with a quoted header and a comma in it', `"label, 0-9","p0","p1","p2","p3"\n${train}`],
    ['without the last newline', train.trimEnd()],
    ['with CRLF', (header + train).replaceAll('\n', '\r\n')],
    ['with CRLF and without the last newline', train.replaceAll('\n', '\r\n').trimEnd()],
    ['with a byte order mark', `\ufeff${train}`],
    ['with a byte order mark and a header', `\ufeff${header}${train}`],
    ['with empty lines at the end', `${train}\n\r\n\n`],
    ['with quoted numbers', train.replaceAll(/(\d+)/g, '"$1"')],
    ['with some numbers quoted', train.replaceAll(/(1\d)/g, '"$1"')],
    ['with signs and leading zeros', train.replace('1,10', '+1,00010')],
  ])('%s', async (_, text) => {
    for (const ending of ['', '.gz']) {
      const folder = await temporaryFolder();
      await writeFiles(folder, { [`a-train.csv${ending}`]: text, 'a-test.csv': pair['a-test.csv'] });
      const file = join(folder, `a-train.csv${ending}`);
      const dataset = await loadCsv(file);
      expect(dataset).toEqual({ name: file, ...expected });
      for (const { features, targets } of [dataset.train, dataset.test]) {
        expect(features.buffer).toBeInstanceOf(SharedArrayBuffer);
        expect(targets.buffer).toBeInstanceOf(SharedArrayBuffer);
      }
    }
  });

  test('gzip without the ending, and the ending without gzip', async () => {
    const folder = await temporaryFolder();
    await writeFile(join(folder, 'a-train.csv.gz'), pair['a-train.csv']);
    await writeFile(join(folder, 'a-test.csv.gz'), gzipSync(pair['a-test.csv']));
    expect(await loadCsv(join(folder, 'a-train.csv.gz'))).toMatchObject(expected);
  });

  test.each<[pixels: number, height: number, width: number]>([
    [1, 1, 1],
    [3, 1, 3],
    [9, 3, 3],
    [10, 1, 10],
  ])('%i pixels are %i x %i', async (pixels, height, width) => {
    const line = `0${',7'.repeat(pixels)}\n`;
    expect(await loadCsv(await fileWith(line + line))).toMatchObject({
      features: { shape: [height, width, 1] },
    });
  });

  test('256 classes', async () => {
    expect((await loadCsv(await fileWith('255,0\n0,0\n'))).targets).toEqual({ kind: 'classes', count: 256 });
  });

  test.each(endings)('more than one chunk of lines, and lines of many lengths (%s)', async (ending) => {
    const [count, pixels] = [3001, 529];
    const images = Uint8Array.from({ length: count * pixels }, (_, i) => (i * i) % 256);
    const lines = Array.from({ length: count }, (_, row) => {
      return [row % 10, ...images.subarray(row * pixels, (row + 1) * pixels)].join(',');
    });
    const text = `${lines.join('\r\n')}\r\n`;
    expect(text.length).toBeGreaterThan(4 * 2 ** 20);
    const folder = await temporaryFolder();
    await writeFiles(folder, { [`train${ending}`]: text, [`test${ending}`]: lines[0]! });
    const { train } = await loadCsv(join(folder, `train${ending}`));
    expect(Buffer.from(train.features as Uint8Array).equals(images)).toBe(true);
    expect([...train.targets]).toEqual(lines.map((_, row) => row % 10));
  });

  test('lines longer than a chunk', async () => {
    const line = `1${',100'.repeat(500_000)}`;
    const { train, features } = await loadCsv(await fileWith(`${line}\n${line}`));
    expect(features.shape[1]).toBe(500_000);
    expect((train.features as Uint8Array).every((pixel) => pixel === 100)).toBe(true);
  });
});

describe('the test set', () => {
  test.each([
    ['train.csv', 'test.csv'],
    ['train.csv', 'test.csv.gz'],
    ['mnist_train.csv.gz', 'mnist_test.csv.gz'],
    ['mnist_train.csv.gz', 'mnist_test.csv'],
    ['training.csv', 'testing.csv'],
  ])('of %s is %s', async (trainName, testName) => {
    const folder = await temporaryFolder();
    await writeFiles(folder, { [trainName]: pair['a-train.csv'], [testName]: pair['a-test.csv'] });
    const { train, test } = await loadCsv(join(folder, trainName));
    expect([[...train.targets], [...test.targets]]).toEqual([[1, 0], [3]]);
  });

  test('one sample is enough for a training set with a test set', async () => {
    const folder = await temporaryFolder();
    await writeFiles(folder, { 'train.csv': '0,1\n', 'test.csv': '1,0\n' });
    expect((await loadCsv(join(folder, 'train.csv'))).train.count).toBe(1);
  });

  const numbered = (count: number) => Array.from({ length: count }, (_, row) => `${row},${row}\n`).join('');

  test('is one sample in seven without such a file: always the same, in the order of the file', async () => {
    const { train, test, targets } = await loadCsv(await fileWith(numbered(30)));
    // Drawn from seedrandom's stream "csv/test-split". They change only with a note in the changelog.
    expect([...test.targets]).toEqual([2, 7, 12, 16]);
    expect([...train.targets]).toEqual([...Array(30).keys()].filter((row) => !test.targets.includes(row)));
    expect([train.count, test.count, outputsOf(targets)]).toEqual([26, 4, 30]);
    expect([train.features, test.features]).toEqual([train.targets, test.targets]);
  });

  test.each([
    [2, 1],
    [6, 1],
    [13, 1],
    [14, 2],
    [70, 10],
  ])('of %i samples has %i', async (count, held) => {
    const { train, test } = await loadCsv(await fileWith(numbered(count)));
    expect([train.count, test.count]).toEqual([count - held, held]);
  });

  test('must have the columns of the training set', async () => {
    const folder = await temporaryFolder();
    await writeFiles(folder, { ...pair, 'a-test.csv': '1,2,3,4\n' });
    expect(await dataError(loadCsv(join(folder, 'a-train.csv')))).toBe(
      `${join(folder, 'a-test.csv')}:1: expected 5 columns, got 4; ` +
        'it is taken for the test set of a-train.csv and needs its columns, label first',
    );
  });

  test('must not be empty', async () => {
    const folder = await temporaryFolder();
    await writeFiles(folder, { ...pair, 'a-test.csv': '' });
    expect(await dataError(loadCsv(join(folder, 'a-train.csv')))).toBe(
      `${join(folder, 'a-test.csv')}: expected lines of a label and pixels, got an empty file`,
    );
  });
});

describe.each(endings)('a file %s that is wrong', (ending) => {
  const label = 'expected an integer 0-255 for the label, got';
  const pixel = 'expected an integer 0-255 for the pixel, got';
  const empty = 'expected lines of a label and pixels, got an empty file';
  const noSamples = 'expected samples after the header, got none';
  test.each<[what: string, text: string, where: string, complaint: string]>([
    ['empty', '', '', empty],
    ['empty but for a mark', '\ufeff', '', empty],
    ['only empty lines', '\n\r\n\n', '', empty],
    ['only a header', 'label,p0,p1', '', noSamples],
    ['only a header and an empty line', 'label,p0,p1\n\n', '', noSamples],
    [
      'one sample',
      'label,p0\n1,1\n',
      '',
      'expected at least 2 samples, got 1; without a file for the test set, ' +
        'one sample in seven becomes the test set',
    ],
    ['no pixels', '1\n2\n', ':1', 'expected a label and pixels with commas between, got 1 column'],
    ['semicolons', 'label;p0\n1;1\n', ':1', 'expected a label and pixels with commas between, got 1 column'],
    ['a column less', '1,2,3\n1,2,3\n1,2\n', ':3', 'expected 3 columns, got 2'],
    ['a column more', '1,2,3\n1,2,3,4\n', ':2', 'expected 3 columns, got 4'],
    ['a column less than the header', 'label,p0,p1\n1,2\n', ':2', 'expected 3 columns, got 2'],
    ['a column less, quoted', '1,2,3\n"1","2"\n', ':2', 'expected 3 columns, got 2'],
    [
      'an empty line between',
      'label,p0\r\n1,1\r\n\r\n\r\n1,1\r\n',
      ':3',
      'expected a label and pixels, got an empty line; only the last lines may be empty',
    ],
    [
      'an empty line before',
      '\n1,1\n1,1\n',
      ':1',
      'expected a label and pixels, got an empty line; only the last lines may be empty',
    ],
    ['a label above', '1,1\n256,1\n', ':2:1', `${label} 256`],
    ['a label above in the first line', '256,1\n1,1\n', ':1:1', `${label} 256`],
    ['a label below', '-1,1\n1,1\n', ':1:1', `${label} -1`],
    ['a label with a fraction in the first line', '5.0,1\n1,1\n', ':1:1', `${label} "5.0"`],
    ['a label that is a word', '1,1\nseven,1\n', ':2:1', `${label} "seven"`],
    ['no label', '1,1\n,1\n', ':2:1', `${label} ""`],
    ['a pixel above', 'label,p0,p1\n1,22,33\n1,22,300\n', ':3:6', `${pixel} 300`],
    ['a pixel below', '1,22,-7,0\n', ':1:6', `${pixel} -7`],
    ['a pixel above in the middle', '1,1,1\n1,256,1\n', ':2:3', `${pixel} 256`],
    ['a pixel above, quoted', '1,"1","999",2\n', ':1:7', `${pixel} 999`],
    ['a pixel with a fraction', '\ufeff1,22,0.5\n', ':1:6', `${pixel} "0.5"`],
    ['an empty pixel', '1,22,\n', ':1:6', `${pixel} ""`],
    ['an empty pixel in the middle', '1,,22\n', ':1:3', `${pixel} ""`],
    ['a space', '1, 22\n', ':1:3', `${pixel} " 22"`],
    ['half a quote', '1,"22\n', ':1:3', `${pixel} "\\"22"`],
    ['a pixel of many digits', `1,${'9'.repeat(400)}\n`, ':1:3', `${pixel} 99999999999999999999`],
    ['a long word', `1,${'x'.repeat(400)}\n`, ':1:3', `${pixel} "xxxxxxxxxxxxxxxxxxxx"`],
    ['returns for newlines', '1,1\r1,2\r', ':1:3', `${pixel} "1\\r1"`],
  ])('%s', async (_, text, where, complaint) => {
    const file = await fileWith(text, `digits${ending}`);
    expect(await dataError(loadCsv(file))).toBe(`${file}${where}: ${complaint}`);
  });

  test('no line ends', async () => {
    // Digits in no order, because what gzip makes very small is refused for that.
    const digits = Buffer.from(
      Array.from({ length: 2 ** 16 }, (_, i) => Math.imul(i ^ (i >> 7), 2654435761) >>> 24).join(),
    );
    const file = await fileWith(Buffer.alloc(18 * 2 ** 20, digits), `digits${ending}`);
    expect(await dataError(loadCsv(file))).toBe(
      `${file}:1: expected lines of at most 16777216 bytes, got a longer one`,
    );
  });
});

describe('a file that cannot be read', () => {
  const accepted = '--data takes a folder of IDX files, or a CSV file';
  const damaged = 'the file is damaged or was not downloaded to its end: fetch it again';

  test('no such file', async () => {
    const folder = await temporaryFolder();
    const file = join(folder, 'digits.csv');
    expect(await dataError(loadCsv(file))).toBe(
      `${file}: expected a CSV file, got nothing of that name; ${accepted}`,
    );
    expect(await dataError(loadCsv(folder))).toBe(
      `${folder}: expected a CSV file, got a folder; ${accepted}`,
    );
  });

  // On Windows, making links needs a privilege.
  test.skipIf(process.platform === 'win32')('a path that leads nowhere', async () => {
    const file = join(await temporaryFolder(), 'digits.csv');
    await symlink(file, file);
    expect(await dataError(loadCsv(file))).toBe(`${file}: expected a readable file, got ELOOP`);
  });

  const sound = gzipSync(pair['a-train.csv']);
  test.each<[string, Buffer, string]>([
    ['cut off', sound.subarray(0, -9), 'unexpected end of file'],
    ['wrong checksum', wrongChecksum(sound), 'incorrect data check'],
    ['nothing but the first two bytes', Buffer.from([0x1f, 0x8b, 1, 2, 3, 4]), 'unknown compression method'],
  ])('gzip: %s', async (_, bytes, message) => {
    const file = await fileWith('', 'digits.csv.gz');
    await writeFile(file, bytes);
    expect(await dataError(loadCsv(file))).toBe(
      `${file}: expected a sound gzip file, got "${message}"; ${damaged}`,
    );
  });
});
