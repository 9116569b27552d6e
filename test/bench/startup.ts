import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { setTimeout as delay } from 'node:timers/promises';
import { writeKubeconfig } from '../fake/kubeconfig.ts';
import { ROOT, startScript, stopAll } from './processes.ts';
import { printTable } from './table.ts';

const NODES = 5000;
const PODS = 50_000;
const REPLICA_SETS = 5000;
const ROUNDS = 5;
const READY_POLL_MS = 50;

interface Turn {
  readonly startMs: number;
  readonly ms: number;
  readonly cpuMs: number;
}

interface Start {
  readonly listening: Phase;
  readonly ready: Phase;
}

/** From one moment of the start to the next. */
interface Phase {
  readonly totalMs: number;
  readonly longestMs: number;
  readonly longestCpuMs: number;
}

/** How long a start on a large cluster holds the event loop, and with it what else comes in. */
export async function benchStartup(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'spillway-bench-'));
  const api = await startScript('fake-cluster.ts', ...[NODES, PODS, PODS, REPLICA_SETS].map(String));
  try {
    const config = join(folder, 'config.yaml');
    writeFileSync(
      config,
      JSON.stringify({
        apiVersion: 'spillway.dev/v1alpha1',
        kind: 'SpillwayConfiguration',
        server: { bindAddress: '127.0.0.1', port: 0 },
        kubernetes: { kubeconfig: writeKubeconfig(folder, api.said) },
      }),
    );
    const starts: Start[] = [];
    for (let round = 0; round < ROUNDS; round += 1) starts.push(await measureStart(config));
    printTable(
      `Start of the service: ${NODES} nodes, ${PODS} pods, ${REPLICA_SETS} ReplicaSets, all measured (median, worst of ${ROUNDS})`,
      ['', 'takes ms', 'longest turn, CPU ms', 'worst', 'on the clock, ms', 'worst'],
      [
        rowOf(
          'until it listens',
          starts.map(({ listening }) => listening),
        ),
        rowOf(
          'from there until it is ready',
          starts.map(({ ready }) => ready),
        ),
      ],
    );
  } finally {
    await stopAll([api]);
    rmSync(folder, { recursive: true, force: true });
  }
}

async function measureStart(config: string): Promise<Start> {
  const hook = join(ROOT, 'test/bench/turns-at-exit.mjs');
  const args = ['--import', hook, join(ROOT, 'dist/spillway.js'), 'serve', '--config', config];
  const startMs = Date.now();
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit', 'pipe'] });
  const { stdout } = child;
  const told = child.stdio[3];
  if (stdout === null || !(told instanceof Readable)) throw new Error('no pipes to read from');
  const ended = once(child, 'exit');
  const lines = createInterface({ input: stdout });
  const [line]: string[] = await once(lines, 'line');
  const { port, time }: { readonly port: number; readonly time: string } = JSON.parse(line ?? '');
  const listeningMs = Date.parse(time);
  while ((await fetch(`http://127.0.0.1:${port}/readyz`)).status !== 200) await delay(READY_POLL_MS);
  const readyMs = Date.now();
  child.kill('SIGTERM');
  const turns = turnsOf(await text(told));
  await ended;
  return {
    listening: phaseOf(turns, startMs, listeningMs),
    ready: phaseOf(turns, listeningMs, readyMs),
  };
}

function turnsOf(told: string): readonly Turn[] {
  const turns: readonly (readonly [number, number, number])[] = JSON.parse(told);
  return turns.map(([startMs, ms, cpuMs]) => ({ startMs, ms, cpuMs }));
}

function phaseOf(turns: readonly Turn[], fromMs: number, toMs: number): Phase {
  const within = turns.filter(({ startMs }) => startMs >= fromMs && startMs < toMs);
  return {
    totalMs: toMs - fromMs,
    longestMs: Math.max(...within.map(({ ms }) => ms)),
    longestCpuMs: Math.max(...within.map(({ cpuMs }) => cpuMs)),
  };
}

function rowOf(name: string, phases: readonly Phase[]): readonly string[] {
  const sorted = (value: (phase: Phase) => number) => phases.map(value).sort((left, right) => left - right);
  const median = (values: readonly number[]) => (values[Math.floor(values.length / 2)] ?? 0).toFixed(0);
  const worst = (values: readonly number[]) => (values.at(-1) ?? 0).toFixed(0);
  const cpu = sorted(({ longestCpuMs }) => longestCpuMs);
  const clock = sorted(({ longestMs }) => longestMs);
  return [
    name,
    median(sorted(({ totalMs }) => totalMs)),
    median(cpu),
    worst(cpu),
    median(clock),
    worst(clock),
  ];
}
