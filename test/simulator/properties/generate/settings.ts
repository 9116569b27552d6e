import fc from 'fast-check';
import { POLICY_NAMES } from '../../../../src/trace/policy-names.ts';
import type { TraceDocument } from '../../traces.ts';
import { rarely, text, within, withoutUndefined } from './objects.ts';

/** How the parts of the cluster behave, and Spillway's configuration. */

const optional = <T>(model: { [K in keyof T]: fc.Arbitrary<T[K]> }) => fc.record(model, { requiredKeys: [] });

const metricsServer = fc
  .record({
    base: optional({
      resolution: fc.constantFrom('5s', '10s', '15s', '30s'),
      phase: text('s', 0, 14),
      delay: text('ms', 0, 3000),
      freshContainers: fc.constantFrom('kubelet', 'kwok'),
    }),
    failures: rarely(
      fc
        .record(
          {
            tier: fc.constantFrom('edge', 'cloud'),
            probability: fc.constantFrom(0.1, 0.5, 1),
            saturatedAbove: fc.constantFrom(0.5, 0.9),
          },
          { requiredKeys: ['probability'] },
        )
        .map((one) => [one]),
    ),
  })
  .map(({ base, failures }) => withoutUndefined({ ...base, failures }));

const kubelet = optional({
  startUp: text('ms', 0, 8000),
  startUpJitter: text('ms', 0, 3000),
  readiness: text('ms', 0, 5000),
  termination: text('ms', 0, 30_000),
});

/** Slow bindings and slow watches too: what Spillway knows is then old when it is asked. */
const scheduler = fc
  .record({
    policy: fc.oneof({ arbitrary: fc.constant('spillway'), weight: 6 }, fc.constantFrom(...POLICY_NAMES)),
    extender: rarely(fc.constant('none')),
    rest: optional({
      extenderWeight: fc.constantFrom(1, 20, 1000),
      ignorable: fc.boolean(),
      percentageOfNodesToScore: fc.constantFrom(0, 50, 100),
      scoringStrategy: fc.constantFrom('LeastAllocated', 'MostAllocated'),
      cycle: text('ms', 0, 20),
      binding: fc.constantFrom('0s', '5ms', '100ms', '3s'),
      watch: fc.constantFrom('0s', '1ms', '50ms', '2s'),
    }),
  })
  .map(({ policy, extender, rest }) =>
    extender === 'none' && policy === 'spillway'
      ? { ...rest, extender }
      : withoutUndefined({ ...rest, policy, extender }),
  );

const rule = fc.record({
  selector: fc.constant({ matchLabels: { group: 'x' } }),
  set: optional({
    placement: fc.constantFrom('edge-only', 'cloud-first', 'off'),
    cpuThreshold: fc.constantFrom(0.1, '20%'),
    edgeShare: fc.constantFrom(0.5, '25%'),
  }),
});

const placement = fc
  .record({
    default: rarely(fc.constantFrom('edge-first', 'edge-only', 'cloud-first', 'cloud-only')),
    thresholds: rarely(fc.tuple(within(2, 10), within(0, 8), within(0, 3))),
    edgeCandidates: fc.constantFrom('one', 'all'),
    unknownMetrics: fc.constantFrom('pack-by-requests', 'treat-as-full', 'treat-as-usable'),
    rules: rarely(rule.map((one) => [one])),
  })
  .map(({ thresholds, ...rest }) => {
    if (thresholds === undefined) return withoutUndefined(rest);
    const [threshold, below, above] = thresholds.map((tenths) => tenths / 10) as [number, number, number];
    const resume = Math.max(0.1, Math.round((threshold - below) * 10) / 10);
    return withoutUndefined({ ...rest, threshold, resume, limit: Math.min(1, threshold + above) });
  });

const metrics = fc
  .record({ poll: within(1, 10), ageing: within(1, 60), unknown: within(1, 120) })
  .map(({ poll, ageing, unknown }) => ({
    pollInterval: `${poll}s`,
    ageingAfter: `${poll + ageing}s`,
    unknownAfter: `${poll + ageing + unknown}s`,
  }));

const configuration = fc
  .record({
    tiers: rarely(fc.constant({ siteLabel: 'site' })),
    placement: rarely(placement),
    metrics: rarely(metrics),
    reservations: rarely(fc.record({ ttl: text('s', 1, 30), max: fc.constantFrom(1, 3, 10_000) })),
    load: rarely(
      optional({
        lead: text('s', 0, 60),
        requestFactor: fc.constantFrom(0.2, 1, 3),
        defaultCpu: text('m', 1, 300),
        trendBound: fc.constantFrom(1, 2, 10),
        saturated: fc.constantFrom(0.5, 0.95, 1),
      }),
    ),
  })
  .map(withoutUndefined);

export const settings: fc.Arbitrary<TraceDocument> = fc.record({
  kubernetesVersion: within(25, 36).map((minor) => `1.${minor}`),
  seed: within(0, 4_294_967_295),
  duration: text('s', 60, 300),
  configuration,
  metricsServer,
  kubelet,
  nodeController: optional({ gracePeriod: text('s', 1, 40) }),
  autoscaling: optional({
    syncPeriod: text('s', 5, 20),
    syncDuration: text('ms', 0, 50),
    phase: text('s', 0, 15),
  }),
  scheduler,
});
