import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PLACEMENTS } from '../../src/placement/annotations.ts';
import { decide } from '../../src/placement/decide.ts';
import type { Question } from '../../src/placement/decision.ts';
import { forecastNode } from '../../src/placement/forecast.ts';
import { loadOfSums, podLoad, sumLoads } from '../../src/placement/load.ts';
import { rank } from '../../src/placement/rank.ts';
import type { NodeFacts, PlacementSettings, PodFacts, WorkloadFacts } from '../../src/placement/types.ts';
import { NOW_MS, node, question, SETTINGS } from '../builders.ts';

const milli = (max: number) => fc.integer({ min: 0, max });
const optional = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined });
const recentMs = fc.integer({ min: NOW_MS - 300_000, max: NOW_MS });
const sampleOf = fc.record({
  usageMilli: milli(2000),
  windowMs: fc.integer({ min: 0, max: 60_000 }),
  endMs: recentMs,
});

const workloads: fc.Arbitrary<WorkloadFacts> = fc.record({
  key: fc.string(),
  replicas: optional(fc.integer({ min: 0, max: 40 })),
  podCount: fc.integer({ min: 0, max: 40 }),
  saturated: fc.boolean(),
  samples: fc.array(
    fc.record({
      meanMilli: milli(900),
      readyPods: fc.integer({ min: 0, max: 20 }),
      windowMs: fc.integer({ min: 1, max: 60_000 }),
      endMs: recentMs,
    }),
    { maxLength: 3 },
  ),
});

const podsOf = (over: Partial<Record<keyof PodFacts, fc.Arbitrary<unknown>>> = {}) =>
  fc.record({
    uid: fc.uuid(),
    namespace: fc.constant('default'),
    name: fc.string(),
    sharing: fc.constantFrom('shared', 'own'),
    workload: optional(workloads),
    requestMilli: optional(milli(1000)),
    annotatedMilli: optional(milli(800)),
    startedAtMs: optional(recentMs),
    readyAtMs: optional(recentMs),
    usage: optional(sampleOf),
    ...over,
  }) as fc.Arbitrary<PodFacts>;

const annotatedPods = podsOf({ annotatedMilli: milli(800), readyAtMs: fc.constant(undefined) });

const nodesOf = (pods: fc.Arbitrary<PodFacts>): fc.Arbitrary<NodeFacts> =>
  fc
    .record({
      name: fc.string({ minLength: 1, maxLength: 6 }),
      tier: fc.constantFrom('edge', 'cloud'),
      site: optional(fc.constantFrom('north', 'south')),
      allocatableMilli: milli(8000),
      ready: fc.boolean(),
      schedulable: fc.boolean(),
      closed: fc.boolean(),
      metrics: optional(
        fc.record({
          usageMilli: milli(8000),
          windowMs: fc.integer({ min: 0, max: 60_000 }),
          endMs: recentMs,
          podUsageMilli: optional(milli(8000)),
          goneUsageMilli: milli(1000),
          advancedAtMs: recentMs,
          missing: fc.boolean(),
        }),
      ),
      pods: fc.array(pods, { maxLength: 6 }),
    })
    .map((facts) => ({ ...facts, loads: sumLoads(facts.pods, SETTINGS.load) }) as NodeFacts);

const questions: fc.Arbitrary<Question> = fc.record({
  pod: podsOf(),
  policy: fc.record({
    placement: fc.constantFrom(...PLACEMENTS),
    sharing: fc.constantFrom('shared', 'own'),
    thresholdRatio: optional(fc.double({ min: 0.05, max: 0.95, noNaN: true })),
    edgeShareRatio: optional(fc.double({ min: 0, max: 1, noNaN: true })),
    cloudMinPods: optional(fc.nat(3)),
    site: optional(fc.constantFrom('north', 'south')),
  }),
  candidates: fc.uniqueArray(nodesOf(podsOf()), { maxLength: 8, selector: ({ name }) => name }),
  unknownNodes: fc.uniqueArray(
    fc.string().map((name) => `unknown ${name}`),
    { maxLength: 2 },
  ),
  siblings: optional(fc.record({ edgePods: fc.nat(20), cloudPods: fc.nat(20) })),
  nominated: fc.boolean(),
  nowMs: fc.constant(NOW_MS),
}) as fc.Arbitrary<Question>;

const settingsOf: fc.Arbitrary<PlacementSettings> = fc
  .record({
    edgeCandidates: fc.constantFrom('one', 'all'),
    unknownMetrics: fc.constantFrom('pack-by-requests', 'treat-as-full', 'treat-as-usable'),
  })
  .map((over) => ({ ...SETTINGS, ...over }) as PlacementSettings);

const TINY_MILLI = 1e-3;

/** Whether a pod may come at all: at the threshold itself the gate is shut. */
function isOpen(edge: NodeFacts, settings: PlacementSettings): boolean {
  if (!edge.ready || !edge.schedulable || edge.closed) return false;
  const { milli: forecastMilli, freshness } = forecastNode(edge, settings, NOW_MS);
  if (freshness === 'unknown' && settings.unknownMetrics === 'treat-as-full') return false;
  return forecastMilli < settings.thresholdRatio * edge.allocatableMilli - TINY_MILLI;
}

describe('whatever the cluster looks like', () => {
  it('the same input gives the same decision, in whatever order candidates come', () => {
    fc.assert(
      fc.property(questions, settingsOf, fc.nat(), (ask, settings, turn) => {
        const at = ask.candidates.length === 0 ? 0 : turn % ask.candidates.length;
        const turned = [...ask.candidates.slice(at), ...ask.candidates.slice(0, at)].reverse();
        const first = decide(ask, settings);
        const second = decide({ ...ask, candidates: turned }, settings);
        if (first.result === 'passed') return;
        expect(second.nodes).toEqual(first.nodes);
        expect(second).toMatchObject({ result: first.result, reason: first.reason });
        expect(decide(ask, settings)).toEqual(first);
      }),
    );
  });

  it('no edge node is answered above its threshold, and on soft overload none above its limit', () => {
    fc.assert(
      fc.property(questions, settingsOf, (ask, settings) => {
        const decision = decide(ask, settings);
        if (decision.result === 'passed') return;
        for (const candidate of decision.candidates) {
          if (candidate.verdict !== 'answered' || candidate.tier !== 'edge') continue;
          const { forecastMilli = 0, estimateMilli = 0, thresholdMilli = 0, limitMilli = 0 } = candidate;
          const boundMilli = decision.result === 'overload' ? limitMilli : thresholdMilli;
          expect(forecastMilli + estimateMilli).toBeLessThanOrEqual(boundMilli + TINY_MILLI);
        }
      }),
    );
  });

  // Judged here from the forecast alone, not by what the decision says of itself.
  it('an edge-first pod never goes to the cloud while an edge node admits it', () => {
    fc.assert(
      fc.property(questions, settingsOf, fc.boolean(), (ask, settings, idle) => {
        const policy = { placement: 'edge-first', sharing: 'shared' } as const;
        // Among random nodes hardly one admits a pod: half of the time one more does.
        const candidates = idle ? [...ask.candidates, node({ name: 'an idle one' })] : ask.candidates;
        const decision = decide({ ...ask, policy, candidates }, settings);
        const inCloud = candidates.some(
          ({ name, tier }) => tier === 'cloud' && decision.nodes.includes(name),
        );
        if (!inCloud) return;
        const open = candidates.filter((edge) => edge.tier === 'edge' && isOpen(edge, settings));
        for (const edge of open) {
          const afterMilli = forecastNode(edge, settings, NOW_MS).milli + decision.estimate.milli;
          expect(afterMilli).toBeGreaterThan(settings.thresholdRatio * edge.allocatableMilli);
        }
      }),
    );
  });

  it('what is answered was asked for, once, and every candidate has a verdict', () => {
    fc.assert(
      fc.property(questions, settingsOf, (ask, settings) => {
        const decision = decide(ask, settings);
        const asked = [...ask.candidates.map(({ name }) => name), ...ask.unknownNodes];
        expect(asked).toEqual(expect.arrayContaining([...decision.nodes]));
        expect(new Set(decision.nodes).size).toBe(decision.nodes.length);
        expect(decision.candidates.map(({ node }) => node).sort()).toEqual(asked.sort());
        const answered = decision.candidates.filter(({ verdict }) => verdict === 'answered');
        expect(answered.map(({ node }) => node).sort()).toEqual([...decision.nodes].sort());
      }),
    );
  });

  it('scores are whole numbers from 0 to 10, one for every node asked about', () => {
    fc.assert(
      fc.property(questions, settingsOf, (ask, settings) => {
        const { scores, first } = rank(ask, settings);
        expect(scores).toHaveLength(ask.candidates.length + ask.unknownNodes.length);
        for (const { score } of scores)
          expect(Number.isInteger(score) && score >= 0 && score <= 10).toBe(true);
        const highest = Math.max(0, ...scores.map(({ score }) => score));
        if (first !== undefined) expect(scores.find(({ node }) => node === first)?.score).toBe(highest);
      }),
    );
  });

  it('with annotated estimates a pod more never lowers a forecast, and one less never raises it', () => {
    fc.assert(
      fc.property(nodesOf(annotatedPods), annotatedPods, settingsOf, (node, added, settings) => {
        const pods = [...node.pods, added];
        const fuller = { ...node, pods, loads: sumLoads(pods, settings.load) };
        const before = forecastNode(node, settings, NOW_MS).milli;
        expect(forecastNode(fuller, settings, NOW_MS).milli).toBeGreaterThanOrEqual(before - TINY_MILLI);
      }),
    );
  });

  it('loads added up by workload are the sum of the loads of the pods', () => {
    fc.assert(
      fc.property(fc.array(podsOf(), { maxLength: 8 }), optional(workloads), (pods, common) => {
        const related = pods.map((each, index) => (index % 2 === 0 ? { ...each, workload: common } : each));
        const one = related.reduce((sum, each) => sum + podLoad(each, SETTINGS.load, NOW_MS).milli, 0);
        const all = loadOfSums(sumLoads(related, SETTINGS.load), SETTINGS.load, NOW_MS);
        expect(Math.abs(all - one)).toBeLessThan(TINY_MILLI);
      }),
    );
  });

  it('the default question is answered: the generators are not all there is', () => {
    expect(decide(question(), SETTINGS).nodes).toEqual(['edge-1']);
  });
});
