import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { parseDocument } from 'yaml';
import { ROOT } from '../bench/processes.ts';
import { writeKubeconfig } from '../fake/kubeconfig.ts';

const MANIFEST = join(ROOT, 'deploy/kustomize/second-scheduler/deployment.yaml');
const MIB = 1_048_576;
const LOOK_EVERY_MS = 100;
const SHOWN_CHARACTERS = 3000;
const ERROR_LEVELS = /^\{"level":"(?:error|fatal)"/;
/** Short, so that a run does not end with half a minute of waiting. */
const RESERVATION_TTL = '2s';

export interface Memory {
  readonly limitBytes: number;
  /** What Node is told of the heap. */
  readonly options: readonly string[];
}

/**
 * The container's memory as the manifest bounds it. Where the manifest leaves the heap to Node, it takes half of the
 * container's memory for the old generation, and young ones of 1 MiB: what Node 20 says of its heap in a cgroup of
 * 512 MiB is 259 MiB.
 */
export function memoryOfManifest(): Memory {
  const { spec } = parseDocument(readFileSync(MANIFEST, 'utf8')).toJS();
  const containers: readonly Container[] = spec.template.spec.containers;
  const container = containers.find(({ name }) => name === 'spillway');
  const limit = /^(\d+)Mi$/.exec(container?.resources?.limits?.memory ?? '');
  if (limit === null) throw new Error(`${MANIFEST}: no limit of memory in Mi`);
  const limitMib = Number(limit[1]);
  const said = container?.env?.find(({ name }) => name === 'NODE_OPTIONS')?.value?.split(' ');
  const options = said ?? [`--max-old-space-size=${limitMib / 2}`, '--max-semi-space-size=1'];
  return { limitBytes: limitMib * MIB, options };
}

interface Container {
  readonly name: string;
  readonly resources?: { readonly limits?: { readonly memory?: string } };
  readonly env?: readonly { readonly name: string; readonly value?: string }[];
}

/** The product as its users run it: a process, with the memory of the manifest. */
export interface Target {
  readonly port: number;
  readonly url: string;
  /** How it ended; undefined while it runs. */
  readonly ending: () => string | undefined;
  readonly onEnd: (listener: () => void) => void;
  readonly peakRssBytes: () => number;
  /** What its log says at the level of errors, each message and error once, with how often it is there. */
  readonly errors: () => readonly string[];
  readonly stop: () => Promise<void>;
}

export async function startTarget(folder: string, apiUrl: string, { options }: Memory): Promise<Target> {
  const config = join(folder, 'config.yaml');
  writeFileSync(
    config,
    JSON.stringify({
      apiVersion: 'spillway.dev/v1alpha1',
      kind: 'SpillwayConfiguration',
      server: { bindAddress: '127.0.0.1', port: 0 },
      kubernetes: { kubeconfig: writeKubeconfig(folder, apiUrl) },
      metrics: { pollInterval: '1s' },
      reservations: { ttl: RESERVATION_TTL },
    }),
  );
  // A file takes whatever is written; a pipe would need somebody who reads.
  const logFile = join(folder, 'log');
  const log = openSync(logFile, 'w');
  const args = [...options, 'dist/spillway.js', 'serve', '--config', config];
  const child = spawn(process.execPath, args, { cwd: ROOT, stdio: ['ignore', log, log] });
  closeSync(log);
  const memory = watchMemory(child);
  const ending = () => (isOver(child) ? describeEnd(child, logFile) : undefined);
  const port = await portOf(logFile, ending);
  const url = `http://127.0.0.1:${port}`;
  while ((await fetch(`${url}/readyz`)).status !== 200) await delay(20);
  return {
    port,
    url,
    ending,
    onEnd: (listener) => void child.once('exit', listener),
    peakRssBytes: memory.peakBytes,
    errors: () => errorsIn(readFileSync(logFile, 'utf8')),
    stop: async () => {
      memory.stop();
      if (isOver(child)) return;
      const ended = once(child, 'exit');
      child.kill('SIGKILL');
      await ended;
    },
  };
}

async function portOf(logFile: string, ending: () => string | undefined): Promise<number> {
  for (;;) {
    const [, port] = /"port":(\d+)/.exec(readFileSync(logFile, 'utf8')) ?? [];
    if (port !== undefined) return Number(port);
    const ended = ending();
    if (ended !== undefined) throw new Error(ended);
    await delay(20);
  }
}

function errorsIn(log: string): readonly string[] {
  const counts = new Map<string, number>();
  for (const line of log.split('\n')) {
    // What V8 says before it ends is no JSON, and said as the end.
    if (!line.startsWith('{') || !ERROR_LEVELS.test(line)) continue;
    const { message, error } = JSON.parse(line);
    const text = `${message}: ${error?.message ?? error}`;
    counts.set(text, (counts.get(text) ?? 0) + 1);
  }
  return Array.from(counts, ([text, count]) => `${text} (${count} in the log)`);
}

/** VmHWM is the kernel's own peak; it is looked at often since a process that ended has none. */
function watchMemory({ pid }: ChildProcess): { readonly peakBytes: () => number; readonly stop: () => void } {
  let peakBytes = 0;
  const look = () => {
    try {
      const [, kib] = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
      peakBytes = Math.max(peakBytes, Number(kib ?? 0) * 1024);
    } catch {
      // It has ended; what was seen last holds.
    }
    return peakBytes;
  };
  const timer = setInterval(look, LOOK_EVERY_MS);
  return { peakBytes: look, stop: () => clearInterval(timer) };
}

function isOver(child: ChildProcess): boolean {
  return child.exitCode !== null || child.signalCode !== null;
}

function describeEnd(child: ChildProcess, logFile: string): string {
  const said = readFileSync(logFile, 'utf8').slice(-SHOWN_CHARACTERS);
  return `the service ended with ${child.exitCode ?? child.signalCode}; its last words:\n${said}`;
}
