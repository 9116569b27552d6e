import { defineConfig } from 'vitest/config';

/** Attacks on the service as a process. Beside other suites its times would be theirs. */
export default defineConfig({
  test: {
    include: ['test/fuzz/**/*.test.ts'],
    reporters: ['verbose'],
    // The tests start processes of their own, which two cores are just enough for.
    pool: 'forks',
    maxWorkers: 1,
    fileParallelism: false,
    hookTimeout: 900_000,
  },
});
