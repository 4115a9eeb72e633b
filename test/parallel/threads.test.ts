import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';
import type { Executor } from '#lockstep/parallel/executor.js';
import { inline } from '#lockstep/parallel/inline.js';
import { threads } from '#lockstep/parallel/threads.js';
import { train } from '#lockstep/training/train.js';
import { resolve, runToEnd } from '../../scripts/golden.mjs';
import { digests } from '../support/digests.ts';
import { dataset, experiments } from '../support/thread-trainings.ts';
import { tinyDataset, tinyExperiment } from '../support/tiny.ts';

describe.each(Object.entries(experiments))('%s', (_, settings) => {
  const experiment = resolve(settings);
  const alone = runToEnd(experiment, dataset, inline());
  const expected = alone.then(digests);

  test('is learnt at all', async () => {
    const { epochs, end } = await alone;
    expect(epochs).toHaveLength(experiment.epochs!);
    expect(epochs.at(-1)!.train.loss).toBeLessThan(epochs[0]!.train.loss);
    expect(end.weights.some(({ values }) => values.some((value) => value !== 0))).toBe(true);
  });

  test.each([2, 5])('%i threads: every figure and every weight as inline', async (count) => {
    expect(digests(await runToEnd(experiment, dataset, threads(count)))).toStrictEqual(await expected);
  });
});

// More threads than a minibatch has rows: some of them only wait at barriers.
test('16 threads for minibatches of 3 rows: every figure and every weight as inline', async () => {
  const experiment = resolve(experiments['minibatches of 3 rows, without validation']!);
  const expected = await runToEnd(experiment, dataset, inline());
  expect(digests(await runToEnd(experiment, dataset, threads(16)))).toStrictEqual(digests(expected));
});

test('an executor that chooses how many take part has the same bits', async () => {
  const experiment = resolve({ ...Object.values(experiments)[0], epochs: 12, evaluateEvery: { steps: 40 } });
  const expected = await runToEnd(experiment, dataset, inline());
  const chosen = await runToEnd(experiment, dataset, threads(4, { choose: true }));
  expect(digests(chosen)).toStrictEqual(digests(expected));
});

test('threads that start before the task is known have the same bits, and the next ones too', async () => {
  const experiment = resolve(Object.values(experiments)[0]!);
  const expected = digests(await runToEnd(experiment, dataset, inline()));
  const executor = threads(3);
  executor.prepare!();
  expect(digests(await runToEnd(experiment, dataset, executor))).toStrictEqual(expected);
  expect(digests(await runToEnd(experiment, dataset, executor))).toStrictEqual(expected);
});

test('threads that start and are never asked to work keep no process alive', async () => {
  const executor = import.meta.resolve('#lockstep/parallel/threads.js');
  const program = `import { threads } from ${JSON.stringify(executor)};
threads(2).prepare();
console.log('ready');`;
  const args = ['--input-type=module', '--eval', program];
  const { stdout } = await promisify(execFile)(process.execPath, args, { timeout: 20_000 });
  expect(stdout).toBe('ready\n');
});

// An augmentation that changes nothing: the same images are then read as numbers.
test.each([
  { batchSize: 40, images: 'of one sum' },
  { batchSize: 600, images: 'of a few sums' },
  { batchSize: 'full', images: 'of many sums, whose pixels are listed in parts' },
])('images from lists give the bits of their numbers: minibatches $images', async ({ batchSize }) => {
  const dataset = tinyDataset({ height: 20, width: 15, train: 1300 });
  const digest = async (executor: Executor, augmentation: object[]) => {
    const experiment = tinyExperiment({
      model: [{ kind: 'dense', units: 40 }, 'relu', { kind: 'dense', units: 'classes' }],
      batchSize,
      augmentation,
      epochs: 2,
    });
    for await (const event of train(experiment, { dataset, executor })) {
      if (event.kind === 'end') return event.weightsSha256;
    }
    throw new Error('the training did not end');
  };
  const numbers = await digest(inline(), [{ kind: 'shift', pixels: 0 }]);
  for (const executor of [inline(), threads(1), threads(2), threads(5)])
    expect(await digest(executor, [])).toBe(numbers);
});
