import { writeSync } from 'node:fs';
import { type DestinationStream, type Logger, pino, stdTimeFunctions } from 'pino';
import type { LogLevel } from '../config/config.ts';
import { LogOutput } from './log-output.ts';

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

/** Some 20 000 lines: at `info` hours, at `debug` seconds of a burst. */
const MAX_BUFFERED_BYTES = 4 * 1024 * 1024;

/** Standard output, never waited for: a slow reader of the log must not hold up the scheduler. */
export function standardOutput(): LogOutput {
  // Asking for it lets libuv make a pipe non-blocking; a worker thread has none of its own.
  const fd = process.stdout.fd ?? 1;
  return new LogOutput({
    write: (bytes) => writeSync(fd, bytes),
    maxBytes: MAX_BUFFERED_BYTES,
    notice: (dropped) => {
      const message = 'log lines dropped: standard output was not read';
      // Not through the logger: it is said at any level.
      return `${JSON.stringify({ level: 'warn', time: new Date().toISOString(), dropped, message })}\n`;
    },
  });
}

/** JSON lines with the time in ISO 8601 and the level as a word. */
export function createLogger(level: LogLevel, stream: DestinationStream = standardOutput()): Logger {
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
