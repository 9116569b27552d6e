import { open } from 'node:fs/promises';
import { until } from '../../control-plane/harness/wait.ts';

/** A program's log that is read on while it grows. */
export interface LogReader {
  /** Reads on until all of this has been seen; what has been seen before does not count. */
  readonly waitFor: (
    what: string,
    isThere: (lines: readonly string[]) => boolean,
  ) => Promise<readonly string[]>;
}

/** Levels at which kube-scheduler says what it knows of the cluster, and every plugin's score of every node. */
export const LOG_FLAGS = ['--v=2', '--vmodule=eventhandlers=3,schedule_one=10'] as const;

export function createLogReader(file: string): LogReader {
  let position = 0;
  let rest = '';
  const readOn = async (): Promise<readonly string[]> => {
    const handle = await open(file);
    try {
      const { size } = await handle.stat();
      if (size === position) return [];
      const { buffer, bytesRead } = await handle.read(
        Buffer.alloc(size - position),
        0,
        size - position,
        position,
      );
      position += bytesRead;
      const lines = (rest + buffer.toString('utf8', 0, bytesRead)).split('\n');
      rest = lines.pop() ?? '';
      return lines;
    } finally {
      await handle.close();
    }
  };
  return {
    waitFor: async (what, isThere) => {
      const lines: string[] = [];
      await until(
        `${what} in ${file}`,
        async () => {
          lines.push(...(await readOn()));
          return isThere(lines) ? true : undefined;
        },
        { intervalMs: 5 },
      );
      return lines;
    },
  };
}
