import { schedule } from '../contracts/schedule.ts';
import { runningPower } from '../foundation/exact.ts';

/** The learning rate is multiplied by `factor` after every epoch. */
export const exponential = schedule({
  kind: 'exponential',
  summary: 'The learning rate is multiplied by a factor every epoch.',
  fields: {
    factor: {
      type: 'number',
      exclusiveMinimum: 0,
      maximum: 1,
      default: 0.9,
      description: 'Factor on the learning rate after each epoch.',
    },
  },
  build({ factor }, { stepsPerEpoch }) {
    const power = runningPower(factor);
    return (step) => power(Math.floor(step / stepsPerEpoch));
  },
});
