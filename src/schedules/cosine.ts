import { schedule } from '../contracts/schedule.ts';
import { cos } from '../foundation/exact.ts';

/**
 * Half a cosine from the full learning rate down to `floor` times it at the last step, after a linear
 * warm-up from near zero.
 *
 * Loshchilov and Hutter, "SGDR: stochastic gradient descent with warm restarts", 2017 (without restarts);
 * the warm-up is that of Goyal et al., "Accurate, large minibatch SGD", 2017.
 */
export const cosine = schedule({
  kind: 'cosine',
  summary: 'Linear warm-up, then half a cosine down to a floor.',
  fields: {
    warmup: {
      type: 'number',
      minimum: 0,
      default: 0,
      description: 'Epochs of linear warm-up; may be a fraction.',
    },
    floor: {
      type: 'number',
      minimum: 0,
      maximum: 1,
      default: 0,
      description: 'Share of the learning rate that is left at the end.',
    },
  },
  build({ warmup, floor }, { steps, stepsPerEpoch }) {
    const warmupSteps = Math.min(Math.round(warmup * stepsPerEpoch), steps);
    return (step) => {
      if (step < warmupSteps) return (step + 1) / warmupSteps;
      const progress = (step - warmupSteps) / Math.max(1, steps - 1 - warmupSteps);
      return floor + ((1 - floor) * (1 + cos(Math.PI * Math.min(progress, 1)))) / 2;
    };
  },
});
