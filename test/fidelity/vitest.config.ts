import { defineConfig } from 'vitest/config';
import { keepLogsReporter } from '../control-plane/harness/reporter.ts';
import { runDirectoryOf } from '../control-plane/harness/run-directory.ts';

const runDir = runDirectoryOf(process.pid);

/** The simulator's models against the real programs, on control planes as those of test/control-plane. */
export default defineConfig({
  test: {
    include: ['test/fidelity/**/*.test.ts'],
    globalSetup: ['test/control-plane/setup.ts'],
    provide: { runDir },
    reporters: ['verbose', keepLogsReporter(runDir)],
    // Two cores: what runs beside a scheduler or a controller makes its times worse.
    pool: 'forks',
    maxWorkers: 1,
    fileParallelism: false,
    testTimeout: 600_000,
    hookTimeout: 180_000,
    teardownTimeout: 30_000,
  },
});
