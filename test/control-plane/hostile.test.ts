import { describe, expect } from 'vitest';
import { annotationsOf } from '../extender/hostile.ts';
import type { Stage } from './harness/stage.ts';
import { cloud, clusterTest, edge } from './harness/test.ts';
import { until } from './harness/wait.ts';

const POD = { request: '10m', spillway: { 'cpu-estimate': '150m' } } as const;

const test = clusterTest('hostile', { nodes: [...edge(1, '4'), ...cloud(1, '32')] });

describe('whoever reaches the port', () => {
  test.afterEach(({ stage }) => stage.deletePods());

  test('closes no node by questions about pods that do not exist, and leaves none behind', async ({
    stage,
  }) => {
    const pods = Number(/pods: (\d+)/.exec(await stage.spillway.text('/readyz?verbose'))?.[1]);
    for (let index = 0; index < 200; index += 1) await ask(stage, `fake-${index}`);
    expect(await stage.spillway.text('/readyz?verbose')).toContain(`pods: ${pods},`);
    await until('their reservations to end', async () => {
      const { reservations, forecastMilli } = (await stage.spillway.node(stage.edge[0] ?? '')) ?? {};
      return reservations === 0 && (forecastMilli ?? 9999) < 100 ? true : undefined;
    });
    const unseen = () => stage.spillway.metric('spillway_overflows_total', { reason: 'pod-unseen' });
    const before = await unseen();
    expect(before, 'questions about pods that do not exist are believed no more').toBeGreaterThan(0);
    await stage.createPods('load', 60, POD);
    const counts = await stage.bound(60);
    expect(counts[stage.edge[0] ?? '']).toBe(21);
    expect(await unseen(), 'a pod that exists is known by the time that it is judged').toBe(before);
  });
});

describe('whoever may create a pod', () => {
  test.afterEach(({ stage }) => stage.deletePods());

  test('holds nobody up by pods with as many unreadable annotations as the API server takes', async ({
    stage,
  }) => {
    const unknown = Object.keys(annotationsOf(String)).map((name) => [name.replace('spillway.dev/', ''), '']);
    const spillway = { ...Object.fromEntries(unknown), placement: 'edge-only', 'cpu-estimate': '100' };
    await stage.createPods('hostile', 11, { request: '10m', spillway });
    const refused = await until('all of them to be refused', async () => {
      const pods = (await stage.pods()).flatMap(({ status }) => status.conditions ?? []);
      const messages = pods.flatMap(({ type, message }) => (type === 'PodScheduled' && message) || []);
      return messages.length === 11 ? messages : undefined;
    });
    for (const message of refused) expect(message).toMatch(/invalid annotations ignored: .* and \d+ more/);
    await stage.createPods('good', 1, POD);
    // They are tried again all the while; 26 s it took before their answers were bounded.
    expect(await stage.boundTo('good-1', 5000)).toBe(stage.edge[0]);
    expect(await stage.spillway.metric('spillway_fail_opens_total')).toBe(0);
    // The manifest's limit is 512 Mi.
    const bytes = await stage.spillway.metric('process_resident_memory_bytes');
    expect(bytes).toBeLessThan(400 * 1024 * 1024);
  });
});

/** About a pod that says that it is bound to the edge node, runs, and needs all of it. */
async function ask({ spillway, nodes, edge: [node] }: Stage, name: string): Promise<void> {
  const body = JSON.stringify({
    Pod: {
      metadata: { name, namespace: 'nowhere', uid: name, annotations: { 'spillway.dev/cpu-estimate': '3' } },
      spec: { nodeName: node, containers: [] },
      status: { phase: 'Running', conditions: [{ type: 'Ready', status: 'True' }] },
    },
    NodeNames: nodes,
  });
  const response = await fetch(`${spillway.url}/filter`, { method: 'POST', body });
  expect(response.status).toBe(200);
  await response.text();
}
