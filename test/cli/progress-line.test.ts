import { expect, test } from 'vitest';
import { progressText } from '#lockstep/cli/progress-line.js';

const middle = {
  epoch: 3,
  step: 512,
  stepsPerEpoch: 860,
  stepsLeft: 5000,
  loss: 0.0841,
  stepsPerSecond: 2500,
};

test('the line says how far an epoch is, how fast it goes, and how long the training will take', () => {
  expect(progressText(middle, 12, 64)).toBe(
    'epoch 3/12 ━━━━━━────  step 512/860  loss 0.0841  160k samples/s  2.00 s left',
  );
});

test('when all steps are done, the test set is evaluated, and there is neither a loss nor a rate', () => {
  const after = { ...middle, step: 860, stepsLeft: 0, loss: Number.NaN, stepsPerSecond: 0 };
  expect(progressText(after, 12, 64)).toBe('epoch 3/12 ━━━━━━━━━━  evaluating');
});

test('before the first step there is neither', () => {
  const before = { ...middle, step: 0, loss: Number.NaN, stepsPerSecond: 0 };
  expect(progressText(before, 12, 64)).toBe('epoch 3/12 ──────────  step 0/860');
  expect(progressText({ ...before, epoch: 0 }, 12, 64)).toBe('starting');
});
