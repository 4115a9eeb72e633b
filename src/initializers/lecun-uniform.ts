import { initializer } from '../contracts/initializer.ts';

/**
 * Uniform with variance 1 / fanIn: keeps the size of activations through linear and tanh units.
 *
 * LeCun, Bottou, Orr, Müller, "Efficient backprop", 1998.
 */
export const lecunUniform = initializer({
  kind: 'lecun-uniform',
  summary: 'Uniform with variance 1 / fanIn.',
  fields: {},
  build(_config, { fanIn }, random) {
    const limit = Math.sqrt(3 / fanIn);
    return () => limit * (2 * random.uniform() - 1);
  },
});
