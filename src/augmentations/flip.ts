import { augmentation } from '../contracts/augmentation.ts';
import { firstFour, share } from '../foundation/philox.ts';

/** Mirrors the image from left to right: useful for clothes and faces, wrong for letters and digits. */
export const flip = augmentation({
  kind: 'flip',
  summary: 'Mirrors some images from left to right.',
  fields: {
    probability: {
      type: 'number',
      minimum: 0,
      maximum: 1,
      default: 0.5,
      description: 'Probability that an image is mirrored.',
    },
  },

  build:
    ({ probability }, { kernels, field }) =>
    (words) => {
      const xx = share(firstFour(words)[0]) < probability ? -1 : 1;
      kernels.mapField(field, { xx, xy: 0, yx: 0, yy: 1, x: 0, y: 0 });
    },
});
