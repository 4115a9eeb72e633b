// One thread, and more threads than a minibatch has rows: the same bits for each kind of training.
import { expect, test } from 'vitest';
import { inline } from '#lockstep/parallel/inline.js';
import { threads } from '#lockstep/parallel/threads.js';
import { resolve, runToEnd } from '../../scripts/golden.mjs';
import { digests } from '../support/digests.ts';
import { dataset, experiments } from '../support/thread-trainings.ts';

test.each(Object.entries(experiments))(
  '%s: 1 and 16 threads have every figure and every weight as inline',
  async (_, settings) => {
    const experiment = resolve(settings);
    const expected = digests(await runToEnd(experiment, dataset, inline()));
    for (const count of [1, 16]) {
      expect(digests(await runToEnd(experiment, dataset, threads(count)))).toStrictEqual(expected);
    }
  },
);
