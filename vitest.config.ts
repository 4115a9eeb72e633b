import { defineConfig } from 'vitest/config';

// Tests import the built program (`#lockstep/...` is dist/src/...): worker threads open files that Vitest
// does not transform, and so the tests try exactly what ships. `npm test` builds first.
export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    testTimeout: 60_000,
    // As many files at once as there are cores; by default it would be one at a time on two.
    maxWorkers: '100%',
  },
});
