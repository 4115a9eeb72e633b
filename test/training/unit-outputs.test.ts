// What every unit of a network gives, beside a model that says what comes out.
import { expect, test } from 'vitest';
import { inline } from '#lockstep/parallel/inline.js';
import { stepped } from '#lockstep/training/stepped.js';
import { trainedModel } from '#lockstep/training/trained-model.js';
import { viewNetwork } from '#lockstep/training/unit-outputs.js';
import { resolve, syntheticDataset } from '../../scripts/golden.mjs';

const dataset = syntheticDataset({ train: 70, test: 17 });

test('the layers’ outputs follow from each other; the last are those of a model with these weights', async () => {
  const experiment = resolve({
    data: { validation: 10 },
    model: [
      { kind: 'dense', units: 9 },
      'relu',
      { kind: 'dense', units: 6 },
      'layer-norm',
      'gelu',
      { kind: 'dense', units: 'classes' },
    ],
    optimizer: { kind: 'adam', learningRate: 0.01 },
    batchSize: 16,
    epochs: 1,
  });
  const training = await stepped(experiment, { dataset, executor: inline() });
  const { plan, signature } = training;
  const view = viewNetwork(experiment, plan.network, signature);
  const { features } = dataset.train;
  const rows = { count: dataset.train.count, features };
  for (const steps of [0, 3]) {
    await training.advance(steps);
    const { weights, state } = training.weights();
    view.write({ weights, state });
    const { layers, probabilities } = view.outputs(rows);
    const model = trainedModel(experiment, plan.network, signature, weights, state);
    expect(probabilities).toEqual(model.probabilities(rows));
    expect(layers.map(({ path }) => path)).toEqual([0, 2, 3, 4, 5].map((i) => `model[${i}]`));
    expect(layers.map(({ units }) => units)).toEqual([9, 6, 6, 6, plan.network.outputs]);
    const [rectified, dense] = layers;
    // The rectifier works where the layer before it wrote.
    expect(Math.min(...rectified!.values)).toBe(0);
    const [W, b] = ['model.2.W', 'model.2.b'].map((id) => weights.find((one) => one.id === id)!.values);
    for (let unit = 0; unit < 6; unit++) {
      let sum = b![unit]!;
      for (let i = 0; i < 9; i++) sum += rectified!.values[9 + i]! * W![i * 6 + unit]!;
      expect(dense!.values[6 + unit]).toBeCloseTo(sum, 4);
    }
  }
  await training.end();
});
