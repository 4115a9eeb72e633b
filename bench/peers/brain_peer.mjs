// brain.js as a peer; see peer.py. It has dense layers with one activation, which the output also gets,
// squared error, and SGD with momentum. It updates after each sample and ignores `batchSize`.
//
// This is its fastest plain form: the data are already in its own format, so it turns no objects into arrays,
// and it computes no error.

import { createRequire } from 'node:module';
import brain from 'brain.js';
import { load, permutation, serve, Unsupported } from './peer.mjs';

const { version } = createRequire(import.meta.url)('brain.js/package.json');

await serve(`brain.js ${version}`, ({ model, optimizer, epochs, samples }) => {
  const others = model
    .map(({ kind }) => kind)
    .filter((kind) => !['dense', 'relu', 'leaky-relu'].includes(kind));
  if (others.length > 0) throw new Unsupported(`brain.js has no ${others[0]}`);
  if (optimizer.kind !== 'sgd') throw new Unsupported(`brain.js has no ${optimizer.kind}`);
  const { x, labels, pixels } = load(samples);
  const data = Array.from(labels, (label, i) => ({
    input: x.slice(i * pixels, (i + 1) * pixels),
    output: Float32Array.from({ length: 10 }, (_, index) => (index === label ? 1 : 0)),
  }));
  const leaky = model.find(({ kind }) => kind === 'leaky-relu');
  const network = new brain.NeuralNetwork({
    hiddenLayers: model
      .filter(({ kind }) => kind === 'dense')
      .slice(0, -1)
      .map(({ units }) => units),
    activation: leaky ? 'leaky-relu' : 'relu',
    ...(leaky ? { leakyReluAlpha: leaky.slope } : {}),
    learningRate: 0.005,
    momentum: 0.1,
  });
  network.updateTrainingOptions({ learningRate: 0.005, momentum: 0.1 });
  network.verifyIsInitialized(data);
  const seconds = [];
  for (let epoch = 0; epoch < epochs; epoch++) {
    const begun = performance.now();
    const order = permutation(samples);
    for (const sample of order) network.trainPattern(data[sample]);
    seconds.push((performance.now() - begun) / 1000);
  }
  return { seconds, loss: network.calculateTrainingError(data) };
});
