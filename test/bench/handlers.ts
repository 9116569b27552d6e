import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { Agent, request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { writeKubeconfig } from '../fake/kubeconfig.ts';
import { podObject } from '../fake/objects.ts';
import { ASKED_ANNOTATIONS, askedPod, WARM_UP } from './asked-pods.ts';
import { cpuMs, type Started, startNode, startScript, stopAll } from './processes.ts';
import { printTable, quantile } from './table.ts';

const BLOCK = 100;
const POD_BYTES = 5000;
const METRICS_PODS = 20_000;

/**
 * A question about a pod of 5 KB, as kube-scheduler sends it with `nodeCacheCapable: true`.
 *
 * @param every asks about each such node alone: with 3, about the cloud nodes of the fake cluster
 */
export function question(nodeCount: number, serial: number, every = 1): string {
  const names = Array.from({ length: nodeCount }, (_, index) => `node-${index * every}`);
  const annotations = { ...ASKED_ANNOTATIONS, 'example.com/padding': '' };
  const bare = podObject(askedPod(serial), { annotations });
  const padding = 'x'.repeat(Math.max(0, POD_BYTES - JSON.stringify(bare).length));
  const pod = podObject(askedPod(serial), {
    annotations: { ...annotations, 'example.com/padding': padding },
  });
  return JSON.stringify({ Pod: pod, Nodes: null, NodeNames: names });
}

/** @returns milliseconds from the question's first byte to the answer's last */
export function ask(agent: Agent, url: string, body: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const startedMs = performance.now();
    const headers = { 'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(body) };
    const asked = request(url, { method: 'POST', agent, headers }, (response) => {
      response.resume();
      response.on('end', () => {
        if (response.statusCode === 200) resolve(performance.now() - startedMs);
        else reject(new Error(`${url} answered ${response.statusCode}`));
      });
    });
    asked.on('error', reject);
    asked.end(body);
  });
}

export async function startSpillway(folder: string, apiUrl: string): Promise<Started> {
  const config = join(folder, 'config.yaml');
  const kubeconfig = writeKubeconfig(folder, apiUrl);
  writeFileSync(
    config,
    JSON.stringify({
      apiVersion: 'spillway.dev/v1alpha1',
      kind: 'SpillwayConfiguration',
      server: { bindAddress: '127.0.0.1', port: 0 },
      kubernetes: { kubeconfig },
      metrics: { pollInterval: '1s' },
    }),
  );
  const started = await startNode(['dist/spillway.js', 'serve', '--config', config], /"port":(\d+)/);
  const url = `http://127.0.0.1:${started.said}`;
  while ((await fetch(`${url}/readyz`)).status !== 200) await delay(20);
  return { ...started, said: url };
}

export interface Way {
  readonly url: string;
  readonly server: Started;
}

export interface Measured {
  /** Milliseconds, ascending. */
  readonly ms: readonly number[];
  /** Of the server's CPU, for one question. */
  readonly cpuMs: number;
}

/**
 * Asks all in turn, a block of questions at a time: what disturbs the machine disturbs all, and within a
 * block each is asked as kube-scheduler asks, one question after the other.
 */
export async function measure(
  ways: readonly Way[],
  rounds: number,
  bodyOf: (round: number) => string,
): Promise<readonly Measured[]> {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const all = ways.map((way) => ({ ...way, ms: [] as number[], usedMs: 0 }));
  for (let round = -WARM_UP; round < rounds; round += BLOCK) {
    const bodies = Array.from({ length: BLOCK }, (_, index) => bodyOf(round + index));
    for (const way of all) {
      const beforeMs = cpuMs(way.server);
      for (const body of bodies) {
        const ms = await ask(agent, way.url, body);
        if (round >= 0) way.ms.push(ms);
      }
      if (round >= 0) way.usedMs += cpuMs(way.server) - beforeMs;
    }
  }
  agent.destroy();
  return all.map(({ ms, usedMs }) => ({
    ms: ms.sort((left, right) => left - right),
    cpuMs: usedMs / ms.length,
  }));
}

interface Row {
  readonly name: string;
  readonly verb: 'filter' | 'prioritize';
  readonly names: number;
  readonly rounds: number;
  readonly podsInMetrics?: number;
}

const ROWS: readonly Row[] = [
  { name: '100', verb: 'filter', names: 100, rounds: 4000 },
  { name: '1000', verb: 'filter', names: 1000, rounds: 2000 },
  { name: '5000', verb: 'filter', names: 5000, rounds: 500 },
  {
    name: `100, reading ${METRICS_PODS} pod metrics`,
    verb: 'filter',
    names: 100,
    rounds: 4000,
    podsInMetrics: METRICS_PODS,
  },
  { name: 'prioritize, 100 in the cloud', verb: 'prioritize', names: 100, rounds: 4000 },
  { name: 'prioritize, 1000 in the cloud', verb: 'prioritize', names: 1000, rounds: 2000 },
];

async function cellsOf({ name, verb, names, rounds, podsInMetrics = 0 }: Row): Promise<readonly string[]> {
  const folder = mkdtempSync(join(tmpdir(), 'spillway-bench-'));
  const started: Started[] = [];
  // Every third node of the fake cluster is in the cloud.
  const every = verb === 'prioritize' ? 3 : 1;
  try {
    const bare = await startScript('bare-server.ts');
    started.push(bare);
    const api = await startScript('fake-cluster.ts', String(names * every), String(podsInMetrics));
    started.push(api);
    const spillway = await startSpillway(folder, api.said);
    started.unshift(spillway);
    const ways = [
      { url: bare.said, server: bare },
      { url: `${spillway.said}/${verb}`, server: spillway },
    ];
    const measured = await measure(ways, rounds, (round) => question(names, round, every));
    const pairOf = (value: (of: Measured) => number) => measured.map((each) => value(each) * 1000);
    const pairs = [
      pairOf(({ ms }) => quantile(ms, 0.5)),
      pairOf(({ ms }) => quantile(ms, 0.99)),
      pairOf(({ cpuMs: usedMs }) => usedMs),
    ];
    return [
      name,
      ...pairs.flatMap(([bareUs = Number.NaN, us = Number.NaN]) => [
        bareUs.toFixed(0),
        us.toFixed(0),
        (us / bareUs).toFixed(2),
      ]),
    ];
  } finally {
    await stopAll(started);
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Latency of the verbs in the real process against a bare node:http server, 5 KB pods, one connection. */
export async function benchHandlers(): Promise<void> {
  const rows: (readonly string[])[] = [];
  for (const row of ROWS) rows.push(await cellsOf(row));
  printTable(
    'Latency and CPU of a question in µs, against a bare node:http server that answers a constant',
    ['names', 'p50 bare', 'p50', 'ratio', 'p99 bare', 'p99', 'ratio', 'CPU bare', 'CPU', 'ratio'],
    rows,
  );
}
