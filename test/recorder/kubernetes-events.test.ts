import { describe, expect, it } from 'vitest';
import { readEvent } from '../../src/recorder/kubernetes-events.ts';

const AT = '2026-03-01T12:00:00Z';
const atMs = Date.parse(AT);

/** @param involved `kind/name` */
function event(involved: string, reason: string, message: string, over: object = {}) {
  const [kind, name] = involved.split('/');
  const involvedObject = { kind, name, ...(kind !== 'Node' && { namespace: 'fn' }) };
  return {
    kind: 'Event',
    involvedObject,
    reason,
    message,
    firstTimestamp: AT,
    lastTimestamp: AT,
    count: 1,
    ...over,
  };
}

function read(item: unknown) {
  const result = readEvent(item, ['items', 3]);
  if (!result.ok) throw new Error(result.problem);
  return result.happenings;
}

describe('what an event says', () => {
  const scaled = { type: 'scaled', deployment: 'fn/web', replicaSet: 'web-7d4b9' } as const;
  it.each([
    [
      'Deployment/web',
      'ScalingReplicaSet',
      'Scaled up replica set web-7d4b9 from 1 to 4',
      { ...scaled, from: 1, to: 4 },
    ],
    [
      'Deployment/web',
      'ScalingReplicaSet',
      'Scaled up replica set web-7d4b9 to 4 from 1',
      { ...scaled, from: 1, to: 4 },
    ],
    [
      'Deployment/web',
      'ScalingReplicaSet',
      'Scaled down replica set web-7d4b9 to 2',
      { ...scaled, from: undefined, to: 2 },
    ],
    [
      'Deployment/web',
      'ScalingReplicaSet',
      'Scaled down replica set web-7d4b9 from 4 to 0',
      { ...scaled, from: 4, to: 0 },
    ],
    [
      'HorizontalPodAutoscaler/web',
      'SuccessfulRescale',
      'New size: 4; reason: cpu resource utilization (percentage of request) above target',
      { type: 'rescaled', autoscaler: 'fn/web', to: 4 },
    ],
    [
      'Pod/web-7d4b9-x2z1p',
      'Scheduled',
      'Successfully assigned fn/web-7d4b9-x2z1p to edge-1',
      { type: 'scheduled', pod: 'fn/web-7d4b9-x2z1p', node: 'edge-1' },
    ],
    [
      'ReplicaSet/web-7d4b9',
      'SuccessfulDelete',
      'Deleted pod: web-7d4b9-x2z1p',
      { type: 'podDeleted', pod: 'fn/web-7d4b9-x2z1p' },
    ],
    [
      'Node/edge-1',
      'NodeNotReady',
      'Node edge-1 status is now: NodeNotReady',
      { type: 'node', node: 'edge-1', change: 'silent' },
    ],
    [
      'Node/edge-1',
      'NodeReady',
      'Node edge-1 status is now: NodeReady',
      { type: 'node', node: 'edge-1', change: 'ready' },
    ],
    [
      'Node/edge-1',
      'NodeNotSchedulable',
      'Node edge-1 status is now: NodeNotSchedulable',
      { type: 'node', node: 'edge-1', change: 'cordoned' },
    ],
    [
      'Node/edge-1',
      'NodeSchedulable',
      'Node edge-1 status is now: NodeSchedulable',
      { type: 'node', node: 'edge-1', change: 'uncordoned' },
    ],
    [
      'Node/edge-1',
      'Rebooted',
      'Node edge-1 has been rebooted, boot id: 1',
      { type: 'node', node: 'edge-1', change: 'rebooted' },
    ],
    [
      'Node/edge-1',
      'RemovingNode',
      'Node edge-1 event: Removing Node edge-1 from Controller',
      { type: 'node', node: 'edge-1', change: 'removed' },
    ],
  ])('%s: %s: %s', (involved, reason, message, expected) => {
    expect(read(event(involved, reason, message))).toEqual([{ atMs, ...expected }]);
  });

  it('a kubelet that is not ready says so itself', () => {
    const said = event('Node/edge-1', 'NodeNotReady', '', { source: { component: 'kubelet' } });
    expect(read(said)).toMatchObject([{ change: 'notReady' }]);
  });

  it.each([
    event('Pod/web-1', 'Pulled', 'Container image already present'),
    // The node controller says it of each pod, too.
    event('Pod/web-1', 'NodeNotReady', 'Node is not ready'),
    // Jobs delete pods as ReplicaSets do.
    event('Job/once', 'SuccessfulDelete', 'Deleted pod: once-x2z1p'),
    event('ReplicationController/web', 'ScalingReplicaSet', 'anything'),
  ])('$involvedObject.kind $reason is of no use', (item) => {
    expect(read(item)).toEqual([]);
  });

  it('events.k8s.io has other names', () => {
    const item = {
      regarding: { kind: 'Pod', name: 'web', namespace: 'fn' },
      reason: 'Scheduled',
      note: 'Successfully assigned fn/web to edge-1',
      eventTime: '2026-03-01T12:00:00.250000Z',
    };
    expect(read(item)).toEqual([{ atMs: atMs + 250, type: 'scheduled', pod: 'fn/web', node: 'edge-1' }]);
  });
});

describe('when it was', () => {
  const at = (seconds: number) => new Date(atMs + seconds * 1000).toISOString();
  it.each([
    { what: 'one time', over: {}, times: [0], lost: 0 },
    {
      what: 'a scheduler knows microseconds',
      over: { firstTimestamp: null, lastTimestamp: null, eventTime: at(1.5) },
      times: [1.5],
      lost: 0,
    },
    { what: 'twice', over: { lastTimestamp: at(60), count: 2 }, times: [0, 60], lost: 0 },
    {
      what: 'five times, of which three are lost',
      over: { lastTimestamp: at(60), count: 5 },
      times: [0, 60],
      lost: 3,
    },
    {
      what: 'a series',
      over: {
        firstTimestamp: null,
        lastTimestamp: null,
        eventTime: at(0),
        series: { count: 3, lastObservedTime: at(30) },
      },
      times: [0, 30],
      lost: 1,
    },
    {
      what: 'nothing but its own',
      over: { firstTimestamp: undefined, lastTimestamp: undefined, metadata: { creationTimestamp: at(7) } },
      times: [7],
      lost: 0,
    },
  ])('$what', ({ over, times, lost }) => {
    const result = readEvent(event('Node/edge-1', 'NodeReady', '', over), []);
    expect(result).toEqual({
      ok: true,
      lost,
      happenings: times.map((seconds) => ({
        atMs: atMs + seconds * 1000,
        type: 'node',
        node: 'edge-1',
        change: 'ready',
      })),
    });
  });
});

describe('what is wrong is named by its place', () => {
  it.each([
    [7, 'items[3]: found 7, allowed: an Event'],
    [
      event('Deployment/web', 'ScalingReplicaSet', 'Scaled'),
      'items[3].message: found "Scaled", allowed: like "Scaled up replica set web-7d4b9 from 1 to 4"',
    ],
    [
      { reason: 'NodeReady' },
      'items[3].involvedObject: found nothing, allowed: the object that the event is about',
    ],
    [
      event('Node/a', 'NodeReady', '', { firstTimestamp: 'noon', lastTimestamp: 'noon' }),
      'items[3].lastTimestamp: found "noon", allowed: a time',
    ],
  ])('%j', (item, problem) => {
    expect(readEvent(item, ['items', 3])).toEqual({ ok: false, problem });
  });
});
