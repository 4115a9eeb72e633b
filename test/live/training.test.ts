// A page of a long training keeps figures of each epoch, and nothing of its weights.
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, test } from 'vitest';
import { liveTraining } from '#lockstep/live/training.js';
import type { EpochEvent } from '#lockstep/training/events.js';
import { tinyExperiment } from '../support/tiny.ts';

setFlagsFromString('--expose-gc');
const collectGarbage: () => void = runInNewContext('gc');

test('the weights of a best epoch are let go, and its figures stay', async () => {
  const live = liveTraining({ experiment: tinyExperiment({ model: [{ kind: 'dense', units: 'classes' }] }) });
  const weightsAt = (epoch: number) => {
    const weights = new Float64Array(100_000);
    const event = {
      ...{ kind: 'epoch', epoch, step: epoch, learningRate: 0.1, seconds: 1, samplesPerSecond: 1000 },
      ...{ train: { loss: 1 / epoch, accuracy: 0.5 }, validation: undefined, profile: undefined },
      best: () => weights,
    };
    live.show(event as unknown as EpochEvent, false);
    return new WeakRef(weights);
  };
  const all = Array.from({ length: 5 }, (_, i) => weightsAt(i + 1));
  // A weak reference holds its object until the present job has ended.
  await new Promise((resolve) => setImmediate(resolve));
  collectGarbage();
  expect(all.filter((weights) => weights.deref() !== undefined)).toEqual([]);
  expect(live.page().charts[0]!.x).toEqual([1, 2, 3, 4, 5]);
});
