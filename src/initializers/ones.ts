import { initializer } from '../contracts/initializer.ts';

/** All ones: for the factors of a normalisation. */
export const ones = initializer({
  kind: 'ones',
  summary: 'All ones.',
  fields: {},
  build: () => () => 1,
});
