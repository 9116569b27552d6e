import { defineConfig } from 'vitest/config';
import { keepLogsReporter } from './harness/reporter.ts';
import { runDirectoryOf } from './harness/run-directory.ts';

const runDir = runDirectoryOf(process.pid);

export default defineConfig({
  test: {
    include: ['test/control-plane/**/*.test.ts'],
    globalSetup: ['test/control-plane/setup.ts'],
    provide: { runDir },
    reporters: ['verbose', keepLogsReporter(runDir)],
    // One worker for all files: they share a control plane, and two cores.
    pool: 'forks',
    maxWorkers: 1,
    isolate: false,
    fileParallelism: false,
    // A file's first test includes its stage's start: 35 s, of which 25 s are metrics-server's.
    testTimeout: 180_000,
    hookTimeout: 180_000,
    teardownTimeout: 30_000,
  },
});
