// Whole epochs of Lockstep, as a library trains them.
import { threads } from '../../dist/src/parallel/threads.js';
import { train } from '../../dist/src/training/train.js';

/**
 * Epochs of 60,000 samples that warm up. Each thread's V8 compiles the training's JavaScript anew as it gets hot, piece by piece, on the
 * cores that the threads need. What is called once a step comes last: with `--trace-opt`, after some 3,000 steps.
 */
export const warmUps = (batchSize) => Math.max(2, Math.ceil((3500 * batchSize) / 60_000));

/**
 * Trains from the start with this many threads, and gives the seconds of each epoch after those that warm up, and of these; the mean
 * loss of the last one, and the digest of the weights.
 */
export async function lockstepEpochs(experiment, dataset, count) {
  const seconds = [];
  let loss = Number.NaN;
  let digest;
  for await (const event of train(experiment, { dataset, executor: threads(count), test: false })) {
    if (event.kind === 'epoch') {
      seconds.push(event.seconds);
      loss = event.train.loss;
    }
    if (event.kind === 'end') digest = event.weightsSha256;
  }
  const cold = warmUps(experiment.batchSize);
  return { seconds: seconds.slice(cold), first: seconds.slice(0, cold), loss, digest };
}
