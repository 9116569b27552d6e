import { describe, expect, it } from 'vitest';
import { measure, measureEdgeNodes } from '../../src/compare/measures.ts';
import type { PodResult, ResponseSummary, SimulationResult } from '../../src/outcome/result.ts';
import {
  deploymentDocument,
  nodeDocument,
  type TraceDocument,
  traceDocument,
  traceOf,
} from '../simulator/traces.ts';
import { at, nodeUsing, podOn, resultOf, type Steps } from './results.ts';

async function measured(result: Partial<SimulationResult>, over: TraceDocument = {}) {
  const nodes = [nodeDocument('edge-1', '1'), nodeDocument('edge-2', '1'), nodeDocument('cloud-1', '4')];
  return measure(await traceOf(traceDocument({ nodes, load: [], ...over })), resultOf(result));
}

const nodes = (edge1: Steps, edge2: Steps, cloud: Steps) => [
  nodeUsing('edge-1', edge1),
  nodeUsing('edge-2', edge2),
  nodeUsing('cloud-1', cloud),
];
const overhead = (node: string, cpu: string) => ({
  type: 'recordedCpu',
  node,
  points: [{ at: '0s', cpu }],
});

describe('edge fill', () => {
  it.each([
    { name: 'both edge nodes at their threshold', uses: nodes([[0, 800]], [[0, 800]], [[0, 500]]), fill: 1 },
    { name: 'one of them empty', uses: nodes([[0, 800]], [[0, 0]], [[0, 800]]), fill: 0.5 },
    { name: 'one above does not make up for it', uses: nodes([[0, 1000]], [[0, 0]], [[0, 600]]), fill: 0.5 },
    { name: 'never enough to fill it', uses: nodes([[0, 400]], [[0, 0]], [[0, 400]]), fill: null },
    {
      name: 'only while there is enough',
      uses: nodes(
        [[0, 100]],
        [[0, 0]],
        [
          [0, 0],
          [50, 1600],
        ],
      ),
      fill: 0.0625,
    },
    {
      name: 'halves of the time weigh the same',
      uses: nodes(
        [
          [0, 800],
          [50, 400],
        ],
        [[0, 800]],
        [
          [0, 0],
          [50, 400],
        ],
      ),
      fill: 0.875,
    },
  ])('$name: $fill', async ({ uses, fill }) => {
    expect((await measured({ nodes: uses })).edgeFillRatio).toBe(fill);
  });

  it('begins when a rising load reaches the room of the edge', async () => {
    const edge = nodeUsing('edge-1', [[0, 400]]);
    const cloud = nodeUsing('cloud-1', [], {
      real: [{ fromMs: at(0), toMs: at(100), fromMilli: 0, toMilli: 800 }],
    });
    expect((await measured({ nodes: [edge, cloud] })).edgeFillRatio).toBe(0.5);
  });

  it('knows what others use of a node: its system, and pods that run from the start', async () => {
    const system = {
      metadata: { name: 'agent', namespace: 'kube-system' },
      spec: { nodeName: 'edge-1', containers: [{}] },
    };
    const load = [
      overhead('edge-1', '100m'),
      { type: 'recordedCpu', pod: 'kube-system/agent', points: [{ at: '0s', cpu: '200m' }] },
    ];
    const uses = [nodeUsing('edge-1', [[0, 700]]), nodeUsing('cloud-1', [[0, 500]])];
    expect((await measured({ nodes: uses }, { load, pods: [system] })).edgeFillRatio).toBe(0.8);
  });

  it('leaves out the time in which a node takes no pods', async () => {
    const uses = nodes(
      [[0, 800]],
      [
        [0, 800],
        [50, 0],
      ],
      [
        [0, 0],
        [50, 800],
      ],
    );
    expect((await measured({ nodes: uses })).edgeFillRatio).toBe(0.75);
    const events = [{ at: '50s', lose: 'edge-2' }];
    expect((await measured({ nodes: uses }, { events })).edgeFillRatio).toBe(1);
    const back = [...events, { at: '75s', recover: 'edge-2' }];
    expect((await measured({ nodes: uses }, { events: back })).edgeFillRatio).toBeCloseTo(120 / 140, 6);
  });
});

describe('above the threshold', () => {
  it.each([
    { name: 'at it is not above', steps: [[0, 800]], seconds: 0, milli: 0, ratio: 0 },
    {
      name: 'for ten seconds',
      steps: [
        [0, 700],
        [20, 1000],
        [30, 700],
      ],
      seconds: 10,
      milli: 200,
      ratio: 0.25,
    },
  ] as const)('$name', ({ steps, seconds, milli, ratio }) => {
    expect(measureEdgeNodes({ nodes: nodes(steps, [], [[0, 4000]]) })[0]).toEqual({
      node: 'edge-1',
      secondsAboveThreshold: seconds,
      overshootMilli: milli,
      overshootRatio: ratio,
    });
  });

  it('adds the seconds of all edge nodes, and takes the worst overshoot', async () => {
    const found = await measured({ nodes: nodes([[0, 900]], [[90, 1000]], [[0, 4000]]) });
    expect(found).toMatchObject({ secondsAboveThreshold: 110, overshootMilli: 200, overshootRatio: 0.25 });
  });
});

describe('pods in the cloud that the edge could have carried', () => {
  const busy = [[0, 600]] as const;
  const cloud = [[0, 300]] as const;
  const full = [[0, 800]] as const;
  const three = (over: Partial<PodResult> = {}) =>
    [0, 1, 2].map((n) => podOn('cloud-1', `web-${n}`, 0, over));
  // 6 pods at the edge and 3 in the cloud share 900m: 100m each.
  const atEdge = [0, 1, 2, 3, 4, 5].map((n) => podOn('edge-1', `edge-${n}`));
  const run = (pods: readonly PodResult[], edge2: Steps = full) => ({
    nodes: [nodeUsing('edge-1', busy), nodeUsing('edge-2', edge2), nodeUsing('cloud-1', cloud)],
    pods,
  });
  const load = [overhead('edge-2', '800m')];

  it('counts as many as there was room for: 200m for pods of 100m', async () => {
    expect((await measured(run([...atEdge, ...three()]), { load })).cloudWhileEdgeFits).toBe(2);
  });

  it.each([
    {
      name: 'not one that would have come above the threshold later',
      result: {
        ...run([...atEdge, ...three()]),
        nodes: nodes(
          [
            [0, 600],
            [90, 800],
          ],
          full,
          cloud,
        ),
      },
      count: 0,
    },
    {
      name: 'not one for which requests leave no room',
      result: run([...atEdge, ...three()]),
      deployments: [deploymentDocument(1, '160m')],
      count: 0,
    },
    {
      name: 'one for which requests leave room',
      result: run([...atEdge, ...three()]),
      deployments: [deploymentDocument(1, '140m')],
      count: 1,
    },
    {
      name: 'not one that its spec keeps away',
      result: run([...atEdge, ...three()]),
      deployments: [deploymentDocument(1, '100m', { nodeSelector: { tier: 'cloud' } })],
      count: 0,
    },
    {
      name: 'not while the node is away',
      result: run([...atEdge, ...three()]),
      events: [{ at: '50s', disconnect: 'edge-1' }],
      count: 0,
    },
    {
      name: 'all, one after the other, where each lives for a while',
      result: run([
        ...atEdge,
        ...[0, 1, 2].map((n) => podOn('cloud-1', `web-${n}`, 30 * n, { terminatingAtMs: at(30 * n + 20) })),
      ]),
      count: 3,
    },
  ])('$name', async ({ result, count, deployments, events = [] }) => {
    const over = { load, events, ...(deployments && { deployments }) };
    expect((await measured(result, over)).cloudWhileEdgeFits).toBe(count);
  });
});

describe('pods', () => {
  it.each([
    { name: 'in the cloud', pods: [podOn('cloud-1', 'a'), podOn('edge-1', 'b')], found: { overflowPods: 1 } },
    {
      name: 'that waited',
      pods: [
        podOn('edge-1', 'a', 10, { createdAtMs: at(4) }),
        podOn('edge-1', 'b', 3, { createdAtMs: at(1) }),
      ],
      found: { pendingSeconds: 8, longestPendingSeconds: 6 },
    },
    {
      name: 'that wait to the end, or to their deletion',
      pods: [
        podOn('edge-1', 'a', 70, { boundAtMs: undefined }),
        podOn('edge-1', 'b', 0, { boundAtMs: undefined, terminatingAtMs: at(5) }),
      ],
      found: { pendingSeconds: 35, longestPendingSeconds: 30 },
    },
    {
      name: 'that were created anew',
      pods: [podOn('edge-1', 'a', 0, { terminatingAtMs: at(50) }), podOn('edge-1', 'b', 50)],
      found: { createdPods: 2, peakPods: 1, churnPods: 1 },
    },
  ])('$name', async ({ pods, found }) => {
    expect(await measured({ pods })).toMatchObject(found);
  });
});

describe('requests', () => {
  const summary = (p50Ms: number, failed: number): ResponseSummary => ({
    succeeded: 10,
    failed,
    meanMs: 1,
    p50Ms,
    p90Ms: 2 * p50Ms,
    p95Ms: 3 * p50Ms,
    p99Ms: 4 * p50Ms,
    maxMs: 5 * p50Ms,
  });
  const workload = (of?: ResponseSummary) => ({ workload: 'fn/web', users: [], responses: [], summary: of });

  it.each([
    { name: 'none', workloads: [workload()], p50: null, p95: null, failed: null },
    { name: 'of one workload', workloads: [workload(summary(10, 1))], p50: 10, p95: 30, failed: 1 },
    {
      name: 'of the slowest',
      workloads: [workload(summary(10, 1)), workload(summary(20, 2))],
      p50: 20,
      p95: 60,
      failed: 3,
    },
  ])('$name', async ({ workloads, p50, p95, failed }) => {
    const found = await measured({ workloads: workloads as unknown as SimulationResult['workloads'] });
    expect(found).toMatchObject({ responseP50Ms: p50, responseP95Ms: p95, failedRequests: failed });
  });
});
