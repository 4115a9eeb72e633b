import { augmentation } from '../contracts/augmentation.ts';
import { cos, sin } from '../foundation/exact.ts';
import { firstFour, signed } from '../foundation/philox.ts';

const radians = Math.PI / 180;

/**
 * Rotation, scaling and shearing about the centre of the image, each drawn uniformly.
 *
 * A point p of the old image goes to R H S p: S scales, H shears, R rotates. The field says where a point
 * comes from, so it needs S^-1 H^-1 R^-1.
 */
export const affine = augmentation({
  kind: 'affine',
  summary: 'Rotates, scales and shears images at random, about their centre.',
  fields: {
    rotation: {
      type: 'number',
      minimum: 0,
      maximum: 180,
      default: 15,
      description: 'Largest rotation to either side, in degrees.',
    },
    scale: {
      type: 'number',
      minimum: 0,
      maximum: 0.9,
      default: 0.15,
      description:
        'Largest relative change of width and height, drawn separately: 0.15 scales by 0.85 to 1.15.',
    },
    shear: {
      type: 'number',
      minimum: 0,
      maximum: 80,
      default: 0,
      description: 'Largest slant of upright lines to either side, in degrees.',
    },
  },

  build:
    ({ rotation, scale, shear }, { kernels, field }) =>
    (words) => {
      const [first, second, third, fourth] = firstFour(words);
      const turn = signed(first) * rotation * radians;
      const slant = signed(second) * shear * radians;
      const [c, s, t] = [cos(turn), sin(turn), sin(slant) / cos(slant)];
      const width = 1 + signed(third) * scale;
      const height = 1 + signed(fourth) * scale;
      // R^-1 = (c s; -s c), H^-1 = (1 -t; 0 1).
      kernels.mapField(field, {
        xx: (c + t * s) / width,
        xy: (s - t * c) / width,
        yx: -s / height,
        yy: c / height,
        x: 0,
        y: 0,
      });
    },
});
