// What programs hand to the library.
import { type Experiment, type TrainEvent, train } from '#lockstep/index.js';

export const settings = {
  data: { validation: 3 },
  model: [{ kind: 'dense', units: 5 }, 'relu', { kind: 'dense', units: 'classes' }],
  optimizer: { kind: 'sgd', learningRate: 0.1 },
  batchSize: 4,
  epochs: 2,
};

/** Twelve images of 2 x 2 pixels, three classes. */
export const arrays = () => ({
  height: 2,
  width: 2,
  train: {
    images: Uint8Array.from({ length: 48 }, (_, i) => (37 * i) % 256),
    labels: Array.from({ length: 12 }, (_, i) => i % 3),
  },
  test: { images: [[1, 2, 3, 4]], labels: [2] },
});

/** What a program hands in, whatever TypeScript says. */
export const wrong = <T>(value: unknown) => value as T;

export async function events(
  experiment: Experiment,
  options: Parameters<typeof train>[1],
): Promise<TrainEvent[]> {
  const all: TrainEvent[] = [];
  for await (const event of train(experiment, options)) all.push(event);
  return all;
}
