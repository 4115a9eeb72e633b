import { initializer } from '../contracts/initializer.ts';

/**
 * Uniform with variance 2 / (fanIn + fanOut): a compromise between the variance that keeps the size of
 * activations and the one that keeps the size of gradients.
 *
 * Glorot and Bengio, "Understanding the difficulty of training deep feedforward neural networks", 2010.
 */
export const glorotUniform = initializer({
  kind: 'glorot-uniform',
  summary: 'Uniform with variance 2 / (fanIn + fanOut).',
  fields: {},
  build(_config, { fanIn, fanOut }, random) {
    const limit = Math.sqrt(6 / (fanIn + fanOut));
    return () => limit * (2 * random.uniform() - 1);
  },
});
