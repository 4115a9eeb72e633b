import { schedule } from '../contracts/schedule.ts';

/** The learning rate is multiplied by `factor` after every `every` epochs. */
export const step = schedule({
  kind: 'step',
  summary: 'The learning rate is multiplied by a factor every few epochs.',
  fields: {
    every: { type: 'integer', minimum: 1, description: 'Epochs from one reduction to the next.' },
    factor: {
      type: 'number',
      exclusiveMinimum: 0,
      maximum: 1,
      default: 0.1,
      description: 'Factor on the learning rate at each reduction.',
    },
  },
  build({ every, factor }, { stepsPerEpoch }) {
    return (step) => {
      let rate = 1;
      for (let i = Math.floor(step / (every * stepsPerEpoch)); i > 0; i--) rate *= factor;
      return rate;
    };
  },
});
