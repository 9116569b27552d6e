import { describe, expect, it } from 'vitest';
import {
  autoscalerSeen,
  deploymentGone,
  deploymentSeen,
  nodeSeen,
  podSeen,
  replicaSetSeen,
} from '../../src/recorder/recording.ts';
import { whereText } from '../../src/recorder/trace.ts';
import { simulate } from '../../src/simulator/simulate.ts';
import { traceOf as readDocument } from '../simulator/traces.ts';
import {
  at,
  deployment,
  end,
  node,
  pod,
  quietCluster,
  recorded,
  replicaSet,
  see,
  start,
  WORKLOAD,
} from './scene.ts';

/** 1 to 4 replicas at 20 s and back to 2 at 80 s; the cloud gets the last of the four. */
function upAndDown() {
  const recording = quietCluster();
  deploymentSeen(recording, deployment(4), at(20));
  start(recording, 'web-b', 20, 'edge-1');
  start(recording, 'web-c', 20, 'edge-1');
  start(recording, 'web-d', 21, 'cloud-1');
  deploymentSeen(recording, deployment(2), at(80));
  end(recording, 'web-c', 80, 'edge-1');
  end(recording, 'web-d', 80, 'cloud-1');
  for (const seconds of [5, 20, 35, 50]) {
    see(recording, { at: seconds, nodes: { 'edge-1': 300, 'cloud-1': 50 }, pods: { 'fn/web-a1': 200 } });
  }
  return recording;
}

describe('a recorded trace', () => {
  it('is replayed with the replicas that were recorded', async () => {
    const { document } = recorded(upAndDown());
    const result = simulate(await readDocument(document));
    expect(result.scalings.map(({ from, to }) => [from, to])).toEqual([
      [1, 4],
      [4, 2],
    ]);
    expect(result.pods).toHaveLength(4);
  });

  it('tells what happened in the order of its times, since the start', () => {
    const recording = upAndDown();
    nodeSeen(recording, node('edge-1', { unschedulable: true }), at(50.25));
    expect(recorded(recording).document['events']).toEqual([
      { at: '20s', scale: { deployment: WORKLOAD, replicas: 4 } },
      { at: '50.25s', cordon: 'edge-1' },
      { at: '80s', scale: { deployment: WORKLOAD, replicas: 2 } },
    ]);
  });

  it('is the same whatever order things were listed in', () => {
    const [one, other] = [quietCluster(), quietCluster()];
    for (const [recording, names] of [
      [one, ['a', 'b']],
      [other, ['b', 'a']],
    ] as const) {
      for (const name of names) {
        nodeSeen(recording, node(name), at(-1));
        podSeen(recording, pod(`agent-${name}`, { nodeName: name }), at(-1));
        deploymentSeen(recording, deployment(1, { name }), at(-1));
      }
    }
    expect(JSON.stringify(recorded(one).document)).toBe(JSON.stringify(recorded(other).document));
  });

  it('has Deployments that came and went during the recording, with no replicas outside', async () => {
    const recording = quietCluster();
    deploymentSeen(recording, deployment(3, { name: 'job' }), at(10));
    replicaSetSeen(recording, replicaSet('job'));
    deploymentGone(recording, 'fn/job', at(90));
    const { document } = recorded(recording);
    expect(document['events']).toEqual([
      { at: '10s', scale: { deployment: 'fn/job', replicas: 3 } },
      { at: '90s', scale: { deployment: 'fn/job', replicas: 0 } },
    ]);
    const { deployments } = await readDocument(document);
    expect(deployments.map(({ metadata, spec }) => [metadata.name, spec.replicas])).toEqual([
      ['job', 0],
      ['web', 1],
    ]);
  });

  it('has the CPU and the cordon of a node that joined', async () => {
    const recording = quietCluster();
    nodeSeen(recording, node('edge-2'), at(10));
    nodeSeen(recording, node('edge-2', { unschedulable: true }), at(50));
    for (const seconds of [20, 35]) see(recording, { at: seconds, nodes: { 'edge-1': 0, 'edge-2': 80 } });
    const trace = await readDocument(recorded(recording).document);
    expect(trace.events.map(({ at: atMs, join, cordon }) => [atMs, join?.metadata.name, cordon])).toEqual([
      [10_000, 'edge-2', undefined],
      [50_000, undefined, 'edge-2'],
    ]);
    expect(trace.load).toMatchObject([{ node: 'edge-2', points: [{ cpu: 80 }, { cpu: 80 }] }]);
    expect(() => simulate(trace)).not.toThrow();
  });

  it('holds the autoscaler off a Deployment that it left alone', async () => {
    const recording = quietCluster(3);
    autoscalerSeen(
      recording,
      autoscaler({ name: 'cpu', target: { type: 'Utilization', averageUtilization: 50 } }),
    );
    const trace = await readDocument(recorded(recording, { seconds: 900 }).document);
    expect(trace.events).toMatchObject([{ at: 0, scale: { deployment: WORKLOAD, replicas: 3 } }]);
    const { counts } = simulate(trace);
    expect(counts.at(-1)).toMatchObject({ edge: 3, cloud: 0, pending: 0 });
  });

  it('starts with the state at the start, whatever it had been before', async () => {
    const recording = quietCluster();
    deploymentSeen(recording, deployment(7), at(-30));
    deploymentSeen(recording, deployment(3), at(-10));
    const { deployments, events } = await readDocument(recorded(recording).document);
    expect([deployments[0]?.spec.replicas, events]).toEqual([3, []]);
  });
});

describe('other pods', () => {
  it.each([
    { what: 'ran at the start', nodeName: 'edge-1', seen: -1, kept: true },
    {
      what: 'ran at the start in another namespace',
      namespace: 'kube-system',
      nodeName: 'edge-1',
      seen: -1,
      kept: true,
    },
    { what: 'had no node at the start', seen: -1, kept: false },
    { what: 'had ended', nodeName: 'edge-1', phase: 'Succeeded', seen: -1, kept: false },
    { what: 'were on a node that is not there', nodeName: 'edge-9', seen: -1, kept: false },
    { what: 'came later', nodeName: 'edge-1', seen: 5, kept: false },
  ])('that $what: $kept', ({ seen, kept, what: _, ...options }) => {
    const recording = quietCluster();
    podSeen(recording, pod('other', options), at(seen));
    const { document } = recorded(recording);
    expect(document['pods']).toHaveLength(kept ? 1 : 0);
  });
});

describe('notes name what a trace has no words for', () => {
  it.each([
    {
      what: 'no metrics',
      change: () => undefined,
      note: 'No CPU was measured: the trace has no load.',
    },
    {
      what: 'a rollout',
      change: (recording: ReturnType<typeof quietCluster>) =>
        deploymentSeen(recording, deployment(1, { image: 'web:2' }), at(30)),
      note: 'fn/web was rolled out anew: the trace has its template as it was first.',
    },
    {
      what: 'pods that came later',
      change: (recording: ReturnType<typeof quietCluster>) =>
        podSeen(recording, pod('job', { nodeName: 'edge-1' }), at(30)),
      note: expect.stringMatching(/^1 pods of no recorded Deployment came during the recording/),
    },
    {
      what: 'an autoscaler by memory',
      change: (recording: ReturnType<typeof quietCluster>) =>
        autoscalerSeen(
          recording,
          autoscaler({ name: 'memory', target: { type: 'Utilization', averageUtilization: 50 } }),
        ),
      note: expect.stringMatching(
        /^HorizontalPodAutoscaler fn\/web is left out: spec.metrics.0.resource.name: allowed is cpu/,
      ),
    },
    {
      what: 'an autoscaler of a Deployment that was not recorded',
      change: (recording: ReturnType<typeof quietCluster>) => {
        recording.deployments.clear();
        autoscalerSeen(
          recording,
          autoscaler({ name: 'cpu', target: { type: 'Utilization', averageUtilization: 50 } }),
        );
      },
      note: 'HorizontalPodAutoscaler fn/web is left out: its Deployment fn/web was not recorded',
    },
  ])('$what', ({ change, note }) => {
    const recording = quietCluster();
    change(recording);
    expect(recorded(recording).notes).toContainEqual(note);
  });

  it('there are none of a quiet cluster', () => {
    const recording = quietCluster();
    see(recording, { at: 5 });
    autoscalerSeen(
      recording,
      autoscaler({ name: 'cpu', target: { type: 'Utilization', averageUtilization: 50 } }),
    );
    const { notes, document } = recorded(recording);
    expect(notes).toEqual([]);
    expect(document['horizontalPodAutoscalers']).toHaveLength(1);
  });
});

function autoscaler(resource: object) {
  return {
    metadata: { name: 'web', namespace: 'fn' },
    spec: {
      scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'web' },
      minReplicas: 1,
      maxReplicas: 10,
      metrics: [{ type: 'Resource', resource }],
    },
  };
}

describe('where the pods went', () => {
  it('is told for each Deployment, at a moment', () => {
    const trace = recorded(upAndDown());
    expect(whereText(trace, at(60))).toEqual(['fn/web: 3 edge, 1 cloud']);
    expect(whereText(trace, at(120))).toEqual(['fn/web: 2 edge, 0 cloud']);
  });

  it('numbers pods in the order of their creation, as a replay does', () => {
    const { placements } = recorded(upAndDown());
    expect(placements.map(({ number, pod: { name }, tier }) => [number, name, tier])).toEqual([
      [1, 'web-a1', 'edge'],
      [2, 'web-b', 'edge'],
      [3, 'web-c', 'edge'],
      [4, 'web-d', 'cloud'],
    ]);
  });

  it('is expected only where that was asked for, before each change and at the end', () => {
    expect(recorded(upAndDown()).document['expect']).toBeUndefined();
    const pods = { type: 'pods', workload: WORKLOAD, note: 'as recorded' };
    expect(recorded(upAndDown(), { expect: true }).document['expect']).toEqual([
      { ...pods, tier: 'edge', at: '19s', exactly: 1 },
      { ...pods, tier: 'cloud', at: '19s', exactly: 0 },
      { ...pods, tier: 'edge', at: '79s', exactly: 3 },
      { ...pods, tier: 'cloud', at: '79s', exactly: 1 },
      { ...pods, tier: 'edge', at: 'end', exactly: 2 },
      { ...pods, tier: 'cloud', at: 'end', exactly: 0 },
    ]);
  });

  it('is not expected while pods still wait for a node', () => {
    const recording = quietCluster();
    deploymentSeen(recording, deployment(2), at(100));
    const { document } = recorded(recording, { expect: true });
    expect(document['expect']).toMatchObject([{ at: '99s' }, { at: '99s' }]);
  });
});

describe('how pods start and end', () => {
  it('is the middle of what was seen', () => {
    expect(recorded(upAndDown()).document['kubelet']).toEqual({
      startUp: '500ms',
      readiness: '500ms',
      termination: '3s',
    });
  });

  it('has the defaults when nothing was seen', () => {
    expect(recorded(quietCluster()).document).not.toHaveProperty('kubelet');
  });
});
