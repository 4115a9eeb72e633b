import { allocateImages, type Dataset, type Samples } from '#lockstep/data/dataset.js';
import { readExperiment } from '#lockstep/experiment/read.js';
import { type Stream, stream } from '#lockstep/foundation/random.js';
import type { DataShape } from '#lockstep/model/network.js';

type Shape = {
  height: number;
  width: number;
  channels: number;
  classes: number;
  train: number;
  test: number;
};

/** A data set without meaning: random images, a third of whose pixels are zero, with random labels. */
export function tinyDataset(shape: Partial<Shape> = {}): Dataset {
  const { height, width, channels, classes, train, test } = {
    height: 3,
    width: 3,
    channels: 1,
    classes: 3,
    train: 20,
    test: 7,
    ...shape,
  };
  const random = stream(1, 'tiny data');
  const draw = (count: number) => randomSamples(count, height * width * channels, classes, random);
  return {
    name: 'tiny',
    features: { kind: 'bytes', shape: [height, width, channels] },
    targets: { kind: 'classes', count: classes },
    train: draw(train),
    test: draw(test),
  };
}

function randomSamples(count: number, pixels: number, classes: number, random: Stream): Samples {
  const samples = allocateImages(count, pixels);
  for (let i = 0; i < samples.features.length; i++) {
    samples.features[i] = random.below(3) === 0 ? 0 : random.below(256);
  }
  for (let i = 0; i < count; i++) samples.targets[i] = i < classes ? i : random.below(classes);
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

/** The shape of grey pictures with classes. */
export function dataShape({ inputs, classes }: { inputs: number; classes: number }): DataShape {
  return { inputs, outputs: classes, task: 'classes', packable: true };
}
