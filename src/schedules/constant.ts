import { schedule } from '../contracts/schedule.ts';

/** The learning rate stays the same. */
export const constant = schedule({
  kind: 'constant',
  summary: 'The learning rate stays the same.',
  fields: {},
  build: () => () => 1,
});
