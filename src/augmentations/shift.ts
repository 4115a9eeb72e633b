import { augmentation } from '../contracts/augmentation.ts';
import { firstFour, share } from '../foundation/philox.ts';

/** Moves the image by whole pixels, so it stays as sharp as it was. Pixels from outside the image are 0. */
export const shift = augmentation({
  kind: 'shift',
  summary: 'Moves images by random numbers of whole pixels, across and down.',
  fields: {
    pixels: {
      type: 'integer',
      minimum: 0,
      maximum: 1024,
      default: 2,
      description: 'Largest distance in each direction.',
    },
  },

  build: ({ pixels }, { kernels, field }) => {
    const drawn = (word: number) => Math.floor(share(word) * (2 * pixels + 1)) - pixels;
    return (words) => {
      const [x, y] = firstFour(words);
      kernels.mapField(field, { xx: 1, xy: 0, yx: 0, yy: 1, x: drawn(x), y: drawn(y) });
    };
  },
});
