// The common part of all peers in JavaScript: the data, and a process that answers requests. peer.py has the
// protocol.
//
// Called with the IDX files of the training images and labels.
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';

/** The peer cannot express the requested training. */
export class Unsupported extends Error {}

const pixels = 784;

/** The first `count` images as numbers in 0..1 (count, 784), and their labels. */
export function load(count) {
  const [images, labels] = process.argv.slice(2, 4).map((file) => readFileSync(file));
  const x = Float32Array.from(images.subarray(16, 16 + count * pixels), (pixel) => pixel / 255);
  return { x, labels: labels.subarray(8, 8 + count), pixels };
}

/** Whether layers of a model look at images of 28 x 28 places, not at 784 numbers. */
export const seesImages = (model) => model.some(({ kind }) => kind === 'conv' || kind === 'max-pool');

// The libraries draw their weights from here, so that they are the same in every run.
let state = 1;
Math.random = () => {
  state = (Math.imul(state, 1664525) + 1013904223) | 0;
  return (state >>> 0) / 2 ** 32;
};

/** The numbers 0 to count - 1 in random order. */
export function permutation(count) {
  const order = Int32Array.from({ length: count }, (_, i) => i);
  for (let i = count - 1; i > 0; i--) {
    const j = Math.floor(Math.random() * (i + 1));
    [order[i], order[j]] = [order[j], order[i]];
  }
  return order;
}

/** `train(request)` returns { seconds, loss }, or a promise of it, with all epochs. */
export async function serve(name, train) {
  const say = (object) => process.stdout.write(`${JSON.stringify(object)}\n`);
  say({ name });
  for await (const text of createInterface({ input: process.stdin })) {
    try {
      const { seconds, loss } = await train(JSON.parse(text));
      say({ seconds: seconds.slice(1), loss });
    } catch (error) {
      if (!(error instanceof Unsupported)) throw error;
      say({ unsupported: error.message });
    }
  }
}
