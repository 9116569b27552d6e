import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { askFilter, askPreempt, askPrioritize } from '../../src/picture/ask.ts';
import { apply, type ClusterEvent } from '../../src/picture/events.ts';
import { nodeSeen } from '../../src/picture/nodes.ts';
import type { Picture, ReservationOutcome } from '../../src/picture/picture.ts';
import { podGone, podSeen } from '../../src/picture/pods.ts';
import type { PodRecord } from '../../src/picture/records.ts';
import { countReservations } from '../../src/picture/reservations.ts';
import { sampleTaken } from '../../src/picture/samples.ts';
import { MAX_NEVER_SEEN, MAX_UNSEEN, UNSEEN_TTL_MS } from '../../src/picture/unseen.ts';
import { look, NOW_MS, nodeRecord, picture, podRecord, replicaRecord } from '../builders.ts';

const NAMES = ['edge-1', 'edge-2', 'cloud-1'];
const TTL_MS = 30_000;

function cluster(outcomes: ReservationOutcome[] = []): Picture {
  const on = picture({}, { reservationEnded: (outcome) => outcomes.push(outcome) });
  for (const name of NAMES) nodeSeen(on, nodeRecord(name));
  sampleTaken(on, look({ 'edge-1': 0, 'edge-2': 0, 'cloud-1': 0 }, {}), NOW_MS);
  return on;
}

const sized = (milli: number) => ({ annotations: { 'spillway.dev/cpu-estimate': `${milli}m` } });
const askAt = (on: Picture, name: string, afterMs: number, over: Partial<PodRecord> = {}) =>
  askFilter(on, podRecord(name, over), NAMES, NOW_MS + afterMs).value;
const podsOn = (on: Picture, name: string) => Array.from(on.nodes.get(name)?.pods ?? [], (pod) => pod.name);

describe('a pod that no watch has shown', () => {
  it.each<[string, Partial<PodRecord>]>([
    ['bound', { nodeName: 'edge-1' }],
    ['bound to a node that is not there', { nodeName: 'edge-9' }],
    ['running and ready', { nodeName: 'edge-1', startedAtMs: 1, readyAtMs: 2 }],
    ['ended', { ended: true }],
    ['terminating', { terminating: true }],
    ['a replica of what is there', { ownerUid: 'replicaset', ownerKind: 'ReplicaSet', readyAtMs: 1 }],
  ])('is nowhere and does not run, though the question says that it is %s', (_what, over) => {
    const on = cluster();
    podSeen(on, replicaRecord('real', { nodeName: 'edge-1' }), NOW_MS);
    const before = askAt(cluster(), 'claims', 0);
    expect(askAt(on, 'claims', 0, over).nodes).toEqual(before.nodes);
    expect([on.pods.size, on.nodes.size, on.workloads.get('replicaset')?.podCount]).toEqual([1, 3, 1]);
    expect(countReservations(on)).toBe(1);
    askAt(on, 'later', UNSEEN_TTL_MS + 1, { annotations: { 'spillway.dev/placement': 'off' } });
    expect([podsOn(on, 'edge-1'), podsOn(on, 'edge-2'), countReservations(on)]).toEqual([['real'], [], 0]);
  });

  it('does not take the name of a pod that is there from it', () => {
    const on = cluster();
    podSeen(on, podRecord('real', { nodeName: 'edge-1', startedAtMs: 1, readyAtMs: 1 }), NOW_MS);
    askAt(on, 'real', 0, { uid: 'forged' });
    sampleTaken(on, look({ 'edge-1': 500 }, { real: 500 }, NOW_MS + 1), NOW_MS + 1);
    expect(on.pods.get('uid-real')?.usage).toMatchObject({ usageMilli: 500 });
  });

  it('divides no load: its siblings count what they did', () => {
    const on = cluster();
    podSeen(on, replicaRecord('a', { nodeName: 'edge-1', startedAtMs: 1, readyAtMs: 1 }), NOW_MS);
    sampleTaken(on, look({ 'edge-1': 1000 }, { a: 1000 }, NOW_MS + 1), NOW_MS + 1);
    for (let count = 0; count < 20; count += 1) {
      askFilter(on, replicaRecord(`b${count}`), ['cloud-1'], NOW_MS + 2);
    }
    const { candidates, estimate } = askFilter(on, replicaRecord('c'), ['edge-1'], NOW_MS + 3).value;
    expect(candidates[0]).toMatchObject({ forecastMilli: 1000 });
    expect(estimate, 'yet it knows what its siblings use').toEqual({ milli: 1000, source: 'shared' });
  });

  it('holds a place, so that the next one finds it taken', () => {
    const on = cluster();
    const forecasts = ['a', 'b', 'c'].map((name, index) => {
      const { candidates } = askAt(on, name, index);
      return candidates.find(({ node }) => node === 'edge-1')?.forecastMilli;
    });
    expect(forecasts).toEqual([0, 300, 600]);
  });

  it.each<[string, (on: Picture) => void, readonly string[], readonly ReservationOutcome[]]>([
    ['shown pending', (on) => podSeen(on, podRecord('web'), NOW_MS + 1), ['web'], []],
    [
      'shown bound there',
      (on) => podSeen(on, podRecord('web', { nodeName: 'edge-1' }), NOW_MS + 1),
      ['web'],
      ['confirmed'],
    ],
    [
      'shown bound elsewhere',
      (on) => podSeen(on, podRecord('web', { nodeName: 'edge-2' }), NOW_MS + 1),
      [],
      ['moved'],
    ],
    [
      'shown under another name',
      (on) => podSeen(on, podRecord('web', { name: 'other' }), NOW_MS + 1),
      [],
      ['released'],
    ],
    ['told as gone', (on) => podGone(on, 'uid-web', NOW_MS + 1), [], ['released']],
    ['preempting', (on) => askPreempt(on, podRecord('web'), new Map(), NOW_MS + 1), [], ['released']],
  ])('%s', (_what, then, counted, outcomes) => {
    const seen: ReservationOutcome[] = [];
    const on = cluster(seen);
    askAt(on, 'web', 0);
    then(on);
    expect([podsOn(on, 'edge-1'), seen]).toEqual([counted, outcomes]);
  });

  it('once shown, keeps its place as long as any pod, and leaves it once', () => {
    const seen: ReservationOutcome[] = [];
    const on = cluster(seen);
    askAt(on, 'web', 0);
    podSeen(on, podRecord('web'), NOW_MS + 100);
    apply(on, { type: 'nodeGone', name: 'other' }, NOW_MS + TTL_MS);
    expect(podsOn(on, 'edge-1')).toEqual(['web']);
    apply(on, { type: 'nodeGone', name: 'other' }, NOW_MS + TTL_MS + 101);
    expect([podsOn(on, 'edge-1'), seen]).toEqual([[], ['expired']]);
  });

  it('holds its place no longer, however often it is asked about', () => {
    const on = cluster();
    for (let afterMs = 0; afterMs < 20_000; afterMs += 1000) askAt(on, 'nagging', afterMs, sized(3000));
    expect(podsOn(on, 'edge-1')).toEqual([]);
    expect(askAt(on, 'nagging', 20_000, sized(3000))).toMatchObject({
      result: 'overflow',
      reason: 'pod-unseen',
    });
  });

  it('is one of few', () => {
    const on = cluster();
    const results = Array.from(
      { length: MAX_UNSEEN + 50 },
      (_, index) => askAt(on, `p${index}`, 1, sized(10)).result,
    );
    expect(results.filter((result) => result === 'edge')).toHaveLength(MAX_UNSEEN);
    expect([countReservations(on), on.pods.size]).toEqual([MAX_UNSEEN, 0]);
  });

  it('cannot hold the edge with others like it: a pod that is there has its place nearly all the time', () => {
    const on = cluster();
    podSeen(on, podRecord('real', sized(1000)), NOW_MS);
    let [asked, overflowed] = [0, 0];
    for (let afterMs = 0; afterMs < 3_600_000; afterMs += 500) {
      for (const at of ['a', 'b']) askAt(on, `fake-${at}-${afterMs}`, afterMs, sized(3100));
      asked += 1;
      if (askAt(on, 'real', afterMs).result !== 'edge') overflowed += 1;
    }
    expect(overflowed / asked).toBeLessThan(0.1);
  });

  it('is believed again once the watch has caught up, however many were doubted', () => {
    const on = cluster();
    for (let index = 0; index < MAX_NEVER_SEEN; index += 1) askAt(on, `late-${index}`, 0, sized(10));
    const later = UNSEEN_TTL_MS + 1;
    expect(askAt(on, 'next', later)).toMatchObject({ result: 'overflow', reason: 'pod-unseen' });
    podSeen(on, podRecord('late-0', { nodeName: 'edge-1' }), NOW_MS + later);
    expect(askAt(on, 'next', later)).toMatchObject({ result: 'edge' });
  });

  it('leaves no cloud-only cluster without an answer, and where there is only the edge it waits', () => {
    const on = cluster();
    for (let index = 0; index < MAX_NEVER_SEEN; index += 1) askAt(on, `late-${index}`, 0, sized(10));
    const { value } = askFilter(on, podRecord('next'), ['edge-1'], NOW_MS + UNSEEN_TTL_MS + 1);
    expect(value).toMatchObject({ result: 'pending', nodes: [] });
    expect(value.candidates[0]).toMatchObject({ verdict: 'refused', reason: 'pod-unseen' });
  });

  it('counts among its siblings where so many must be in the cloud', () => {
    const on = cluster();
    const annotations = { 'spillway.dev/cloud-min': '1', 'spillway.dev/cpu-estimate': '100m' };
    const where = ['a', 'b', 'a'].map(
      (name) => askFilter(on, replicaRecord(name, { annotations }), NAMES, NOW_MS).value.nodes,
    );
    expect(where).toEqual([['cloud-1'], ['edge-1'], ['cloud-1']]);
  });
});

const PODS = ['a', 'b', 'c', 'd'];
const nodeName = fc.constantFrom(...NAMES);
const podName = fc.constantFrom(...PODS);

/** What a cluster tells, of the pods a to d. */
const told: fc.Arbitrary<ClusterEvent> = fc.oneof(
  podName.chain((name) =>
    fc
      .record({
        nodeName: fc.option(nodeName, { nil: undefined }),
        readyAtMs: fc.constantFrom(undefined, NOW_MS - 60_000),
        terminating: fc.boolean(),
      })
      .map(
        (over) =>
          ({ type: 'podSeen', pod: replicaRecord(name, { ...over, startedAtMs: over.readyAtMs }) }) as const,
      ),
  ),
  podName.map((name) => ({ type: 'podGone', uid: `uid-${name}` }) as const),
  fc
    .nat(8)
    .map((replicas) => ({ type: 'replicaSetSeen', replicaSet: { uid: 'replicaset', replicas } }) as const),
  fc
    .record({ allocatableMilli: fc.constantFrom(1000, 4000), ready: fc.boolean() })
    .chain((over) => nodeName.map((name) => ({ type: 'nodeSeen', node: nodeRecord(name, over) }) as const)),
  nodeName.map((name) => ({ type: 'nodeGone', name }) as const),
);

/** What anybody may ask: of pods that are there or not, with whatever claims. */
const asked = fc.record({
  verb: fc.constantFrom('filter', 'prioritize', 'preempt'),
  pod: fc
    .record({
      name: fc.oneof(podName, fc.constantFrom('x', 'y', 'z')),
      uid: fc.oneof(
        podName.map((name) => `uid-${name}`),
        fc.constantFrom('x', 'y', 'z'),
      ),
      nodeName: fc.constantFrom(undefined, 'edge-1', 'edge-9'),
      nominatedNodeName: fc.constantFrom(undefined, 'edge-1'),
      readyAtMs: fc.constantFrom(undefined, 1),
      startedAtMs: fc.constantFrom(undefined, 1),
      ended: fc.boolean(),
      terminating: fc.boolean(),
      ownerUid: fc.constantFrom(undefined, 'replicaset', 'forged'),
      ownerKind: fc.constantFrom(undefined, 'ReplicaSet'),
      annotations: fc.constantFrom({}, ...[10, 1500, 3100].map((milli) => sized(milli).annotations)),
    })
    .map((over) => podRecord(over.name, over)),
  names: fc.subarray([...NAMES, 'edge-9'], { minLength: 1 }),
});

const step = fc.oneof(
  { weight: 3, arbitrary: asked.map((question) => ({ kind: 'asked', question }) as const) },
  { weight: 2, arbitrary: told.map((event) => ({ kind: 'told', event }) as const) },
  fc
    .record({ 'edge-1': fc.nat(4000), 'edge-2': fc.nat(4000) })
    .chain((nodes) =>
      fc.dictionary(podName, fc.nat(900)).map((pods) => ({ kind: 'sample', nodes, pods }) as const),
    ),
  fc.nat(9000).map((ms) => ({ kind: 'time', ms }) as const),
);

type Drawn<A> = A extends fc.Arbitrary<infer T> ? T : never;

function ask(on: Picture, { verb, pod, names }: Drawn<typeof asked>, nowMs: number) {
  if (verb === 'filter') askFilter(on, pod, names, nowMs);
  else if (verb === 'prioritize') askPrioritize(on, pod, names, nowMs);
  else askPreempt(on, pod, new Map(names.map((name) => [name, new Set(['uid-a'])])), nowMs);
}

/** All that a decision is made from. What was predicted is held against what is measured, for metrics alone. */
function stateOf(on: Picture) {
  return {
    nodes: Array.from(
      on.nodes.values(),
      ({ predictedMilli: _metric, stale: _stale, loads: _loads, pods, ...node }) => ({
        ...node,
        pods: Array.from(pods, ({ uid }) => uid).sort(),
      }),
    ).sort((left, right) => (left.name < right.name ? -1 : 1)),
    pods: Array.from(on.pods.values(), ({ node, workload, predicted: _metric, ...pod }) => ({
      ...pod,
      node: node?.name,
      workload: workload?.key,
    })),
    names: new Set(on.podsByName.keys()),
    workloads: Array.from(on.workloads.values(), ({ pods, ...workload }) => ({
      ...workload,
      pods: pods.size,
    })),
    departed: Array.from(on.departed, ([key, { node, ...rest }]) => [key, node.name, rest]),
    reservations: countReservations(on),
  };
}

/** @returns the time afterwards */
function happen(each: Drawn<typeof step>, questioned: Picture, quiet: Picture, nowMs: number): number {
  if (each.kind === 'time') return nowMs + each.ms;
  if (each.kind === 'asked') ask(questioned, each.question, nowMs);
  else for (const on of [questioned, quiet]) apply(on, eventOf(each, nowMs), nowMs);
  return nowMs;
}

function eventOf(each: Exclude<Drawn<typeof step>, { kind: 'time' | 'asked' }>, nowMs: number): ClusterEvent {
  if (each.kind === 'told') return each.event;
  return { type: 'sampleTaken', look: look(each.nodes, each.pods, nowMs) };
}

describe('whatever is asked', () => {
  it('after the TTL the picture is as the watch and the samples alone have made it, gates included', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
        const [questioned, quiet] = [cluster(), cluster()];
        let nowMs = NOW_MS;
        for (const each of steps) nowMs = happen(each, questioned, quiet, nowMs);
        nowMs += TTL_MS + 1;
        for (const on of [questioned, quiet]) apply(on, { type: 'nodeGone', name: 'none' }, nowMs);
        expect(stateOf(questioned)).toEqual(stateOf(quiet));
      }),
      { numRuns: 1000 },
    );
  });
});
