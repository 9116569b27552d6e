import type { Reporter } from 'vitest/node';
import { keepLogs } from './run-directory.ts';

/** Only a reporter hears of every failure, those of fixtures and hooks too. */
export function keepLogsReporter(runDir: string): Reporter {
  return {
    onTestRunEnd(_modules, errors, reason) {
      if (reason !== 'passed' || errors.length > 0) keepLogs(runDir);
    },
  };
}
