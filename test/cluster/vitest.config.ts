import { defineConfig } from 'vitest/config';
import { keepLogsReporter } from './harness/reporter.ts';
import { runDirectoryOf } from './harness/run-directory.ts';

const runDir = runDirectoryOf(process.pid);

export default defineConfig({
  test: {
    include: ['test/cluster/**/*.test.ts'],
    globalSetup: ['test/cluster/setup.ts'],
    provide: { runDir },
    reporters: ['verbose', keepLogsReporter(runDir)],
    // One worker for all files: they share a control plane, and two cores.
    pool: 'forks',
    maxWorkers: 1,
    isolate: false,
    fileParallelism: false,
    testTimeout: 120_000,
    // The first file's set-up includes the start of the control plane and the first metrics.
    hookTimeout: 180_000,
    teardownTimeout: 30_000,
  },
});
