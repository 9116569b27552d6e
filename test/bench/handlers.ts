import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { Agent, request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { writeKubeconfig } from '../fake/kubeconfig.ts';
import { podObject } from '../fake/objects.ts';
import { type Started, startNode, startScript, stopAll } from './processes.ts';
import { printTable, quantile } from './table.ts';

const WARM_UP = 1500;
const BLOCK = 100;
const POD_BYTES = 5000;
const METRICS_PODS = 20_000;

/** A question about a pod of 5 KB, as kube-scheduler sends it with `nodeCacheCapable: true`. */
export function question(nodeCount: number, serial: number): string {
  const names = Array.from({ length: nodeCount }, (_, index) => `node-${index}`);
  // Small, so that the edge takes all of them, and not so small that one node would hold thousands.
  const annotations = { 'spillway.dev/cpu-estimate': '20m', 'example.com/padding': '' };
  const bare = podObject(`bench-${serial}`, { annotations });
  const padding = 'x'.repeat(Math.max(0, POD_BYTES - JSON.stringify(bare).length));
  const pod = podObject(`bench-${serial}`, {
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

async function startSpillway(folder: string, apiUrl: string): Promise<Started> {
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

/**
 * Asks both in turn, a block of questions at a time: what disturbs the machine disturbs both, and within a
 * block each is asked as kube-scheduler asks, one question after the other. Milliseconds, ascending.
 */
async function measure(bareUrl: string, spillwayUrl: string, nodes: number, rounds: number) {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const bare: number[] = [];
  const spillway: number[] = [];
  for (let round = -WARM_UP; round < rounds; round += BLOCK) {
    const bodies = Array.from({ length: BLOCK }, (_, index) => question(nodes, round + index));
    for (const [url, times] of [
      [bareUrl, bare],
      [`${spillwayUrl}/filter`, spillway],
    ] as const) {
      for (const body of bodies) {
        const ms = await ask(agent, url, body);
        if (round >= 0) times.push(ms);
      }
    }
  }
  agent.destroy();
  const ascending = (left: number, right: number) => left - right;
  return { bare: bare.sort(ascending), spillway: spillway.sort(ascending) };
}

async function row(nodes: number, podsInMetrics: number, rounds: number): Promise<readonly string[]> {
  const folder = mkdtempSync(join(tmpdir(), 'spillway-bench-'));
  const started: Started[] = [];
  try {
    const bare = await startScript('bare-server.ts');
    started.push(bare);
    const api = await startScript('fake-cluster.ts', String(nodes), String(podsInMetrics));
    started.push(api);
    const spillway = await startSpillway(folder, api.said);
    started.unshift(spillway);
    const ms = await measure(bare.said, spillway.said, nodes, rounds);
    const at = (share: number) => [quantile(ms.bare, share), quantile(ms.spillway, share)] as const;
    return [
      `${nodes}${podsInMetrics > 0 ? `, reading ${podsInMetrics} pod metrics` : ''}`,
      ...[at(0.5), at(0.99)].flatMap(([bareMs, spillwayMs]) => [
        (bareMs * 1000).toFixed(0),
        (spillwayMs * 1000).toFixed(0),
        (spillwayMs / bareMs).toFixed(2),
      ]),
    ];
  } finally {
    await stopAll(started);
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Latency of filter in the real process against a bare node:http server, 5 KB pods, one connection. */
export async function benchHandlers(): Promise<void> {
  const rows = [
    await row(100, 0, 4000),
    await row(1000, 0, 2000),
    await row(5000, 0, 500),
    await row(100, METRICS_PODS, 4000),
  ];
  printTable(
    'Latency of filter in µs, against a bare node:http server that answers a constant',
    ['nodes', 'p50 bare', 'p50', 'ratio', 'p99 bare', 'p99', 'ratio'],
    rows,
  );
}
