import { allocateSamples, type Dataset, type Samples } from '#lockstep/data/dataset.js';
import { readExperiment } from '#lockstep/experiment/read.js';
import { type Stream, stream } from '#lockstep/foundation/random.js';

type Shape = { height: number; width: number; classes: number; train: number; test: number };

/** A data set without meaning: random images, a third of whose pixels are zero, with random labels. */
export function tinyDataset(shape: Partial<Shape> = {}): Dataset {
  const { height, width, classes, train, test } = {
    height: 3,
    width: 3,
    classes: 3,
    train: 20,
    test: 7,
    ...shape,
  };
  const random = stream(1, 'tiny data');
  const draw = (count: number) => randomSamples(count, height * width, classes, random);
  return { name: 'tiny', height, width, classes, train: draw(train), test: draw(test) };
}

function randomSamples(count: number, pixels: number, classes: number, random: Stream): Samples {
  const samples = allocateSamples(count, pixels);
  for (let i = 0; i < samples.images.length; i++) {
    samples.images[i] = random.below(3) === 0 ? 0 : random.below(256);
  }
  for (let i = 0; i < count; i++) samples.labels[i] = i < classes ? i : random.below(classes);
  return samples;
}

/** A resolved experiment with these settings, small in everything else. */
export function tinyExperiment(settings: object) {
  const text = JSON.stringify({
    seed: 1,
    data: { validation: 0 },
    optimizer: { kind: 'sgd', learningRate: 0.1 },
    batchSize: 8,
    epochs: 1,
    ...settings,
  });
  return readExperiment(text, { file: 'tiny.yaml', name: 'tiny' }).experiment;
}
