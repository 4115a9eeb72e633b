import { initializer } from '../contracts/initializer.ts';

/** All zeros, for biases. Never for the weights of a hidden layer: weights that start equal stay equal. */
export const zeros = initializer({
  kind: 'zeros',
  summary: 'All zeros.',
  fields: {},
  build: () => () => 0,
});
