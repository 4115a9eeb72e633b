import { augmentation } from '../contracts/augmentation.ts';
import { exp } from '../foundation/exact.ts';
import { type Blur, blurRoom } from '../kernels/kernels.ts';

/**
 * Elastic distortion: every pixel comes from a place a little beside its own. The displacements are alpha
 * times random numbers between -1 and 1, smoothed by a Gaussian so that neighbours move together. Their root
 * mean square is about 0.163 alpha / sigma pixels in each direction: 1.4 for the usual 34 and 4.
 *
 * Simard, Steinkraus, Platt, "Best practices for convolutional neural networks applied to visual document
 * analysis", 2003.
 */
export const elastic = augmentation({
  kind: 'elastic',
  summary: 'Distorts images as if they were drawn on rubber (Simard 2003).',
  fields: {
    alpha: {
      type: 'number',
      minimum: 0,
      maximum: 10000,
      default: 34,
      description: 'Factor on the smoothed noise, in pixels. Pixels move by about alpha / (6 sigma).',
    },
    sigma: {
      type: 'number',
      exclusiveMinimum: 0,
      maximum: 32,
      default: 4,
      description:
        'Standard deviation of the smoothing Gaussian, in pixels: how far neighbours move together.',
    },
  },

  room: ({ sigma }, shape) => blurRoom(shape, radiusOf(sigma)),

  build: ({ alpha, sigma }, { kernels, field, room }) => {
    const blur: Blur = { radius: radiusOf(sigma), room };
    const weights = Array.from({ length: blur.radius + 1 }, (_, i) => exp((-i * i) / (2 * sigma * sigma)));
    const sum = weights.reduce((sum, weight, i) => sum + (i === 0 ? weight : 2 * weight), 0);
    for (const [i, weight] of weights.entries()) kernels.elements[room + i] = weight / sum;
    return (words) => kernels.elasticField(field, words, blur, alpha);
  },
});

/** Where the Gaussian is cut off. That leaves out 0.3 % of it. */
const radiusOf = (sigma: number) => Math.ceil(3 * sigma);
