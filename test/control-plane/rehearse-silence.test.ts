import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished } from 'vitest';
import { rehearse } from '../../src/commands/rehearse.ts';
import { systemRuntime } from '../../src/kubernetes/runtime.ts';
import type { SimulationResult } from '../../src/outcome/result.ts';
import { nodeDocument, scaleEvent, traceDocument, WORKLOAD } from '../simulator/traces.ts';
import type { ControlPlane } from './harness/plane.ts';
import { clusterTest } from './harness/test.ts';

/*
 * What KWOK cannot be told outright: a node that falls silent (its Lease is held by another), and scrapes that fail
 * (metrics-server is given a path that is not there). The real node controller takes 50 s to notice.
 */
const test = clusterTest('rehearse-silence', { nodes: [] });

const LOST_S = 12;
const BACK_S = 80;
const NOT_SCRAPED_S = 30;
const SCRAPE_S = 10;

test('a lost node and lost scrapes are what the control plane makes of them', { timeout: 300_000 }, async ({
  stage,
  plane,
}) => {
  const result = await rehearsed(plane, stage.spillway.managementUrl, {
    duration: '100s',
    nodes: [nodeDocument('edge-1', '1'), nodeDocument('cloud-1', '4')],
    deployments: [deployment()],
    metricsServer: {
      resolution: `${SCRAPE_S}s`,
      lost: [{ node: 'cloud-1', from: '0s', to: `${NOT_SCRAPED_S}s` }],
    },
    events: [
      { at: `${LOST_S}s`, lose: 'edge-1' },
      { at: `${BACK_S}s`, recover: 'edge-1' },
      // Late enough for the node to be taken for ready again, too early for its metrics.
      scaleEvent('90s', 2),
    ],
  });

  expect(result.incidents.map(({ what }) => what)).toEqual(['edge-1 was lost', 'edge-1 is back']);
  const [first, second] = result.pods;
  expect(first?.node).toBe('edge-1');
  expect(first?.readyAtMs).toBeUndefined();
  const since = (atMs = Number.NaN) => (atMs - result.startMs) / 1000;
  // Evicted 5 s after the node was found to be silent.
  expect(since(first?.terminatingAtMs)).toBeGreaterThan(LOST_S + 40);
  expect(since(first?.terminatingAtMs)).toBeLessThan(BACK_S);
  expect(second).toMatchObject({ node: 'cloud-1', boundAtMs: expect.any(Number) });

  const edge = sampledS(result, 'edge-1');
  expect(edge.filter((s) => s < LOST_S)).not.toEqual([]);
  expect(edge.filter((s) => s > LOST_S + 1 && s < BACK_S + 1)).toEqual([]);
  const cloud = sampledS(result, 'cloud-1');
  expect(cloud.filter((s) => s < NOT_SCRAPED_S)).toEqual([]);
  // Of two good scrapes the second one is served.
  expect(cloud[0]).toBeGreaterThan(NOT_SCRAPED_S + SCRAPE_S - 3);
  expect(cloud[0]).toBeLessThan(NOT_SCRAPED_S + 2 * SCRAPE_S + 3);
});

test('a node that is saturated is not scraped, the others are', { timeout: 300_000 }, async ({
  stage,
  plane,
}) => {
  const busyS = 15;
  const result = await rehearsed(plane, stage.spillway.managementUrl, {
    duration: '70s',
    load: [
      {
        type: 'demand',
        deployment: WORKLOAD,
        points: [
          { at: '0s', cpu: '100m' },
          { at: `${busyS}s`, cpu: '100m' },
          { at: `${busyS + 1}s`, cpu: '950m' },
        ],
      },
    ],
    metricsServer: {
      resolution: `${SCRAPE_S}s`,
      failures: [{ tier: 'edge', probability: 1, saturatedAbove: 0.8 }],
    },
  });
  const edge = sampledS(result, 'edge-1');
  expect(edge.filter((s) => s < busyS)).not.toEqual([]);
  // The scrape before the first one that fails may have been half a busy one.
  expect(edge.filter((s) => s > busyS + 2 * SCRAPE_S)).toEqual([]);
  expect(sampledS(result, 'cloud-1').filter((s) => s > busyS + 2 * SCRAPE_S).length).toBeGreaterThan(2);
});

/** When the samples ended that metrics-server served, in seconds since the start. */
function sampledS({ nodes, startMs }: SimulationResult, node: string): readonly number[] {
  const { measured = [] } = nodes.find(({ name }) => name === node) ?? {};
  return measured.map(({ sampleEndMs }) => (sampleEndMs - startMs) / 1000);
}

function deployment() {
  const tolerations = ['unreachable', 'not-ready'].map((key) => ({
    key: `node.kubernetes.io/${key}`,
    operator: 'Exists',
    effect: 'NoExecute',
    tolerationSeconds: 5,
  }));
  return {
    metadata: { name: 'web', namespace: 'fn' },
    spec: {
      replicas: 1,
      template: {
        metadata: { labels: { app: 'web' } },
        spec: { tolerations, containers: [{ resources: { requests: { cpu: '100m' } } }] },
      },
    },
  };
}

async function rehearsed(plane: ControlPlane, url: string, over: object): Promise<SimulationResult> {
  const ending = new AbortController();
  onTestFinished(() => ending.abort());
  const trace = join(plane.runDir, 'silence.json');
  writeFileSync(trace, JSON.stringify(traceDocument({ ...over })));
  let [out, err] = ['', ''];
  const code = await rehearse(
    {
      trace,
      kubeconfig: join(plane.runDir, 'admin.kubeconfig'),
      spillway: url,
      policy: 'spillway',
      output: 'json',
    },
    {
      out: (text) => {
        out += text;
      },
      err: (text) => {
        err += text;
      },
      watched: false,
      onGitHub: false,
      runtime: systemRuntime,
      signal: ending.signal,
    },
  );
  expect(code, err).toBe(0);
  return JSON.parse(out);
}
