import { initializer } from '../contracts/initializer.ts';

/** Uniform between -limit and limit. The default limit is 1 / sqrt(fanIn), as in PyTorch's Linear. */
export const uniform = initializer({
  kind: 'uniform',
  summary: 'Uniform between -limit and limit; limit 0 means 1 / sqrt(fanIn).',
  fields: {
    limit: { type: 'number', minimum: 0, default: 0, description: 'Largest size; 0 means 1 / sqrt(fanIn).' },
  },
  build({ limit }, { fanIn }, random) {
    const size = limit > 0 ? limit : Math.sqrt(1 / fanIn);
    return () => size * (2 * random.uniform() - 1);
  },
});
