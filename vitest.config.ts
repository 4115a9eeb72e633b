import { configDefaults, defineConfig } from 'vitest/config';

// Tests import the built program (`#lockstep/...` is dist/src/...): worker threads open files that Vitest
// does not transform, and so the tests try exactly what ships. `npm test` builds first. What takes long and
// breaks seldom has a name that ends in .long.test.ts: `npm run test:long` runs it.
export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    exclude: [...configDefaults.exclude, '**/*.long.test.ts'],
    testTimeout: 60_000,
    // As many files at once as there are cores; by default it would be one at a time on two.
    maxWorkers: '100%',
  },
});
