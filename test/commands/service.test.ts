import { rmSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createService, type Service } from '../../src/commands/service.ts';
import { defaultConfig } from '../../src/config/config.ts';
import { connectionFromKubeconfig } from '../../src/kubernetes/connection.ts';
import { createLogger } from '../../src/telemetry/logger.ts';
import { FakeApiServer } from '../fake/api-server.ts';
import { temporaryFolder, writeKubeconfig } from '../fake/kubeconfig.ts';
import { nodeMetricsObject, nodeObject, podObject } from '../fake/objects.ts';

/** A connection that is kept would be waited for when the service stops. */
const headers = { connection: 'close' };
const EDGE = { labels: { 'node-role.kubernetes.io/edge': '' } };

describe('the service, from the API server to the answer', () => {
  let api: FakeApiServer;
  let service: Service;
  let folder = '';
  let url = '';

  beforeEach(async () => {
    api = new FakeApiServer();
    api.nodes.put(nodeObject('edge-1', EDGE));
    api.nodes.put(nodeObject('cloud-1'));
    api.metrics = {
      nodes: [nodeMetricsObject('edge-1', { cpu: '1' }), nodeMetricsObject('cloud-1')],
      pods: [],
    };
    await api.start();
    folder = temporaryFolder();
    const config = defaultConfig();
    const server = { ...config.server, bindAddress: '127.0.0.1', port: 0, drainTimeoutMs: 1000 };
    const connection = connectionFromKubeconfig(writeKubeconfig(folder, api.url));
    service = createService(
      { ...config, server, metrics: { ...config.metrics, pollIntervalMs: 50 } },
      connection,
      createLogger('error'),
    );
    const { port } = await service.start();
    url = `http://127.0.0.1:${port}`;
  });

  afterEach(async () => {
    await service.stop();
    await api.stop();
    rmSync(folder, { recursive: true });
  });

  async function until(holds: () => Promise<boolean>): Promise<void> {
    while (!(await holds())) await new Promise((resolve) => setTimeout(resolve, 10));
  }

  const isReady = async () => (await fetch(`${url}/readyz`, { headers })).status === 200;
  const getJson = async (path: string) => JSON.parse(await (await fetch(url + path, { headers })).text());

  async function filter(name: string): Promise<unknown> {
    const annotations = { 'spillway.dev/cpu-estimate': '900m' };
    const body = JSON.stringify({ Pod: podObject(name, { annotations }), NodeNames: ['edge-1', 'cloud-1'] });
    return (await fetch(`${url}/filter`, { method: 'POST', body, headers })).json();
  }

  it('fills the edge by what was measured and reserved, then overflows', async () => {
    await until(isReady);
    expect(await filter('web-1')).toEqual({ NodeNames: ['edge-1'] });
    expect(await filter('web-2')).toEqual({ NodeNames: ['edge-1'] });
    expect(await filter('web-3')).toEqual({ NodeNames: ['cloud-1'] });
    const { nodes } = await getJson('/debug/nodes?tier=edge');
    expect(nodes).toMatchObject([{ name: 'edge-1', usageMilli: 1000, forecastMilli: 2800, reservations: 2 }]);
    const { decisions } = await getJson('/debug/decisions?pod=default/web-3');
    expect(decisions).toMatchObject([{ result: 'overflow', reason: 'edge-above-threshold' }]);
    const metrics = await (await fetch(`${url}/metrics`, { headers })).text();
    expect(metrics).toContain('spillway_decisions_total{verb="filter",tier="edge",result="edge"} 2');
    expect(metrics).toContain('spillway_overflows_total{reason="edge-above-threshold"} 1');
    expect(metrics).toContain('spillway_request_duration_seconds_count{verb="filter"} 3');
  });

  it('follows the watch: a node that is gone is not answered, a pod that is bound is no reservation', async () => {
    await until(isReady);
    await filter('web-1');
    api.pods.put(
      podObject('web-1', { nodeName: 'edge-1', annotations: { 'spillway.dev/cpu-estimate': '900m' } }),
    );
    await until(async () => (await getJson('/status.json')).reservations === 0);
    expect((await getJson('/status.json')).tiers.edge).toMatchObject({ nodes: 1, pods: 1 });
    api.nodes.delete({ name: 'edge-1' });
    await until(async () => (await getJson('/status.json')).tiers.edge.nodes === 0);
    expect(await filter('web-2')).toEqual({ NodeNames: ['cloud-1'] });
  });

  it('notices pods that are bound without a question, by a scheduler that asks here', async () => {
    await until(isReady);
    const unasked = async () => {
      const text = await (await fetch(`${url}/metrics`, { headers })).text();
      return /^spillway_unasked_bindings_total\{tier="edge"\} (\d+)$/m.exec(text)?.[1];
    };
    const names = ['web-1', 'web-2'];
    for (const name of names) api.pods.put(podObject(name));
    await until(async () =>
      (await (await fetch(`${url}/readyz?verbose`, { headers })).text()).includes('pods: 2'),
    );
    await filter('web-1');
    for (const name of names) api.pods.put(podObject(name, { nodeName: 'edge-1' }));
    await until(async () => (await getJson('/status.json')).tiers.edge.pods === 2);
    expect(await unasked()).toBe('1');
  });

  it('sums up its configuration and its decisions for a person', async () => {
    await until(isReady);
    await filter('web-1');
    expect(await getJson('/status.json')).toMatchObject({
      ready: true,
      missing: [],
      problems: [],
      decisions: { edge: 1 },
      config: { placement: { default: 'edge-first', thresholdRatio: 0.8 } },
    });
  });
});
