import { rmSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { createService } from '../../src/commands/service.ts';
import { defaultConfig } from '../../src/config/config.ts';
import { API_VERSION, configFile, KIND } from '../../src/config/schema.ts';
import { connectionFromKubeconfig } from '../../src/kubernetes/connection.ts';
import { FORMAT } from '../../src/live/protocol.ts';
import { createSimulatedService } from '../../src/live/service.ts';
import { refuseActs } from '../../src/rebalance/acts.ts';
import { knownNodes, viewNode } from '../../src/server/views.ts';
import { linkInProcess, type Told } from '../../src/simulator/link.ts';
import { createLogger } from '../../src/telemetry/logger.ts';
import { FakeApiServer } from '../fake/api-server.ts';
import { temporaryFolder, writeKubeconfig } from '../fake/kubeconfig.ts';
import {
  type FakeObject,
  nodeMetricsObject,
  nodeObject,
  podMetricsObject,
  podObject,
  replicaSetObject,
} from '../fake/objects.ts';

/*
 * What a cluster tells comes to the picture by three ways: from an API server (`serve`), from a simulation in the
 * same process, and from one over HTTP (`serve-simulation`; rehearsals come by the first). Each has a wiring of
 * its own before `apply`, and the same events must come out as the same picture.
 */

const timestamp = new Date().toISOString();
const EDGE = { labels: { 'node-role.kubernetes.io/edge': '' } };
const OWN = { ownerUid: 'uid-of-web-rs' };

/** The last of each kind and name is what an API server has in the end. */
const NODES = [
  nodeObject('edge-1', EDGE),
  nodeObject('edge-2', { ...EDGE, ready: false }),
  nodeObject('cloud-1'),
];
const REPLICA_SET = replicaSetObject('web-rs', 4);
const PODS = [
  podObject('web-1', { ...OWN, nodeName: 'edge-1' }),
  podObject('web-2', { ...OWN, nodeName: 'edge-1' }),
  podObject('web-3', { ...OWN, nodeName: 'cloud-1' }),
  podObject('old-1', { ownerUid: 'uid-of-old-rs', nodeName: 'edge-1' }),
  podObject('waits', { cpuRequest: '2' }),
  podObject('ended', { nodeName: 'edge-1', phase: 'Succeeded' }),
];
const METRICS = {
  nodes: [
    nodeMetricsObject('edge-1', { cpu: '1200m', timestamp }),
    nodeMetricsObject('cloud-1', { timestamp }),
  ],
  pods: ['web-1', 'web-2', 'web-3', 'old-1'].map((name) =>
    podMetricsObject(name, { cpu: '300m', timestamp }),
  ),
};
/** Of objects that come and go again before the end. */
const GONE = podObject('gone', { nodeName: 'edge-1' });
const LEFT = nodeObject('edge-9', EDGE);
const OLD_REPLICA_SET = replicaSetObject('old-rs', 7);

interface Seen {
  readonly name: string;
  readonly [field: string]: unknown;
}

/** What is the same whenever it is looked at. */
function comparable(nodes: readonly Seen[]): readonly object[] {
  return nodes.map(({ metricsAgeMs: _age, freshness: _freshness, ...node }) => node);
}

function toldOf(): readonly Told[] {
  const seen = (pod: FakeObject) => ({ type: 'podSeen', pod }) as const;
  return [
    ...[...NODES, LEFT].map((node) => ({ type: 'nodeSeen', node }) as unknown as Told),
    ...[REPLICA_SET, OLD_REPLICA_SET].map(
      (replicaSet) => ({ type: 'replicaSetSeen', replicaSet }) as unknown as Told,
    ),
    ...([...PODS, GONE].map(seen) as unknown as readonly Told[]),
    { type: 'metricsRead', metrics: METRICS } as unknown as Told,
    { type: 'podGone', uid: GONE.metadata.uid },
    { type: 'nodeGone', name: 'edge-9' },
    { type: 'replicaSetGone', uid: OLD_REPLICA_SET.metadata.uid },
  ];
}

async function nodesAt(url: string): Promise<readonly Seen[]> {
  return JSON.parse(await (await fetch(`${url}/debug/nodes`)).text()).nodes;
}

const configuration = configFile.parse({ apiVersion: API_VERSION, kind: KIND });

async function fromSimulation(): Promise<readonly object[]> {
  const nowMs = Date.now();
  const observer = { decided: () => undefined, failedOpen: () => undefined };
  const link = linkInProcess({ configuration, now: () => nowMs, observer, port: refuseActs('a test') });
  for (const told of toldOf()) link.tell(told);
  const { picture } = link;
  if (picture === undefined) throw new Error('no picture');
  return comparable(knownNodes(picture).map((node) => ({ ...viewNode(picture, node, nowMs) })));
}

async function fromHttp(): Promise<readonly object[]> {
  const service = createSimulatedService(
    { bindAddress: '127.0.0.1', port: 0, version: 'test' },
    createLogger('error'),
  );
  const url = `http://127.0.0.1:${(await service.start()).port}`;
  const post = async (path: string, body: object) =>
    JSON.parse(await (await fetch(url + path, { method: 'POST', body: JSON.stringify(body) })).text());
  try {
    const nowMs = Date.now();
    const { run } = await post('/simulation/start', { format: FORMAT, configuration, nowMs });
    const told = toldOf().map((one) => ({ ...one, atMs: nowMs }));
    await post('/simulation/feed', { run, nowMs, told, forecasts: false, ended: false });
    return comparable(await nodesAt(url));
  } finally {
    await service.stop();
  }
}

async function fromApiServer(): Promise<readonly object[]> {
  const api = new FakeApiServer();
  for (const node of [...NODES, LEFT]) api.nodes.put(node);
  for (const pod of [...PODS, GONE]) api.pods.put(pod);
  for (const replicaSet of [REPLICA_SET, OLD_REPLICA_SET]) api.replicaSets.put(replicaSet);
  api.metrics = METRICS;
  await api.start();
  const folder = temporaryFolder();
  const { server, ...config } = defaultConfig();
  const listening = { ...server, bindAddress: '127.0.0.1', port: 0, drainTimeoutMs: 1000 };
  const connection = connectionFromKubeconfig(writeKubeconfig(folder, api.url));
  const service = createService({ ...config, server: listening }, connection, createLogger('error'));
  const url = `http://127.0.0.1:${(await service.start()).port}`;
  try {
    await expect.poll(async () => (await fetch(`${url}/readyz`)).status, { timeout: 10_000 }).toBe(200);
    api.pods.delete({ name: 'gone', namespace: 'default' });
    api.replicaSets.delete({ name: 'old-rs', namespace: 'default' });
    api.nodes.delete({ name: 'edge-9' });
    await expect.poll(async () => (await nodesAt(url)).length, { timeout: 10_000 }).toBe(NODES.length);
    return comparable(await nodesAt(url));
  } finally {
    await service.stop();
    await api.stop();
    rmSync(folder, { recursive: true });
  }
}

describe('the same events', () => {
  it.each([
    ['from an API server', fromApiServer],
    ['from a simulation over HTTP', fromHttp],
  ])('come out as the same picture: %s, and from a simulation', async (_way, seen) => {
    const simulated = await fromSimulation();
    expect(simulated).toMatchObject([
      { name: 'edge-1', ready: true, usageMilli: 1200, pods: 3 },
      { name: 'edge-2', ready: false, pods: 0 },
      { name: 'cloud-1', pods: 1 },
    ]);
    expect(await seen()).toEqual(JSON.parse(JSON.stringify(simulated)));
  });
});
