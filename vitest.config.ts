import { defineConfig } from 'vitest/config';
import { ProcessesFirst } from './test/sequencer.ts';

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
    globalSetup: ['test/bundle.ts'],
    setupFiles: ['test/left-behind.ts'],
    sequence: { sequencer: ProcessesFirst },
    // Files share their worker's modules, which have no state: a world of its own for each file doubles the CPU.
    isolate: false,
    pool: 'threads',
    // Both of two cores; of itself vitest leaves one free.
    maxWorkers: '100%',
  },
});
