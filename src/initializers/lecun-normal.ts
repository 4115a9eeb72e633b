import { initializer } from '../contracts/initializer.ts';

/**
 * Normal with variance 1 / fanIn: keeps the size of activations through linear and tanh units.
 *
 * LeCun, Bottou, Orr, Müller, "Efficient backprop", 1998.
 */
export const lecunNormal = initializer({
  kind: 'lecun-normal',
  summary: 'Normal with variance 1 / fanIn.',
  fields: {},
  build(_config, { fanIn }, random) {
    const deviation = Math.sqrt(1 / fanIn);
    return () => deviation * random.normal();
  },
});
