import {
  type DestinationStream,
  destination,
  type Logger,
  pino,
  stdSerializers,
  stdTimeFunctions,
} from 'pino';
import type { LogLevel } from '../config/config.ts';
import { printable, printableJson } from '../text/printable.ts';

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
