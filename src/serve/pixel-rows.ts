/** A picture as an array of pixels in JSON. */
import { columnsOf, type Features } from '../data/dataset.ts';
import { shapeText } from '../data/reader.ts';
import { byteOf } from '../data/white.ts';
import { Refusal } from '../http/refusal.ts';

/**
 * Writes the pixels of a row into `into`: a flat array, or lines of pixels, or of colours.
 *
 * @throws Refusal if it has another shape, or a pixel that no training picture can have
 */
export function pixelsInto(
  into: Uint8Array,
  row: unknown,
  features: Features & { kind: 'bytes' },
  where: string,
): void {
  const [height, width, channels] = features.shape;
  if (!Array.isArray(row)) throw wrongShape(features, where, JSON.stringify(row).slice(0, 40));
  if (row.length === columnsOf(features) && !Array.isArray(row[0])) {
    for (let i = 0; i < row.length; i++) into[i] = pixelOf(row[i], features, `${where}[${i}]`);
    return;
  }
  if (row.length !== height) throw wrongShape(features, where, `${row.length}`);
  for (const [y, line] of row.entries()) {
    const flat: unknown[] = Array.isArray(line) ? line.flat() : [];
    if (flat.length !== width * channels) throw wrongShape(features, `${where}[${y}]`, `${flat.length}`);
    for (const [x, pixel] of flat.entries()) {
      into[y * width * channels + x] = pixelOf(pixel, features, `${where}[${y}][${x}]`);
    }
  }
}

function pixelOf(given: unknown, { white = 255 }: { white?: number }, where: string): number {
  const pixel = typeof given === 'number' ? byteOf(given, white) : Number.NaN;
  if (pixel >= 0 && pixel <= 255) return pixel;
  const got = JSON.stringify(given)?.slice(0, 40) ?? 'nothing';
  throw new Refusal(422, { where, expected: `a pixel of 0 to ${white}, as in the training set`, got });
}

function wrongShape(features: Features & { kind: 'bytes' }, where: string, got: string): Refusal {
  const [height, width, channels] = features.shape;
  const each = channels === 1 ? `${width}` : `${width} x ${channels}`;
  return new Refusal(422, {
    where,
    expected: `${shapeText(features)}: ${columnsOf(features)} numbers, or ${height} lines of ${each}`,
    got,
  });
}
