import { readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { crc32, deflateSync } from 'node:zlib';
import { encode } from 'fast-png';
import { describe, expect, test } from 'vitest';
import { decodePng, readPng } from '#lockstep/data/pictures/png.js';
import { dataError, temporaryFolder } from '../../support/data-files.ts';

const digit = (name: string) => readFileSync(new URL(`../../vectors/digits/${name}.png`, import.meta.url));

/** Red, green, blue and alpha of one pixel. */
function pixel(name: string, y: number, x: number): number[] {
  const { width, rgba } = decodePng(digit(name), name);
  return [...rgba.subarray(4 * (y * width + x), 4 * (y * width + x) + 4)];
}

describe('each kind of file gives the colours that were put in', () => {
  test.each([
    ['grey of 8 bits', '1-black-on-white', 0, 0, [255, 255, 255, 255]],
    ['grey of 16 bits', '5-sixteen-bits', 0, 0, [233, 233, 233, 255]],
    ['grey of 1 bit, paper', '4-hairline', 0, 259, [255, 255, 255, 255]],
    ['grey of 1 bit, ink', '4-hairline', 150, 61, [0, 0, 0, 255]],
    ['grey of 1 bit, ink in the last byte of its line', '4-hairline', 150, 199, [0, 0, 0, 255]],
    ['palette of 2 bits, first colour', '2-palette', 0, 0, [250, 240, 200, 255]],
    ['palette of 2 bits, last colour', '2-palette', 16, 67, [40, 0, 50, 255]],
    ['colour of 8 bits', '7-blue-on-yellow', 0, 167, [250, 220, 90, 255]],
    ['grey with alpha', '3-black-on-nothing', 0, 0, [0, 0, 0, 0]],
    ['colour with alpha', '4-white-on-nothing', 0, 0, [255, 255, 255, 0]],
    ['a colour that stands for nothing', '2-marker-colour-key', 0, 0, [255, 0, 255, 0]],
    ['and another, which does not', '2-marker-colour-key', 180, 100, [200, 30, 40, 255]],
    ['interlaced', '9-interlaced', 139, 139, [20, 60, 40, 255]],
  ] as const)('%s', (_, name, y, x, expected) => {
    expect(pixel(name, y, x)).toEqual(expected);
  });

  test('interlaced lines lie where they belong', () => {
    const { rgba } = decodePng(digit('9-interlaced'), '');
    // In a smooth picture, the ink changes little from one pixel to the next.
    let steepest = 0;
    for (let i = 140; i < 140 * 140; i++) {
      steepest = Math.max(steepest, Math.abs(rgba[4 * i]! - rgba[4 * (i - 140)]!));
    }
    expect(steepest).toBeLessThan(60);
  });

  test('a palette with transparency', () => {
    const palette = [[1, 2, 3, 0] as const, [4, 5, 6, 128] as const];
    const picture = decodePng(indexedPng(palette), 'p');
    expect([...picture.rgba]).toEqual([...palette[1]!, ...palette[0]!]);
  });

  test('a huge image is halved until it is small, and its middle stays in the middle', () => {
    const data = new Uint8Array(3000 * 2000).fill(255);
    for (let y = 900; y < 1100; y++) data.fill(0, y * 3000 + 1400, y * 3000 + 1600);
    const { height, width, rgba } = decodePng(encode({ width: 3000, height: 2000, channels: 1, data }), 'p');
    expect([height, width]).toEqual([500, 750]);
    expect(rgba[4 * (250 * 750 + 375)]).toBe(0);
    expect(rgba[4 * (200 * 750 + 375)]).toBe(255);
  });
});

/** Two pixels in a palette of 1 bit: the second colour, then the first. */
function indexedPng(palette: readonly (readonly number[])[]): Buffer {
  const chunks: Buffer[] = [Buffer.from('89504e470d0a1a0a', 'hex')];
  const add = (type: string, bytes: readonly number[] | Buffer) => {
    const body = Buffer.concat([Buffer.from(type), Buffer.from(bytes)]);
    const frame = Buffer.alloc(8);
    frame.writeUInt32BE(bytes.length, 0);
    frame.writeUInt32BE(crc32(body), 4);
    chunks.push(frame.subarray(0, 4), body, frame.subarray(4));
  };
  add('IHDR', [0, 0, 0, 2, 0, 0, 0, 1, 1, 3, 0, 0, 0]);
  add(
    'PLTE',
    palette.flatMap((colour) => colour.slice(0, 3)),
  );
  add(
    'tRNS',
    palette.map((colour) => colour[3]!),
  );
  add('IDAT', deflateSync(Buffer.from([0, 0b10000000])));
  add('IEND', []);
  return Buffer.concat(chunks);
}

describe('what is no PNG image is told in a line', () => {
  const whole = digit('1-black-on-white');
  const changed = (change: (bytes: Buffer) => void) => {
    const bytes = Buffer.from(whole);
    change(bytes);
    return bytes;
  };
  test.each([
    ['nothing', Buffer.alloc(0), 'expected a PNG image, got an empty file'],
    ['a JPEG', Buffer.from('ffd8ffe000104a46494600', 'hex'), 'expected a PNG image, got a JPEG image'],
    ['text', Buffer.from('hello'), 'expected a PNG image, got something else'],
    ['only a signature', whole.subarray(0, 20), 'expected a PNG image, got one without a header'],
    [
      'half a file',
      whole.subarray(0, 3000),
      'expected a PNG image, got a damaged one (its pixels cannot be unpacked: it was cut off or changed)',
    ],
    [
      'no end',
      whole.subarray(0, whole.length - 12),
      'expected a PNG image, got a damaged one (it ends early)',
    ],
    [
      'one wrong byte',
      changed((bytes) => bytes.writeUInt8(bytes.readUInt8(2000) ^ 1, 2000)),
      'expected a PNG image, got a damaged one (a wrong checksum in IDAT: it was changed)',
    ],
    [
      'a header that promises too much',
      changed((bytes) => bytes.writeUInt32BE(1_000_000, 16)),
      'expected a PNG image of 1 to 9 million pixels, got 1000000 x 224 pixels',
    ],
    [
      'no pixels',
      changed((bytes) => bytes.writeUInt32BE(0, 20)),
      'expected a PNG image of 1 to 9 million pixels, got 224 x 0 pixels',
    ],
    [
      'interlaced and of few bits',
      changed((bytes) => {
        bytes.writeUInt8(4, 24);
        bytes.writeUInt8(1, 28);
      }),
      'expected a PNG image that is not interlaced, or of 8 bits and more, got an interlaced one of 4 bits',
    ],
  ] as const)('%s', async (_, bytes, message) => {
    const file = join(await temporaryFolder(), 'x.png');
    await writeFile(file, bytes);
    const told = (await dataError(readPng(file))).slice(file.length + 2);
    if (typeof message === 'string') expect(told).toBe(message);
    else expect(told).toMatch(message);
    expect(told).not.toContain('\n');
  });

  test('a file that is not there', async () => {
    expect(await dataError(readPng('nowhere.png'))).toBe(
      'nowhere.png: expected a PNG image, got no such file',
    );
  });
});
