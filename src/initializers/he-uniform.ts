import { initializer } from '../contracts/initializer.ts';

/**
 * Uniform with variance 2 / fanIn: keeps the size of activations through rectifiers.
 *
 * He, Zhang, Ren, Sun, "Delving deep into rectifiers", 2015.
 */
export const heUniform = initializer({
  kind: 'he-uniform',
  summary: 'Uniform with variance 2 / fanIn.',
  fields: {},
  build(_config, { fanIn }, random) {
    const limit = Math.sqrt(6 / fanIn);
    return () => limit * (2 * random.uniform() - 1);
  },
});
