import { initializer } from '../contracts/initializer.ts';

/** All zeros: for biases. Weights that start equal stay equal, so never for a hidden layer. */
export const zeros = initializer({
  kind: 'zeros',
  summary: 'All zeros.',
  fields: {},
  build: () => () => 0,
});
