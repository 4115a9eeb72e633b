import { expect, test } from 'vitest';
import { inline } from '#lockstep/crew.js';
import { type EndEvent, train } from '#lockstep/train.js';
import { tinyDataset, tinyExperiment } from './support/tiny.ts';

async function endOf(options: { test?: boolean }): Promise<EndEvent> {
  const experiment = tinyExperiment({ model: [{ kind: 'dense', units: 'classes' }] });
  for await (const event of train(experiment, { dataset: tinyDataset(), crew: inline(), ...options })) {
    if (event.kind === 'end') return event;
  }
  throw new Error('the training did not end');
}

test('a training that is not to look at the test set has no figures of it, and the same weights', async () => {
  const [judged, blind] = [await endOf({}), await endOf({ test: false })];
  expect(judged.test?.accuracy).toBeGreaterThanOrEqual(0);
  expect(blind.test).toBeUndefined();
  expect(blind.weightsSha256).toBe(judged.weightsSha256);
});
