import { schedule } from '../contracts/schedule.ts';
import { cos } from '../foundation/exact.ts';

/**
 * Half a cosine from the full learning rate down to `floor` times the learning rate at the last step.
 *
 * Loshchilov and Hutter, "SGDR: stochastic gradient descent with warm restarts", 2017 (without restarts).
 */
export const cosine = schedule({
  kind: 'cosine',
  summary: 'Half a cosine down to a floor.',
  fields: {
    floor: {
      type: 'number',
      minimum: 0,
      maximum: 1,
      default: 0,
      description: 'Share of the learning rate that is left at the end.',
    },
  },
  build({ floor }, { steps }) {
    return (step) => {
      const progress = step / Math.max(1, steps - 1);
      return floor + ((1 - floor) * (1 + cos(Math.PI * Math.min(progress, 1)))) / 2;
    };
  },
});
