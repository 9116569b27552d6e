import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';
import { ProcessesFirst } from './test/sequencer.ts';

/** What decides: a branch of these folders that no test takes is one that nobody knows. */
const DECIDES = ['placement', 'picture', 'extender'].map((folder) => `src/${folder}/**`);

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
    // One more than there are cores: what waits for a process or for a time limit leaves its core to the others.
    maxWorkers: availableParallelism() + 1,
    coverage: {
      provider: 'v8',
      include: DECIDES,
      reporter: ['text'],
      thresholds: Object.fromEntries(DECIDES.map((files) => [files, { branches: 95 }])),
    },
  },
});
