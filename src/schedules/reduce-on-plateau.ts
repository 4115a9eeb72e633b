import { improvements } from '../contracts/figures.ts';
import { schedule, watchedMetric } from '../contracts/schedule.ts';

/**
 * The learning rate is multiplied by `factor` when a validation figure has not improved for more than
 * `patience` evaluations.
 *
 * This is the rule of PyTorch's ReduceLROnPlateau with a relative threshold. After a reduction, `cooldown`
 * evaluations are not counted.
 */
export const reduceOnPlateau = schedule({
  kind: 'reduce-on-plateau',
  summary: 'The learning rate is multiplied by a factor when a validation figure stops improving.',
  fields: {
    metric: watchedMetric,
    factor: {
      type: 'number',
      exclusiveMinimum: 0,
      exclusiveMaximum: 1,
      default: 0.1,
      description: 'Factor on the learning rate at each reduction.',
    },
    patience: {
      type: 'integer',
      minimum: 0,
      default: 10,
      description: 'Evaluations without progress that are tolerated; the next one reduces the learning rate.',
    },
    threshold: {
      type: 'number',
      minimum: 0,
      exclusiveMaximum: 1,
      default: 0.0001,
      description: 'Margin, relative to the best figure, by which it must be beaten to count as progress.',
    },
    cooldown: {
      type: 'integer',
      minimum: 0,
      default: 0,
      description: 'Evaluations after a reduction that are not counted.',
    },
    floor: {
      type: 'number',
      minimum: 0,
      maximum: 1,
      default: 0,
      description: 'Smallest factor on the learning rate.',
    },
  },
  build: () => () => 1,
  follow({ factor, patience, threshold, cooldown, floor }, history, watched) {
    let rate = 1;
    let bad = 0;
    let cooling = 0;
    for (const better of improvements(history, watched, { relative: threshold })) {
      bad = better ? 0 : bad + 1;
      if (cooling > 0) {
        cooling--;
        bad = 0;
      }
      if (bad > patience) {
        rate = Math.max(rate * factor, floor);
        cooling = cooldown;
        bad = 0;
      }
    }
    return rate;
  },
});
