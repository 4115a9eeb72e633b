/** From images to rows of x, as they are or distorted, in WebAssembly. */
import { roundUp } from '../../../foundation/shapes.ts';
import type { AugmentationKernels } from '../../interface/augmentation.ts';
import { blurSizes, type PixelField, planeSize } from '../../pixel-field.ts';
import { at, type Bound } from './call.ts';

/** Addresses of the places to the right, and of those down. */
const planes = (field: PixelField): [right: number, down: number] => [
  field.offset * 4,
  (field.offset + planeSize(field)) * 4,
];

export function augmentations({ wasm, bytes, scratch }: Bound): AugmentationKernels {
  const { identityField, mapField, elasticField, resample, resampleChannels, pixels } = wasm;
  return {
    pixels(image, x, row) {
      bytes.set(image, scratch);
      const whole = roundUp(image.length, 16);
      if (whole > image.length) bytes.fill(0, scratch + image.length, scratch + whole);
      pixels(scratch, at(x, row), whole);
    },
    identityField(field) {
      identityField(...planes(field), field.height, field.width);
    },
    mapField(field, { xx, xy, yx, yy, x, y }) {
      mapField(...planes(field), field.height * field.width, xx, xy, yx, yy, x, y);
    },
    elasticField(field, { key, counter }, { radius, room }, alpha) {
      const { stride, weights, plane, line } = blurSizes(field, radius);
      const noise = room + weights;
      const lines = noise + 2 * plane;
      const moved = lines + 2 * line;
      elasticField(
        ...planes(field),
        ...[field.height, field.width, alpha],
        ...[room * 4, radius],
        ...[noise * 4, stride, plane],
        ...[lines * 4, line],
        ...[moved * 4, planeSize(field)],
        ...counter,
        ...key,
        scratch,
      );
    },
    resample(image, field, channels, x, row) {
      bytes.set(image, scratch);
      const margined = scratch + roundUp(image.length, 16) + 16;
      const { height, width } = field;
      if (channels === 1) resample(scratch, margined, ...planes(field), height, width, at(x, row));
      else resampleChannels(scratch, margined, ...planes(field), height, width, channels, at(x, row));
    },
  };
}
