import { initializer } from '../contracts/initializer.ts';

/**
 * Normal with variance 2 / (fanIn + fanOut): a compromise between the variance that keeps the size of
 * activations and the one that keeps the size of gradients.
 *
 * Glorot and Bengio, "Understanding the difficulty of training deep feedforward neural networks", 2010.
 */
export const glorotNormal = initializer({
  kind: 'glorot-normal',
  summary: 'Normal with variance 2 / (fanIn + fanOut).',
  fields: {},
  build(_config, { fanIn, fanOut }, random) {
    const deviation = Math.sqrt(2 / (fanIn + fanOut));
    return () => deviation * random.normal();
  },
});
