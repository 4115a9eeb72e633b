import { initializer } from '../contracts/initializer.ts';

/**
 * Normal with variance 2 / (fanIn + fanOut): a compromise between keeping activations and keeping
 * gradients the same size.
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
