import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { askFilter, askPrioritize } from '../../src/picture/ask.ts';
import { nodeGone, nodeSeen } from '../../src/picture/nodes.ts';
import type { Picture, PodEntry } from '../../src/picture/picture.ts';
import { podGone, podSeen } from '../../src/picture/pods.ts';
import type { PodRecord } from '../../src/picture/records.ts';
import { sampleTaken } from '../../src/picture/samples.ts';
import { replicaSetGone, replicaSetSeen } from '../../src/picture/workloads.ts';
import { look, nodeRecord, PICTURE_SETTINGS, picture, podRecord, replicaRecord } from '../builders.ts';

const NODES = ['edge-1', 'edge-2', 'cloud-1', 'cloud-2'];
const PODS = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'];

const nodeName = fc.constantFrom(...NODES);
const podName = fc.constantFrom(...PODS);
const record = (name: string, over: Partial<PodRecord>) =>
  name < 'e' ? replicaRecord(name, over) : podRecord(name, over);

const event = fc.oneof(
  nodeName.map((name) => ({ kind: 'nodeSeen', name }) as const),
  nodeName.map((name) => ({ kind: 'nodeGone', name }) as const),
  fc
    .record({ nodeName: fc.option(nodeName, { nil: undefined }), ready: fc.boolean() })
    .chain((over) => podName.map((name) => ({ kind: 'podSeen', name, ...over }) as const)),
  podName.map((name) => ({ kind: 'podEnds', name }) as const),
  podName.map((name) => ({ kind: 'podTerminates', name }) as const),
  podName.map((name) => ({ kind: 'podGone', name }) as const),
  podName.map((name) => ({ kind: 'filter', name }) as const),
  podName.map((name) => ({ kind: 'prioritize', name }) as const),
  fc.nat(12).map((replicas) => ({ kind: 'replicas', replicas }) as const),
  fc.constant({ kind: 'replicaSetGone' } as const),
  fc
    .record({
      nodes: fc.dictionary(nodeName, fc.nat(4000)),
      pods: fc.option(fc.dictionary(podName, fc.nat(900)), { nil: undefined }),
    })
    .map((usage) => ({ kind: 'sample', ...usage }) as const),
  fc
    .oneof(fc.nat(40_000), fc.constantFrom(30_001, -30_000, -3_600_000))
    .map((ms) => ({ kind: 'time', ms }) as const),
);
type Event = typeof event extends fc.Arbitrary<infer T> ? T : never;

function apply(on: Picture, what: Event): void {
  const nowMs = on.nowMs;
  switch (what.kind) {
    case 'nodeSeen':
      nodeSeen(on, nodeRecord(what.name));
      break;
    case 'nodeGone':
      nodeGone(on, what.name);
      break;
    case 'podSeen': {
      const readyAtMs = what.ready ? nowMs : undefined;
      podSeen(on, record(what.name, { nodeName: what.nodeName, readyAtMs }), nowMs);
      break;
    }
    case 'podEnds':
      podSeen(on, record(what.name, { nodeName: 'edge-1', ended: true }), nowMs);
      break;
    case 'podTerminates':
      podSeen(on, record(what.name, { nodeName: 'edge-1', terminating: true }), nowMs);
      break;
    case 'podGone':
      podGone(on, `uid-${what.name}`, nowMs);
      break;
    case 'filter':
      askFilter(on, record(what.name, {}), NODES, nowMs);
      break;
    case 'prioritize':
      askPrioritize(on, record(what.name, {}), NODES, nowMs);
      break;
    case 'replicas':
      replicaSetSeen(on, { uid: 'replicaset', replicas: what.replicas });
      break;
    case 'replicaSetGone':
      replicaSetGone(on, 'replicaset');
      break;
    case 'sample':
      sampleTaken(on, look(what.nodes, what.pods, nowMs), nowMs);
      break;
    case 'time':
      on.nowMs += what.ms;
      break;
  }
}

function expectSound(on: Picture): void {
  expectNodesSound(on);
  for (const pod of on.pods.values()) expectPodSound(on, pod);
  for (const { pod, node } of on.reservations.values()) expect(pod.node).toBe(node);
  for (const [uid, { pod, node }] of on.unseen.reservations) {
    expect([pod.node, pod.watched, pod.bound, on.pods.has(uid)]).toEqual([node, false, false, false]);
  }
  for (const workload of on.workloads.values()) {
    expect(workload.podCount).toBe(workload.pods.size);
    expect(workload.podCount).toBeGreaterThan(0);
  }
  expect(on.podsByName.size).toBe(on.pods.size);
}

function expectNodesSound(on: Picture): void {
  for (const node of on.nodes.values()) {
    expect(node.known || node.pods.size > 0).toBe(true);
    for (const pod of node.pods) {
      expect(pod.node).toBe(node);
      // A pod that no watch has shown is known by its reservation alone.
      expect(on.pods.get(pod.uid) ?? on.unseen.reservations.get(pod.uid)?.pod).toBe(pod);
    }
  }
}

function expectPodSound(on: Picture, pod: PodEntry): void {
  if (pod.node !== undefined) {
    expect(pod.node.pods.has(pod)).toBe(true);
    expect(pod.bound || on.reservations.peek(pod.uid, { allowStale: true }) !== undefined).toBe(true);
  }
  if (pod.workload !== undefined) expect(on.workloads.get(pod.workload.key)?.pods.has(pod)).toBe(true);
  expect(on.podsByName.get(`${pod.namespace}/${pod.name}`)).toBe(pod);
}

describe('whatever happens, in whatever order', () => {
  it('every pod counts once, where it is bound or reserved, and nothing is left over', () => {
    fc.assert(
      fc.property(fc.array(event, { maxLength: 40 }), fc.boolean(), (events, all) => {
        const { placement } = PICTURE_SETTINGS;
        const on = picture({ placement: { ...placement, edgeCandidates: all ? 'all' : 'one' } });
        for (const what of events) {
          apply(on, what);
          expectSound(on);
        }
        for (const name of PODS) podGone(on, `uid-${name}`, on.nowMs);
        for (const name of NODES) nodeGone(on, name);
        expect([on.pods.size, on.nodes.size, on.workloads.size, on.reservations.size]).toEqual([0, 0, 0, 0]);
        sampleTaken(on, look({}, {}, on.nowMs), on.nowMs + 86_400_000);
        expect(on.departed.size).toBe(0);
      }),
      { numRuns: 300 },
    );
  });

  it('the forecast kept from event to event is the one made anew from the same facts', () => {
    fc.assert(
      fc.property(fc.array(event, { maxLength: 30 }), (events) => {
        const kept = picture();
        const fresh = picture();
        for (const what of events) {
          apply(kept, what);
          apply(fresh, what);
          for (const node of fresh.nodes.values()) node.stale = true;
        }
        const ask = () => [kept, fresh].map((on) => askFilter(on, podRecord('probe'), NODES, on.nowMs).value);
        const [left, right] = ask();
        expect(left).toEqual(right);
      }),
      { numRuns: 200 },
    );
  });
});
