// A data set that a network learns quickly: each class lights its own stripe of a small image, with noise.

import { stream } from '#lockstep/foundation/random.js';
import { idx } from './data-files.ts';

export interface ToyOptions {
  train?: number;
  test?: number;
  side?: number;
  classes?: number;
}

/** The four IDX files of a toy data set, by name. */
export function toyFiles({
  train = 600,
  test = 120,
  side = 8,
  classes = 4,
}: ToyOptions = {}): Record<string, Buffer> {
  const part = (name: string, count: number): [images: Buffer, labels: Buffer] => {
    const random = stream('toy', name);
    const labels = Array.from({ length: count }, () => random.below(classes));
    const pixels = labels.flatMap((label) =>
      Array.from({ length: side * side }, (_, i) => {
        const lit = Math.floor(i / side) % classes === label;
        return lit || random.below(8) === 0 ? 100 + random.below(156) : 0;
      }),
    );
    return [idx(0x803, [count, side, side], pixels), idx(0x801, [count], labels)];
  };
  const [trainImages, trainLabels] = part('train', train);
  const [testImages, testLabels] = part('test', test);
  return {
    'train-images-idx3-ubyte': trainImages,
    'train-labels-idx1-ubyte': trainLabels,
    't10k-images-idx3-ubyte': testImages,
    't10k-labels-idx1-ubyte': testLabels,
  };
}

/** An experiment for the toy data, with one line for each setting. */
export const toyExperiment = `name: toy
seed: 5
data: { source: data, validation: 100 }
model:
  - { kind: dense, units: 16 }
  - relu
  - { kind: dense, units: classes }
optimizer: { kind: sgd, learningRate: 0.1, momentum: 0.9 }
batchSize: 25
epochs: 3
`;
