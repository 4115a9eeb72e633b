import { crc32, deflateSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { decodePng } from '#lockstep/data/pictures/png.js';

const piece = (type: string, data: Uint8Array) => {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const frame = Buffer.alloc(8);
  frame.writeUInt32BE(data.length, 0);
  frame.writeUInt32BE(crc32(body), 4);
  return Buffer.concat([frame.subarray(0, 4), body, frame.subarray(4)]);
};

/** A grey picture with these compressed pixels. */
function png(width: number, height: number, pixels: Uint8Array, more: readonly Buffer[] = []): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.writeUInt8(8, 8);
  const signature = Buffer.from('89504e470d0a1a0a', 'hex');
  const end = piece('IEND', Buffer.alloc(0));
  return Buffer.concat([signature, piece('IHDR', header), ...more, piece('IDAT', pixels), end]);
}

const zeros = (bytes: number) => deflateSync(Buffer.alloc(bytes));
const wrongAdler = () => {
  const bytes = zeros(6);
  bytes.writeUInt8(bytes.at(-1)! ^ 1, bytes.length - 1);
  return bytes;
};

test.each([
  ['a line of 8 million pixels', png(8_587_454, 1, zeros(2)), 'at most 65,535 pixels a side'],
  ['9 million pixels in 10 bytes', png(60_000, 150, zeros(2)), '10 bytes cannot hold 60000 x 150 pixels'],
  ['46 million pixels', png(65_535, 700, zeros(2)), 'of 1 to 9 million pixels'],
  ['a wrong checksum of the pixels', png(2, 2, wrongAdler()), 'its pixels cannot be unpacked'],
  ['twice as many pixels', png(2, 2, zeros(12)), 'more pixels than its header says'],
  ['too few pixels', png(2, 2, zeros(5)), 'fewer pixels than its header says'],
  [
    'bytes behind the pixels',
    png(2, 2, Buffer.concat([zeros(6), Buffer.alloc(3)])),
    '3 bytes behind its pixels',
  ],
  ['two headers', png(2, 2, zeros(6), [piece('IHDR', Buffer.alloc(13))]), 'two pieces IHDR'],
  [
    'a name of controls',
    png(2, 2, zeros(6), [piece('\x1b[2J', Buffer.alloc(0))]),
    'a piece of it has no name',
  ],
])('%s: refused', (_, bytes, message) => {
  expect(() => decodePng(bytes, 'x.png')).toThrow(message);
});

test('9 million pixels of 64 bits: refused', () => {
  const bytes = png(3000, 3000, zeros(2));
  // Depth and type of the colours.
  bytes.writeUInt16BE(0x1006, 24);
  expect(() => decodePng(bytes, 'x.png')).toThrow(
    'expected a PNG image of at most 36,100,000 bytes, got one of 3000 x 3000 pixels with 72,003,000',
  );
});

test('a profile of colours that unpacks to very much is not unpacked', () => {
  const profile = piece('iCCP', Buffer.concat([Buffer.from('p\0\0'), Buffer.from('no deflate at all')]));
  expect(decodePng(png(2, 2, zeros(6), [profile]), 'x.png')).toMatchObject({ height: 2, width: 2 });
});
