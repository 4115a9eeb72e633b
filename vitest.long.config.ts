import { configDefaults, mergeConfig } from 'vitest/config';
import config from './vitest.config.ts';

// The tests that `npm test` leaves out, because they start many processes or take long, and break seldom.
export default mergeConfig(
  { ...config, test: { ...config.test, include: [], exclude: [] } },
  { test: { include: ['test/**/*.long.test.ts'], exclude: configDefaults.exclude, testTimeout: 300_000 } },
);
