import { schedule } from '../contracts/schedule.ts';

/** The learning rate stays as it is. */
export const constant = schedule({
  kind: 'constant',
  summary: 'The learning rate stays as it is.',
  fields: {},
  build: () => () => 1,
});
