import { expect, test } from 'vitest';
import { byteOf, scaleBytes, whiteOf } from '#lockstep/data/white.js';

test('a pixel becomes a byte: 0 stays 0, and a white one becomes 255', () => {
  expect([0, 0.5, 1].map((value) => byteOf(value, 1))).toEqual([0, 128, 255]);
  expect([0, 4, 16].map((value) => byteOf(value, 16))).toEqual([0, 64, 255]);
  expect([0, 127.6, 255].map((value) => byteOf(value, 255))).toEqual([0, 128, 255]);
  expect([0, 257, 65_535].map((value) => byteOf(value, 65_535))).toEqual([0, 1, 255]);
});

test('bytes are scaled in place; what is above white becomes 255', () => {
  const pixels = Uint8Array.of(0, 8, 16, 17);
  scaleBytes(pixels, 16);
  expect([...pixels]).toEqual([0, 128, 255, 255]);
});

test('white is the first usual number that no pixel exceeds', () => {
  expect([0, 1, 2, 16, 17, 256].map((largest) => whiteOf('a.csv', largest, undefined))).toEqual([
    ...[255, 1, 16, 16, 255, 65_535],
  ]);
  expect(() => whiteOf('a.csv', 17, 16)).toThrow(
    'a.csv: expected pixels of at most 16, as data.white says, got 17',
  );
});
