// Whole epochs of Lockstep, as a library trains them.
import { threads } from '../../dist/src/crew.js';
import { train } from '../../dist/src/train.js';

/**
 * Trains from the start with this many threads, and gives the seconds of each epoch but the first, which
 * warms up, the mean loss of the last one, and the digest of the weights.
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
  return { seconds: seconds.slice(1), loss, digest };
}
