import { initializer } from '../contracts/initializer.ts';

/** Normal with a given standard deviation. */
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
