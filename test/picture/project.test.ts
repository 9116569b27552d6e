import { describe, expect, it } from 'vitest';
import type { PodSpecObject } from '../../src/picture/objects.ts';
import {
  parseDurationMs,
  projectNode,
  projectNodeUsage,
  projectPod,
  projectPodUsage,
  projectReplicaSet,
} from '../../src/picture/project.ts';
import { podRequestMilli } from '../../src/picture/requests.ts';

const container = (cpu?: string, restartPolicy?: string) => ({
  resources: cpu === undefined ? {} : { requests: { cpu } },
  ...(restartPolicy === undefined ? {} : { restartPolicy }),
});

describe('CPU request of a pod, as the scheduler counts it', () => {
  it.each<{ name: string; spec: PodSpecObject; milli: number | undefined }>([
    { name: 'no containers', spec: {}, milli: undefined },
    { name: 'no requests', spec: { containers: [container()] }, milli: undefined },
    {
      name: 'the sum of its containers',
      spec: { containers: [container('100m'), container('0.2'), container()] },
      milli: 300,
    },
    {
      name: 'an init container that asks for more than all that run',
      spec: { containers: [container('100m')], initContainers: [container('500m')] },
      milli: 500,
    },
    {
      name: 'an init container that asks for less',
      spec: { containers: [container('100m')], initContainers: [container('50m')] },
      milli: 100,
    },
    {
      name: 'a sidecar counts with the containers',
      spec: { containers: [container('100m')], initContainers: [container('50m', 'Always')] },
      milli: 150,
    },
    {
      name: 'an init container together with the sidecars before it, not those after',
      spec: {
        containers: [container('10m')],
        initContainers: [container('50m', 'Always'), container('200m'), container('70m', 'Always')],
      },
      milli: 250,
    },
    {
      name: 'a limit where there is no request',
      spec: { containers: [{ resources: { limits: { cpu: '1' } } }] },
      milli: 1000,
    },
    {
      name: 'a pod-level request replaces those of the containers',
      spec: { containers: [container('100m')], resources: { requests: { cpu: '400m' } } },
      milli: 400,
    },
    {
      name: 'overhead on top',
      spec: { containers: [container('100m')], overhead: { cpu: '20m' } },
      milli: 120,
    },
  ])('$name', ({ spec, milli }) => {
    expect(podRequestMilli(spec)).toBe(milli);
  });
});

describe('what is kept of an object', () => {
  it('of a pod', () => {
    const record = projectPod({
      metadata: {
        name: 'web-1',
        namespace: 'shop',
        uid: 'u1',
        labels: { app: 'web' },
        annotations: { 'spillway.dev/placement': 'off', 'example.com/other': 'x' },
        ownerReferences: [
          { kind: 'Other', uid: 'o1' },
          { kind: 'ReplicaSet', name: 'web', uid: 'rs1', controller: true },
        ],
      },
      spec: { nodeName: 'edge-1', containers: [container('100m')], priorityClassName: 'high' },
      status: {
        phase: 'Running',
        startTime: '2026-01-01T00:00:00Z',
        nominatedNodeName: 'edge-2',
        conditions: [{ type: 'Ready', status: 'True', lastTransitionTime: '2026-01-01T00:00:05Z' }],
      },
    });
    expect(record).toEqual({
      uid: 'u1',
      namespace: 'shop',
      name: 'web-1',
      labels: { app: 'web' },
      annotations: { 'spillway.dev/placement': 'off' },
      ownerUid: 'rs1',
      ownerKind: 'ReplicaSet',
      priorityClassName: 'high',
      schedulerName: 'default-scheduler',
      nodeName: 'edge-1',
      nominatedNodeName: 'edge-2',
      requestMilli: 100,
      ended: false,
      terminating: false,
      startedAtMs: Date.UTC(2026, 0, 1),
      readyAtMs: Date.UTC(2026, 0, 1, 0, 0, 5),
    });
  });

  it.each([
    {
      name: 'not ready',
      status: {
        conditions: [{ type: 'Ready', status: 'False', lastTransitionTime: '2026-01-01T00:00:00Z' }],
      },
      kept: { readyAtMs: undefined },
    },
    { name: 'succeeded', status: { phase: 'Succeeded' }, kept: { ended: true } },
    { name: 'failed', status: { phase: 'Failed' }, kept: { ended: true } },
    { name: 'a time that is none', status: { startTime: 'soon' }, kept: { startedAtMs: undefined } },
    {
      name: 'nothing said',
      status: undefined,
      kept: { ended: false, nodeName: undefined, uid: 'default/web' },
    },
  ])('of a pod: $name', ({ status, kept }) => {
    expect(projectPod({ metadata: { name: 'web' }, status })).toMatchObject(kept);
  });

  const ready = { type: 'Ready', status: 'True' };
  it.each([
    {
      name: 'ready',
      spec: {},
      conditions: [ready],
      kept: { ready: true, schedulable: true, allocatableMilli: 3920 },
    },
    { name: 'unknown', spec: {}, conditions: [{ type: 'Ready', status: 'Unknown' }], kept: { ready: false } },
    { name: 'no condition yet', spec: {}, conditions: [], kept: { ready: false } },
    {
      name: 'tainted unreachable before its condition says so',
      spec: { taints: [{ key: 'node.kubernetes.io/unreachable', effect: 'NoExecute' }] },
      conditions: [ready],
      kept: { ready: false },
    },
    {
      name: "KubeEdge's own taint is no matter here",
      spec: { taints: [{ key: 'node-role.kubernetes.io/edge', effect: 'NoSchedule' }] },
      conditions: [ready],
      kept: { ready: true },
    },
    { name: 'cordoned', spec: { unschedulable: true }, conditions: [ready], kept: { schedulable: false } },
  ])('of a node: $name', ({ spec, conditions, kept }) => {
    const status = { allocatable: { cpu: '3920m' }, conditions };
    expect(projectNode({ metadata: { name: 'edge-1' }, spec, status })).toMatchObject({
      name: 'edge-1',
      ...kept,
    });
  });

  it('of a ReplicaSet', () => {
    expect(projectReplicaSet({ metadata: { name: 'web', uid: 'rs1' }, spec: { replicas: 0 } })).toEqual({
      uid: 'rs1',
      replicas: 0,
    });
  });

  const timestamp = '2026-01-01T00:00:00Z';
  it('of metrics', () => {
    const node = { metadata: { name: 'edge-1' }, timestamp, window: '15.038s', usage: { cpu: '706808951n' } };
    expect(projectNodeUsage(node)).toEqual({
      name: 'edge-1',
      usageMilli: 706.808951,
      timestampMs: Date.UTC(2026, 0, 1),
      windowMs: 15_038,
    });
    const containers = [{ usage: { cpu: '250m' } }, { usage: { cpu: '1u' } }];
    expect(
      projectPodUsage({ metadata: { name: 'a', namespace: 'b' }, timestamp, window: '15s', containers }),
    ).toMatchObject({ name: 'a', namespace: 'b', usageMilli: 250.001 });
  });

  it.each([
    { name: 'no name', item: { metadata: {}, timestamp, usage: { cpu: '1' } } },
    { name: 'no CPU', item: { metadata: { name: 'n' }, timestamp, usage: { memory: '1' } } },
    { name: 'no time', item: { metadata: { name: 'n' }, usage: { cpu: '1' } } },
    { name: 'CPU that is none', item: { metadata: { name: 'n' }, timestamp, usage: { cpu: 'much' } } },
  ])('nothing of metrics with $name', ({ item }) => {
    expect(projectNodeUsage(item)).toBeUndefined();
  });

  it.each([
    { name: 'no containers', item: { metadata: { name: 'a' } }, usageMilli: 0 },
    {
      name: 'no namespace',
      item: { metadata: { name: 'a' }, containers: [{ usage: { cpu: '1' } }] },
      usageMilli: 1000,
    },
  ])('of metrics of a pod with $name, and no window', ({ item, usageMilli }) => {
    const timestampMs = Date.UTC(2026, 0, 1);
    const usage = { name: 'a', namespace: 'default', usageMilli, timestampMs, windowMs: 0 };
    expect(projectPodUsage({ ...item, timestamp })).toEqual(usage);
  });

  it.each([
    { name: 'of a container without usage', item: { metadata: { name: 'a' }, containers: [{}] } },
    { name: 'of no pod', item: { containers: [{ usage: { cpu: '1' } }] } },
  ])('nothing of metrics $name', ({ item }) => {
    expect(projectPodUsage({ ...item, timestamp })).toBeUndefined();
  });
});

describe('durations', () => {
  it.each([
    ['15s', 15_000],
    ['15.038s', 15_038],
    ['1m30s', 90_000],
    ['1h', 3_600_000],
    ['250ms', 250],
    ['', undefined],
    ['15', undefined],
    ['15 s', undefined],
    ['-1s', undefined],
  ])('%j is %s ms', (text, milliseconds) => {
    expect(parseDurationMs(text)).toBe(milliseconds);
  });
});
