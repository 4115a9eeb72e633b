// Runs a target on mutated inputs. The main thread watches how far it is.
import { isDeepStrictEqual } from 'node:util';
import { parentPort, workerData } from 'node:worker_threads';
import { LockstepError } from '../../dist/src/foundation/errors.js';
import { drawing, mutated } from './mutate.mjs';
import { cleanUp, targets } from './targets.mjs';

const { name, first, count, at } = workerData;
const { inputs, parse, prepare, exempt } = targets[name];
const seeds = await inputs();
const sound = exempt ? await Promise.all(seeds.map((seed) => parse(Buffer.from(seed)))) : [];
const counts = { accepted: 0, refused: 0 };
let slowest = 0;

/** What is wrong with an error: a mistake in the input must be a LockstepError. */
function fault(error) {
  if (!(error instanceof LockstepError)) return `${error?.stack ?? error}`;
  return undefined;
}

for (let index = first; index < first + count; index++) {
  Atomics.store(at, 0, index);
  let bytes = mutated(seeds, index);
  if (prepare) bytes = prepare(bytes, drawing(index));
  const begun = performance.now();
  let wrong;
  try {
    const value = await parse(bytes);
    counts.accepted++;
    const other = exempt && !exempt(value) && !sound.some((one) => isDeepStrictEqual(one, value));
    if (other) wrong = 'other figures were accepted';
  } catch (error) {
    counts.refused++;
    wrong = fault(error);
  }
  slowest = Math.max(slowest, performance.now() - begun);
  if (wrong) parentPort.postMessage({ index, wrong });
}
await cleanUp();
parentPort.postMessage({ done: counts, slowest });
