import { expect, test } from 'vitest';
import { createProposals } from '#lockstep/sweep/proposals.js';
import { identityOf, makeTrial } from '#lockstep/sweep/trial.js';
import { toySweep } from '../support/toy-sweep.ts';

const file = toySweep(`sweep:
  method: random
  run_cap: 2
  parameters: { optimizer.learningRate: { min: 0.05, max: 0.1 } }
`);
const point = createProposals(file.sweep).next([], [])!;

test('the name of a training depends on the experiment and on the data', () => {
  const idOf = (data: string, rate: unknown = point['optimizer.learningRate']) =>
    makeTrial(file, 1, { 'optimizer.learningRate': rate }, data).runs[0]!.id;
  const data = 'a'.repeat(64);
  expect(idOf(data)).toBe(idOf(data));
  // As long a digest, of other data.
  expect(idOf('b'.repeat(64))).not.toBe(idOf(data));
  expect(idOf(data, 0.0625)).not.toBe(idOf(data));
});

test('and on how it is executed only if the sweep varies that', () => {
  const { experiment } = makeTrial(file, 1, point, '').runs[0]!;
  const two = { ...experiment, execution: { ...experiment.execution, threads: 2 } };
  expect(identityOf(two, point, '')).toBe(identityOf(experiment, point, ''));
  const varied = identityOf(two, { ...point, 'execution.threads': 2 }, '');
  expect(varied).not.toBe(identityOf(two, point, ''));
  expect(varied).not.toBe(identityOf(two, { ...point, 'execution.threads': 3 }, ''));
});
