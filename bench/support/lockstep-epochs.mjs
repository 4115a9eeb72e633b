// Whole epochs of Lockstep, trained through the library.
import { threads } from '../../dist/src/parallel/threads.js';
import { train } from '../../dist/src/training/train.js';

/**
 * Number of epochs of 60,000 samples that warm up. Each thread's V8 compiles hot JavaScript anew, piece by
 * piece, on the cores that the threads need. Functions that are called once a step come last: `--trace-opt`
 * shows them after some 3,000 steps. Of more than 256 samples a step takes so long that they hardly count.
 */
export const warmUps = (batchSize) => Math.min(15, Math.max(2, Math.ceil((3500 * batchSize) / 60_000)));

/**
 * Trains from the start with this many threads. Returns the seconds of each epoch after the warm-up of `cold`
 * epochs, those of the warm-up, the mean loss of the last epoch, and the digest of the weights.
 */
export async function lockstepEpochs(experiment, dataset, count, cold = warmUps(experiment.batchSize)) {
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
  return { seconds: seconds.slice(cold), first: seconds.slice(0, cold), loss, digest };
}
