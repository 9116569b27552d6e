import { writeSync } from 'node:fs';
import { type DestinationStream, type Logger, pino, stdSerializers, stdTimeFunctions } from 'pino';
import type { LogLevel } from '../config/config.ts';
import { printable, printableJson } from '../text/printable.ts';
import { LogOutput } from './log-output.ts';

export type { Logger };

const MAX_ERROR_CHARACTERS = 200;
const MAX_STACK_CHARACTERS = 4000;

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
      serializers: { error: shortError },
      // Whatever a line holds, the terminal that shows it must not act upon it.
      hooks: { streamWrite: printableJson },
      formatters: { level: (label) => ({ level: label }) },
    },
    stream,
  );
}

/** A message may quote what made it fail, and a stack begins with the message. */
function shortError(error: unknown): unknown {
  if (!(error instanceof Error)) return error;
  const { type, message, stack } = stdSerializers.err(error);
  return {
    type,
    message: printable(message, MAX_ERROR_CHARACTERS),
    stack: stack.slice(0, MAX_STACK_CHARACTERS),
  };
}
