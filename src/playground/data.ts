/** The data of the page: points are made here, and the digits lie behind it. */
import { type Dataset, datasetOf, spirals, twoMoons } from 'lockstep/browser';
import { type Choice, samples } from './choice.ts';
import { bytesOf, inflated } from './packed.ts';

/** Images of the training and of the test set, as scripts/playground.mjs packs them. */
const digits = { train: 2000, test: 500, side: 28 };

let unpacked: Promise<Dataset> | undefined;

export function openData({ source, noise }: Choice): Promise<Dataset> {
  switch (source) {
    case 'two-moons':
      return Promise.resolve(twoMoons({ samples, noise }));
    case 'spirals':
      return Promise.resolve(spirals({ samples, noise }));
    case 'mnist-2000':
      unpacked ??= unpackDigits();
      return unpacked;
  }
}

/** The images of both sets, and then the labels. */
async function unpackDigits(): Promise<Dataset> {
  const bytes = await inflated(bytesOf('digits'));
  const pixels = digits.side ** 2;
  const count = digits.train + digits.test;
  const labels = bytes.subarray(count * pixels);
  const part = (first: number, end: number) => ({
    images: bytes.subarray(first * pixels, end * pixels),
    labels: labels.subarray(first, end),
  });
  return datasetOf({
    ...{ name: 'mnist-2000', height: digits.side, width: digits.side, classes: 10 },
    train: part(0, digits.train),
    test: part(digits.train, count),
  });
}
