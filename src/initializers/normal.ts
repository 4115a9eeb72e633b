import { initializer } from '../contracts/initializer.ts';

/** Normal with a standard deviation of your own: 1 is the standard normal, 0.01 a scaled one. */
export const normal = initializer({
  kind: 'normal',
  summary: 'Normal with a given standard deviation.',
  fields: {
    deviation: { type: 'number', exclusiveMinimum: 0, default: 0.01, description: 'Standard deviation.' },
  },
  build:
    ({ deviation }, _fans, random) =>
    () =>
      deviation * random.normal(),
});
