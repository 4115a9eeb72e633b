// Whole epochs of Lockstep, as a library trains them.
import { threads } from '../../dist/src/crew.js';
import { train } from '../../dist/src/train.js';

/**
 * Epochs that warm up. Each thread's V8 compiles the training's JavaScript once more as it gets hot, for most of the first second, on
 * the cores that the threads need: with two threads on two cores the epochs 2 to 4 of a small network take a fifth longer.
 */
export const warmUps = 4;

/**
 * Trains from the start with this many threads, and gives the seconds of each epoch after those that warm up, and of these; the mean
 * loss of the last one, and the digest of the weights.
 */
export async function lockstepEpochs(experiment, dataset, count) {
  const seconds = [];
  let loss = Number.NaN;
  let digest;
  for await (const event of train(experiment, { dataset, crew: threads(count), test: false })) {
    if (event.kind === 'epoch') {
      seconds.push(event.seconds);
      loss = event.train.loss;
    }
    if (event.kind === 'end') digest = event.weightsSha256;
  }
  return { seconds: seconds.slice(warmUps), first: seconds.slice(0, warmUps), loss, digest };
}
