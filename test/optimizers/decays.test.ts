import { expect, test } from 'vitest';
import { decays } from '#lockstep/contracts/optimizer.js';

test.each([
  ['none', true, true],
  ['biases', false, true],
  ['norms', true, false],
  ['biases-and-norms', false, false],
])('without %s: biases %s, norms %s, weights always', (exempt, bias, norm) => {
  const roles = ['bias', 'norm', 'weight'] as const;
  expect(roles.map((role) => decays(role, exempt))).toEqual([bias, norm, true]);
});
