/**
 * Scales and moves ink to the size and place that it has in the training pictures. With the digits of MNIST
 * its box fits 20 x 20 of the 28 x 28 pixels, with its aspect ratio, and its centre of mass lies in the
 * middle.
 *
 * Source: LeCun, Bottou, Bengio, Haffner, "Gradient-based learning applied to document recognition", 1998,
 * section III.A; http://yann.lecun.com/exdb/mnist/. Digits of MNIST themselves come out unchanged.
 */
import type { Ink, Shape } from './picture.ts';

/** The part of the field that the box may take, and what of the ink lies in the middle. */
export interface Fit {
  box: number;
  centring: 'mass' | 'box';
}

export interface Box {
  top: number;
  left: number;
  height: number;
  width: number;
}

/** The smallest box around all ink. */
export function boxOf({ height, width, values }: Ink): Box {
  let [top, left, bottom, right] = [height, width, -1, -1];
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      if (values[y * width + x]! <= 0) continue;
      top = Math.min(top, y);
      bottom = Math.max(bottom, y);
      left = Math.min(left, x);
      right = Math.max(right, x);
    }
  }
  return { top, left, height: bottom - top + 1, width: right - left + 1 };
}

/** Number of pixels of the picture that become one, in each direction, if the box is to take this share. */
export function scaleOf(box: Box, field: Shape, share: number): number {
  const room = (size: number) => Math.max(1, Math.round(share * size));
  return Math.max(box.height / room(field.height), box.width / room(field.width));
}

/** The centre of mass, where a pixel of row y reaches from y to y + 1. */
export function centreOf({ height, width, values }: Ink): { y: number; x: number } {
  let [mass, down, across] = [0, 0, 0];
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const value = values[y * width + x]!;
      mass += value;
      down += y * value;
      across += x * value;
    }
  }
  return { y: down / mass + 0.5, x: across / mass + 0.5 };
}

/** Puts the ink into a field of another shape. (field.height, field.width) */
export function fitInk(ink: Ink, field: Shape, fit: Fit): Ink {
  const box = boxOf(ink);
  const small = shrink(ink, box, scaleOf(box, field, fit.box));
  const middle = fit.centring === 'mass' ? centreOf(small) : { y: small.height / 2, x: small.width / 2 };
  // A pixel counts where it begins.
  const shift = fit.centring === 'mass' ? 0.5 : 0;
  const top = place(middle.y - shift, small.height, field.height);
  const left = place(middle.x - shift, small.width, field.width);
  const values = new Float32Array(field.height * field.width);
  for (let y = 0; y < small.height; y++) {
    const row = small.values.subarray(y * small.width, (y + 1) * small.width);
    values.set(row, (top + y) * field.width + left);
  }
  return { ...field, values };
}

/** The place at which a piece of this size begins, so that its centre of mass is central if there is room. */
function place(centre: number, size: number, room: number): number {
  return Math.max(0, Math.min(room - size, Math.round(room / 2 - centre)));
}

/** Cuts out the box and shrinks it by `scale`. Each new pixel is the mean of the old ones that it covers. */
function shrink({ width, values }: Ink, box: Box, scale: number): Ink {
  const rows = coverage(box.height, scale);
  const columns = coverage(box.width, scale);
  const out = new Float32Array(rows.length * columns.length);
  for (const [y, row] of rows.entries()) {
    for (const [x, column] of columns.entries()) {
      let sum = 0;
      for (const [down, share] of row) {
        for (const [across, part] of column) {
          sum += share * part * values[(box.top + down) * width + box.left + across]!;
        }
      }
      out[y * columns.length + x] = sum;
    }
  }
  return { height: rows.length, width: columns.length, values: out };
}

/** The old pixels that each new one covers, and the share of each in it. */
function coverage(size: number, scale: number): [index: number, share: number][][] {
  const count = Math.max(1, Math.round(size / scale));
  const step = size / count;
  return Array.from({ length: count }, (_, i) => {
    const [from, to] = [i * step, (i + 1) * step];
    const shares: [number, number][] = [];
    for (let index = Math.floor(from); index < Math.min(size, Math.ceil(to - 1e-9)); index++) {
      shares.push([index, (Math.min(to, index + 1) - Math.max(from, index)) / step]);
    }
    return shares;
  });
}
