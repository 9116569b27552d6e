import { Agent } from 'node:http';
import { ask, question } from './handlers.ts';
import { cpuMs, type Started, startScript, stopAll } from './processes.ts';
import { printTable, quantile } from './table.ts';

const WARM_UP = 3000;
const ROUNDS = 20_000;
const NODES = 100;
/** About as often as probes and scrapes come between the questions of a busy scheduler. */
const PROBE_EVERY = 100;

interface Way {
  readonly name: string;
  readonly script: readonly [string, ...string[]];
  /** A query behind the path makes a question go through Express. */
  readonly path: string;
  readonly probed: boolean;
}

const READY = ['ready-server.ts', String(NODES)] as const;
const WAYS: readonly Way[] = [
  { name: 'constant answer, bare server', script: ['bare-server.ts'], path: '/filter', probed: false },
  { name: 'constant answer through Express', script: ['express-server.ts'], path: '/filter', probed: false },
  { name: 'filter before Express', script: READY, path: '/filter', probed: false },
  { name: 'filter before Express, probes through it', script: READY, path: '/filter', probed: true },
  { name: 'filter through Express', script: READY, path: '/filter?express', probed: false },
];

interface AskedWay extends Way {
  readonly server: Started;
  /** What each answer took. */
  readonly ms: number[];
  cpuMs: number;
}

/**
 * What it costs to let Express dispatch a hot verb. A process for each way, since what Express does to the
 * objects of one request (setPrototypeOf) is felt by the others; asked in turn.
 */
export async function benchExpress(): Promise<void> {
  const started: Started[] = [];
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  try {
    const asked: AskedWay[] = [];
    for (const way of WAYS) {
      const server = await startScript(...way.script);
      started.push(server);
      asked.push({ ...way, server, ms: [], cpuMs: 0 });
    }
    for (let round = -WARM_UP; round < 0; round += 1) await askEach(agent, asked, round);
    for (const way of asked) {
      way.ms.length = 0;
      way.cpuMs = -cpuMs(way.server);
    }
    for (let round = 0; round < ROUNDS; round += 1) await askEach(agent, asked, round);
    for (const way of asked) way.cpuMs += cpuMs(way.server);
    printTable(
      `Latency of filter in µs with and without Express, ${NODES} nodes, pods of 5 KB`,
      ['way', 'p50', 'p99', 'p99.9', 'CPU'],
      asked.map(({ name, ms, cpuMs: usedMs }) => {
        const sorted = ms.sort((left, right) => left - right);
        const latencies = [0.5, 0.99, 0.999].map((share) => quantile(sorted, share));
        return [name, ...[...latencies, usedMs / ROUNDS].map((value) => (value * 1000).toFixed(0))];
      }),
    );
  } finally {
    agent.destroy();
    await stopAll(started);
  }
}

async function askEach(agent: Agent, ways: readonly AskedWay[], round: number): Promise<void> {
  const body = question(NODES, round);
  for (const { server, path, probed, ms } of ways) {
    if (probed && round % PROBE_EVERY === 0) await (await fetch(`${server.said}/readyz`)).text();
    ms.push(await ask(agent, server.said + path, body));
  }
}
