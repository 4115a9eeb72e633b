import { initializer } from '../contracts/initializer.ts';

/**
 * Normal with variance 2 / fanIn: keeps the size of activations through rectifiers.
 *
 * He, Zhang, Ren, Sun, "Delving deep into rectifiers", 2015.
 */
export const heNormal = initializer({
  kind: 'he-normal',
  summary: 'Normal with variance 2 / fanIn.',
  fields: {},
  build(_config, { fanIn }, random) {
    const deviation = Math.sqrt(2 / fanIn);
    return () => deviation * random.normal();
  },
});
