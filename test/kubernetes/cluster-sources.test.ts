import { describe, expect, it, onTestFinished } from 'vitest';
import { ClusterSources } from '../../src/kubernetes/cluster-sources.ts';
import type { MetricsLook } from '../../src/picture/records.ts';
import {
  nodeMetricsObject,
  nodeObject,
  podMetricsObject,
  podObject,
  replicaSetObject,
} from '../fake/objects.ts';
import { type Setup, SHORT_TIMINGS, setUp, until } from './harness.ts';

function feed(setup: Setup, podLabelSelector?: string) {
  const told: string[] = [];
  const looks: MetricsLook[] = [];
  const logged: string[] = [];
  const sources = new ClusterSources({
    connection: setup.connection,
    sink: {
      nodeSeen: ({ name, allocatableMilli }) => told.push(`+node ${name} ${allocatableMilli}m`),
      nodeGone: (name) => told.push(`-node ${name}`),
      podSeen: ({ name, nodeName }) => told.push(`+pod ${name} on ${nodeName}`),
      podGone: (uid) => told.push(`-pod ${uid}`),
      replicaSetSeen: ({ uid, replicas }) => told.push(`+replicaset ${uid} ${replicas}`),
      replicaSetGone: (uid) => told.push(`-replicaset ${uid}`),
      sampleTaken: (look) => {
        told.push('sample');
        looks.push(look);
      },
    },
    metrics: {
      pollIntervalMs: 20,
      podLabelSelector,
      timeouts: { idleTimeoutMs: 500, totalTimeoutMs: 1000 },
    },
    observer: { log: (_level, message, fields) => logged.push(`${message} ${JSON.stringify(fields)}`) },
    timings: SHORT_TIMINGS,
  });
  onTestFinished(() => sources.stop());
  return { sources, told, looks, logged };
}

function fill({ server }: Setup): void {
  server.nodes.put(nodeObject('edge-1', { cpu: '2' }));
  server.pods.put(podObject('web', { nodeName: 'edge-1' }));
  server.replicaSets.put(replicaSetObject('web', 3));
  server.metrics = { nodes: [nodeMetricsObject('edge-1')], pods: [podMetricsObject('web')] };
}

describe('ClusterSources', () => {
  it('tells all there is, the metrics last, and is ready then', async () => {
    const setup = await setUp();
    fill(setup);
    const { sources, told, looks } = feed(setup);
    expect(sources.missing()).toEqual([
      'nodes not listed yet',
      'pods not listed yet',
      'replicasets not listed yet',
      'metrics not read yet',
    ]);
    await sources.start();
    await until(() => expect(sources.missing()).toEqual([]));
    expect(told.toSorted()).toEqual([
      '+node edge-1 2000m',
      '+pod web on edge-1',
      '+replicaset uid-of-web 3',
      'sample',
    ]);
    expect(told.at(-1)).toBe('sample');
    const timestampMs = Date.parse('2024-05-01T10:10:00Z');
    expect(looks).toEqual([
      {
        nodes: [{ name: 'edge-1', usageMilli: 706.808951, timestampMs, windowMs: 15_038 }],
        pods: [{ namespace: 'default', name: 'web', usageMilli: 100, timestampMs, windowMs: 15_038 }],
      },
    ]);
  });

  it('tells changes of all three collections by what the picture knows them by', async () => {
    const setup = await setUp();
    fill(setup);
    const { sources, told } = feed(setup);
    await sources.start();
    await until(() => expect(sources.missing()).toEqual([]));
    setup.server.nodes.put(nodeObject('edge-1', { cpu: '8', uid: 'another machine' }));
    setup.server.pods.delete({ namespace: 'default', name: 'web' });
    setup.server.replicaSets.delete({ namespace: 'default', name: 'web' });
    await until(() => expect(told).toContain('-replicaset uid-of-web'));
    await until(() => expect(told).toContain('-pod uid-of-web'));
    await until(() => expect(told).toContain('+node edge-1 8000m'));
    expect(told.indexOf('-node edge-1')).toBe(told.indexOf('+node edge-1 8000m') - 1);
  });

  it('tells when a node vanishes from the metrics and when it returns', async () => {
    const setup = await setUp();
    fill(setup);
    const { sources, looks } = feed(setup);
    await sources.start();
    await until(() => expect(looks).toHaveLength(1));
    const { metrics } = setup.server;
    setup.server.metrics = { nodes: [], pods: [] };
    await until(() => expect(looks.at(-1)).toEqual({ nodes: [], pods: [] }));
    setup.server.metrics = metrics;
    await until(() => expect(looks.at(-1)?.nodes).toHaveLength(1));
  });

  it('reads pods once more when a scrape comes in between', async () => {
    const setup = await setUp();
    fill(setup);
    let scrapes = 0;
    setup.server.metricsServed = (kind) => {
      scrapes += 1;
      if (kind !== 'pods' || scrapes > 2) return;
      const later = { timestamp: '2024-05-01T10:10:15Z' };
      setup.server.metrics = {
        nodes: [nodeMetricsObject('edge-1', later)],
        pods: [podMetricsObject('web', { ...later, cpu: '300m' })],
      };
    };
    const { sources, looks } = feed(setup);
    await sources.start();
    await until(() => expect(looks).toHaveLength(1));
    expect(looks[0]?.nodes[0]?.timestampMs).toBe(Date.parse('2024-05-01T10:10:15Z'));
    expect(looks[0]?.pods?.[0]?.usageMilli).toBe(300);
  });

  it('reads the metrics of the selected pods only, and leaves out what it cannot read', async () => {
    const setup = await setUp();
    fill(setup);
    setup.server.metrics = {
      nodes: [nodeMetricsObject('edge-1'), nodeMetricsObject('edge-2', { cpu: 'much' })],
      pods: [podMetricsObject('web', { labels: { tier: 'edge' } }), podMetricsObject('other')],
    };
    const { sources, looks, logged } = feed(setup, 'tier=edge');
    await sources.start();
    await until(() => expect(looks).toHaveLength(1));
    expect(looks[0]?.pods?.map(({ name }) => name)).toEqual(['web']);
    expect(looks[0]?.nodes.map(({ name }) => name)).toEqual(['edge-1']);
    expect(logged.find((line) => line.startsWith('metrics cannot be read'))).toContain('edge-2');
  });

  it('is ready without metrics-server after three attempts, and says what is wrong', async () => {
    const setup = await setUp();
    fill(setup);
    const fault = setup.server.fail({ url: /metrics\.k8s\.io/, how: 404 });
    const { sources, looks } = feed(setup);
    await sources.start();
    await until(() => expect(sources.missing()).toEqual([]));
    expect(
      setup.server.requestsOf('/apis/metrics.k8s.io/v1beta1/nodes', 'list').length,
    ).toBeGreaterThanOrEqual(3);
    expect(sources.problems()).toEqual([
      'node metrics cannot be read: 404 Not Found: the fake was told to fail',
    ]);
    fault.end();
    await until(() => expect(looks).toHaveLength(1));
    expect(sources.problems()).toEqual([]);
  });

  it('leaves no connection and no timer behind, stopped early or late', async () => {
    const setup = await setUp();
    fill(setup);
    setup.server.fail({ url: /replicasets/, how: 'hang', times: 1 });
    const early = feed(setup);
    await early.sources.start();
    await until(() => expect(setup.server.requests.length).toBeGreaterThanOrEqual(3));
    await early.sources.stop();
    const late = feed(setup);
    await late.sources.start();
    await until(() => expect(late.sources.missing()).toEqual([]));
    await late.sources.stop();
    setup.connection.close();
    await until(() => expect(setup.server.openConnections).toBe(0));
    const { length } = setup.server.requests;
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(setup.server.requests).toHaveLength(length);
    expect(early.looks).toEqual([]);
  });
});
