import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

export interface ExtenderProcess {
  readonly url: string;
  readonly child: ChildProcess;
  readonly stop: () => Promise<void>;
}

/**
 * `spillway serve-simulation` as a process of its own: who drives it from here stands still meanwhile and could
 * not answer itself.
 *
 * @param bundle the folder that test/bundle.ts provides
 */
export async function startExtender(bundle: string): Promise<ExtenderProcess> {
  const child = spawn(process.execPath, [join(bundle, 'spillway.js'), 'serve-simulation', '--port', '0'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const exited = once(child, 'exit');
  const lines = createInterface({ input: child.stdout });
  for await (const line of lines) {
    const { port, message } = JSON.parse(line);
    if (port === undefined) throw new Error(message);
    child.stdout.resume();
    return {
      url: `http://127.0.0.1:${port}`,
      child,
      stop: async () => {
        child.kill('SIGTERM');
        await exited;
      },
    };
  }
  throw new Error('the extender ended before it listened');
}
