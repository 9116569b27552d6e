import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    exclude: [
      'test/control-plane/**',
      'test/bench/**',
      'test/browser/**',
      'test/fidelity/**',
      'test/fuzz/**',
    ],
    // Two cores are what every machine of ours has; threads start faster than processes there.
    pool: 'threads',
  },
});
