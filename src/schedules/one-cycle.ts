import { schedule } from '../contracts/schedule.ts';
import { cos } from '../foundation/exact.ts';

/**
 * One cycle: half a cosine up from `start` times the learning rate to the full rate, then half a cosine down
 * to `floor` times the rate.
 *
 * Smith and Topin, "Super-convergence: very fast training of neural networks using large learning rates",
 * 2018, with cosines as in PyTorch's OneCycleLR.
 */
export const oneCycle = schedule({
  kind: 'one-cycle',
  summary: 'Half a cosine up to the full learning rate, then half a cosine down to a floor.',
  fields: {
    warmup: {
      type: 'number',
      minimum: 0,
      default: 0,
      description: 'Epochs of the rise; 0 means three tenths of the training.',
    },
    start: {
      type: 'number',
      minimum: 0,
      maximum: 1,
      default: 0.04,
      description: 'Share of the learning rate at the first step.',
    },
    floor: {
      type: 'number',
      minimum: 0,
      maximum: 1,
      default: 0,
      description: 'Share of the learning rate that is left at the end.',
    },
  },
  build({ warmup, start, floor }, { steps, stepsPerEpoch }) {
    const wanted = warmup > 0 ? warmup * stepsPerEpoch : 0.3 * steps;
    const top = Math.min(Math.round(wanted), steps - 1);
    /** From a to b as progress goes from 0 to 1. */
    const ease = (a: number, b: number, progress: number) =>
      a + ((b - a) * (1 - cos(Math.PI * Math.min(progress, 1)))) / 2;
    return (step) =>
      step < top
        ? ease(start, 1, step / Math.max(1, top))
        : ease(1, floor, (step - top) / Math.max(1, steps - 1 - top));
  },
});
