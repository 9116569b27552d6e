import { type DestinationStream, destination, type Logger, pino, stdTimeFunctions } from 'pino';
import type { LogLevel } from '../config/config.ts';

export type { Logger };

type Write = (
  level: 'info' | 'warn' | 'error',
  message: string,
  fields: Readonly<Record<string, unknown>>,
) => void;

/** For observers that hand over a line to be logged. */
export function writeTo(logger: Logger): Write {
  return (level, message, fields) => logger[level](fields, message);
}

/**
 * JSON lines with the time in ISO 8601 and the level as a word.
 *
 * @param stream standard output by default, written to without waiting: a slow reader of the log must not
 *   hold up the scheduler. What is still in the buffer is written at exit.
 */
export function createLogger(
  level: LogLevel,
  stream: DestinationStream = destination({ dest: 1, sync: false }),
): Logger {
  return pino(
    {
      level,
      base: null,
      messageKey: 'message',
      errorKey: 'error',
      timestamp: stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
    },
    stream,
  );
}
