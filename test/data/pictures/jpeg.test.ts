// JPEG files give the pixels that libjpeg gives elsewhere, bit for bit (test/vectors/jpeg.py, by Pillow).
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { decodePicture, headerOf } from '#lockstep/data/pictures/read.js';
import { dataError } from '../../support/data-files.ts';

interface Vector {
  width: number;
  height: number;
  file: string;
  rgb: string;
}
const vectors: Record<string, Vector> = JSON.parse(
  readFileSync(new URL('../../vectors/jpeg.json', import.meta.url), 'utf8'),
);
const bytesOf = (name: string) => Buffer.from(vectors[name]!.file, 'base64');

describe('each kind of file gives the pixels of Pillow', () => {
  test.each(Object.keys(vectors).filter((name) => name !== 'CMYK'))('%s', async (name) => {
    const { width, height, rgb } = vectors[name]!;
    const picture = await decodePicture(bytesOf(name), name);
    expect([picture.width, picture.height]).toEqual([width, height]);
    const found = picture.rgba.filter((_, i) => i % 4 < 3);
    expect(Buffer.from(found).toString('base64')).toBe(rgb);
    expect(picture.rgba.every((level, i) => i % 4 < 3 || level === 255)).toBe(true);
    const header = headerOf(bytesOf(name), name)!;
    expect([header.width, header.height, header.colour]).toEqual([width, height, !name.includes('grey')]);
  });
});

test('a header in the first bytes is enough; fewer bytes say nothing', () => {
  const bytes = bytesOf('orientation 6');
  expect(headerOf(bytes.subarray(0, 150), 'x')).toBeUndefined();
  expect(headerOf(bytes.subarray(0, bytes.length - 100), 'x')).toMatchObject({ orientation: 6, width: 13 });
});

describe('what is no JPEG image that can be read is told in a line', () => {
  const changed = (name: string, change: (bytes: Buffer) => void) => {
    const bytes = bytesOf(name);
    change(bytes);
    return bytes;
  };
  /** Where the frame's header begins: after its marker and length. */
  const frameOf = (bytes: Buffer) => bytes.indexOf(Buffer.from([0xff, 0xc0])) + 4;
  const [half, progressive] = [bytesOf('baseline 4:2:0'), bytesOf('progressive 4:2:0')];
  test.each([
    [
      'CMYK',
      bytesOf('CMYK'),
      'a grey or colour JPEG image, got one in the inks of printers (CMYK); convert it to RGB',
    ],
    [
      'half a file',
      half.subarray(0, half.length - 40),
      /a JPEG image, got a damaged one \(Premature end.*\)$/,
    ],
    [
      'half a progressive one',
      progressive.subarray(0, progressive.length - 20),
      /a JPEG image, got a damaged one \(Premature end.*\)$/,
    ],
    [
      'nothing but a beginning',
      half.subarray(0, 100),
      'a JPEG image, got a damaged one (it ends before its pixels)',
    ],
    [
      'a header that promises too much',
      changed('grey', (bytes) => bytes.writeUInt32BE(0xffffffff, frameOf(bytes) + 1)),
      'a JPEG image of 1 to 50 million pixels, got 65535 x 65535 pixels',
    ],
    [
      'no pixels',
      changed('grey', (bytes) => bytes.writeUInt16BE(0, frameOf(bytes) + 1)),
      'a JPEG image of 1 to 50 million pixels, got 21 x 0 pixels',
    ],
    [
      'twelve bits',
      changed('grey', (bytes) => bytes.writeUInt8(12, frameOf(bytes))),
      'a JPEG image of 8 bits, got one of 12 bits',
    ],
    [
      'lossless',
      changed('grey', (bytes) => bytes.writeUInt8(0xc3, frameOf(bytes) - 3)),
      'a baseline or progressive JPEG image, got a lossless one',
    ],
    ['a GIF', Buffer.from('GIF89a..............'), 'a PNG or JPEG image, got a GIF image'],
    ['a TIFF', Buffer.from('II*\0................'), 'a PNG or JPEG image, got a TIFF image'],
    ['a WebP', Buffer.from('RIFF....WEBPVP8 ........'), 'a PNG or JPEG image, got a WebP image'],
  ] as const)('%s', async (_, bytes, message) => {
    const told = await dataError(decodePicture(bytes, 'x.jpg'));
    if (typeof message === 'string') expect(told).toBe(`x.jpg: expected ${message}`);
    else expect(told).toMatch(message);
    expect(told).not.toContain('\n');
  });

  test('after a damaged file, the next one is decoded as ever', async () => {
    const spoilt = changed('baseline 4:2:0', (bytes) =>
      bytes.fill(0x55, frameOf(bytes) + 15, frameOf(bytes) + 60),
    );
    await dataError(decodePicture(spoilt, 'x'));
    const { rgba } = await decodePicture(bytesOf('grey'), 'y');
    expect(Buffer.from(rgba.filter((_, i) => i % 4 < 3)).toString('base64')).toBe(vectors.grey!.rgb);
  });
});
