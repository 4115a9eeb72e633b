import { defineConfig } from 'vitest/config';

// Tests import the built program (`#lockstep/...` is dist/src/...): worker threads open files that Vitest
// does not transform, and so the tests try exactly what ships. `npm test` builds first.
export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    testTimeout: 60_000,
  },
});
