import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { PodResult, SimulationResult } from '../../src/simulator/result.ts';
import { simulate } from '../../src/simulator/simulate.ts';
import {
  deploymentDocument,
  nodeDocument,
  scaleEvent,
  type TraceDocument,
  traceDocument,
  traceOf,
} from './traces.ts';

/** Small clusters under arbitrary scaling, CPU, cordons and lost scrapes. */
const traces: fc.Arbitrary<TraceDocument> = fc
  .record({
    seed: fc.integer({ min: 0, max: 1000 }),
    edge: fc.array(fc.integer({ min: 1, max: 4 }), { maxLength: 3 }),
    cloud: fc.array(fc.integer({ min: 1, max: 8 }), { maxLength: 2 }),
    scale: fc.array(
      fc.record({ at: fc.integer({ min: 0, max: 119 }), to: fc.integer({ min: 0, max: 30 }) }),
      {
        maxLength: 8,
      },
    ),
    cordons: fc.array(fc.record({ at: fc.integer({ min: 0, max: 119 }), on: fc.boolean() }), {
      maxLength: 4,
    }),
    cpu: fc.array(
      fc.record({ at: fc.integer({ min: 0, max: 119 }), milli: fc.integer({ min: 0, max: 6000 }) }),
      {
        minLength: 1,
        maxLength: 6,
      },
    ),
    request: fc.integer({ min: 0, max: 500 }),
    phase: fc.integer({ min: 0, max: 14 }),
    lostFrom: fc.integer({ min: 0, max: 100 }),
  })
  .filter(({ edge, cloud }) => edge.length + cloud.length > 0)
  .map(({ seed, edge, cloud, scale, cordons, cpu, request, phase, lostFrom }) => {
    const nodes = [
      ...edge.map((cores, index) => nodeDocument(`edge-${index}`, String(cores))),
      ...cloud.map((cores, index) => nodeDocument(`cloud-${index}`, String(cores))),
    ];
    const first = edge.length > 0 ? 'edge-0' : 'cloud-0';
    return traceDocument({
      seed,
      nodes,
      deployments: [deploymentDocument(2, `${request}m`)],
      events: [
        ...scale.map(({ at, to }) => scaleEvent(`${at}s`, to)),
        ...cordons.map(({ at, on }) => ({ at: `${at}s`, [on ? 'cordon' : 'uncordon']: first })),
      ],
      load: [
        {
          type: 'recordedCpu',
          deployment: 'fn/web',
          points: cpu
            .toSorted((left, right) => left.at - right.at)
            .map(({ at, milli }) => ({ at: `${at}s`, cpu: `${milli}m` })),
        },
      ],
      metricsServer: {
        phase: `${phase}s`,
        lost: [{ node: first, from: `${lostFrom}s`, to: `${lostFrom + 20}s` }],
      },
    });
  });

function holdForAll(holds: (result: SimulationResult, document: TraceDocument) => void): Promise<void> {
  return fc.assert(
    fc.asyncProperty(traces, async (document) => holds(simulate(await traceOf(document)), document)),
    { numRuns: 60 },
  );
}

const exists = ({ createdAtMs, goneAtMs }: PodResult, atMs: number) =>
  createdAtMs <= atMs && (goneAtMs === undefined || atMs < goneAtMs);

describe('whatever happens', () => {
  it('each pod goes its way forward in time, through one node', () =>
    holdForAll(({ pods, startMs, endMs }) => {
      for (const pod of pods) {
        const { createdAtMs, boundAtMs, startedAtMs, readyAtMs, terminatingAtMs, goneAtMs } = pod;
        const life = [createdAtMs, boundAtMs, startedAtMs, readyAtMs].filter((atMs) => atMs !== undefined);
        expect(life).toEqual(life.toSorted((left, right) => left - right));
        expect(createdAtMs).toBeGreaterThanOrEqual(startMs);
        for (const atMs of [...life, terminatingAtMs ?? endMs]) expect(atMs).toBeLessThanOrEqual(endMs);
        expect((boundAtMs === undefined) === (pod.node === undefined)).toBe(true);
        if (goneAtMs !== undefined) expect(goneAtMs).toBeGreaterThanOrEqual(terminatingAtMs ?? goneAtMs + 1);
        expect(pod.attempts.filter(({ result }) => result === 'assumed').length).toBeLessThanOrEqual(1);
      }
      expect(new Set(pods.map(({ uid }) => uid)).size).toBe(pods.length);
      expect(new Set(pods.map(({ name }) => name)).size).toBe(pods.length);
    }));

  it('no pod is lost: at the end there are as many as the last event asked for', () =>
    holdForAll(({ pods, scalings, endMs }) => {
      // Creations take a millisecond each, and the last event comes a second before the end at the latest.
      const wanted = scalings.at(-1)?.to ?? 2;
      const active = pods.filter((pod) => exists(pod, endMs) && pod.terminatingAtMs === undefined);
      expect(active).toHaveLength(wanted);
    }));

  it('counts add up after every change', () =>
    holdForAll(({ pods, counts }) => {
      for (const { atMs, edge, cloud, pending } of counts) {
        const there = pods.filter((pod) => exists(pod, atMs) && (pod.terminatingAtMs ?? atMs + 1) > atMs);
        expect(edge + cloud + pending).toBe(there.length);
        expect(Math.min(edge, cloud, pending)).toBeGreaterThanOrEqual(0);
      }
    }));

  it('a pod is bound where Spillway’s last answer allowed it', () =>
    holdForAll(({ pods, decisions }) => {
      for (const { node, attempts } of pods) {
        if (node === undefined) continue;
        const decision = decisions[attempts.at(-1)?.decision ?? -1];
        expect(decision?.nodes).toContain(node);
      }
    }));

  it('decisions are in the order of time, and no node uses more than it has', () =>
    holdForAll(({ decisions, nodes }) => {
      const times = decisions.map(({ atMs }) => atMs);
      expect(times).toEqual(times.toSorted((left, right) => left - right));
      for (const { real, allocatableMilli } of nodes) {
        for (const { fromMs, toMs, fromMilli, toMilli } of real) {
          expect(toMs).toBeGreaterThan(fromMs);
          expect(Math.max(fromMilli, toMilli)).toBeLessThanOrEqual(allocatableMilli + 1e-6);
        }
      }
    }));
});
