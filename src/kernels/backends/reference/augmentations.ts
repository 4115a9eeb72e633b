/** From images to rows of x, as they are or distorted, in float64. */
import { wordsOfRow } from '../../../foundation/philox.ts';
import type { AugmentationKernels } from '../../interface/augmentation.ts';
import { blurSizes, type PixelField, planeSize } from '../../pixel-field.ts';

/** The remainder that is not negative. */
const modulo = (a: number, n: number) => ((a % n) + n) % n;

export function augmentations(m: Float64Array): AugmentationKernels {
  /** Changes each place of a field. */
  const move = (field: PixelField, to: (x: number, y: number, i: number, j: number) => [number, number]) => {
    const down = field.offset + planeSize(field);
    for (let i = 0; i < field.height; i++) {
      for (let j = 0; j < field.width; j++) {
        const k = i * field.width + j;
        [m[field.offset + k], m[down + k]] = to(m[field.offset + k]!, m[down + k]!, i, j);
      }
    }
  };

  return {
    pixels(image, x, row) {
      for (let k = 0; k < image.length; k++) m[x.offset + row * x.stride + k] = image[k]! / 255;
    },
    identityField(field) {
      move(field, (_x, _y, i, j) => [j - (field.width - 1) / 2, i - (field.height - 1) / 2]);
    },
    mapField(field, { xx, xy, yx, yy, x: dx, y: dy }) {
      move(field, (x, y) => [xx * x + xy * y + dx, yx * x + yy * y + dy]);
    },
    elasticField(field, words, { radius, room }, alpha) {
      const { height, width } = field;
      const { stride } = blurSizes(field, radius);
      const drawn = wordsOfRow(words, height * stride);
      /** Smoothed noise made of some bits of each word. (height, width) */
      const smooth = (bits: (word: number) => number) => {
        const noise = Float64Array.from(drawn, (word) => (bits(word) - 32767.5) / 32768);
        const window = (at: (k: number) => number) => {
          let sum = 0;
          for (let k = -radius; k <= radius; k++) sum += m[room + Math.abs(k)]! * at(k);
          return sum;
        };
        const blurred = noise.map((_, at) => {
          const [i, j] = [Math.floor(at / stride), at % stride];
          return window((k) => noise[modulo(i + k, height) * stride + j]!);
        });
        return (i: number, j: number) => window((k) => blurred[i * stride + modulo(j + k, width)]!);
      };
      const right = smooth((word) => word & 0xffff);
      const down = smooth((word) => word >>> 16);
      move(field, (x, y, i, j) => [x + alpha * right(i, j), y + alpha * down(i, j)]);
    },
    resample(image, field, channels, x, row) {
      const { offset, height, width } = field;
      const level = (i: number, j: number, c: number) =>
        i >= 0 && i < height && j >= 0 && j < width ? image[(i * width + j) * channels + c]! : 0;
      for (let k = 0; k < height * width; k++) {
        const fromLeft = m[offset + k]! + (width - 1) / 2;
        const fromTop = m[offset + planeSize(field) + k]! + (height - 1) / 2;
        const [i, j] = [Math.floor(fromTop), Math.floor(fromLeft)];
        const [u, v] = [fromLeft - j, fromTop - i];
        for (let c = 0; c < channels; c++) {
          const pixel = (down: number, across: number) => level(i + down, j + across, c);
          const above = pixel(0, 0) + u * (pixel(0, 1) - pixel(0, 0));
          const below = pixel(1, 0) + u * (pixel(1, 1) - pixel(1, 0));
          m[x.offset + row * x.stride + k * channels + c] = (above + v * (below - above)) / 255;
        }
      }
    },
  };
}
