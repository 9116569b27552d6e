import fc from 'fast-check';
import type { TraceDocument } from '../../traces.ts';

/** Kubernetes' objects as they may stand in a trace, but for their names: `document.ts` gives those. */

/** Absent three times out of four, so that most objects are simple and every field is met. */
export function rarely<T>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> {
  return fc.oneof({ arbitrary: fc.constant(undefined), weight: 3 }, { arbitrary, weight: 1 });
}

export function within(min: number, max: number): fc.Arbitrary<number> {
  return fc.integer({ min, max });
}

export function text(unit: string, min: number, max: number): fc.Arbitrary<string> {
  return within(min, max).map((value) => `${value}${unit}`);
}

const OPERATED: TraceDocument = { key: 'dedicated', value: 'batch' };

/** Without `metadata.name`. */
export interface GeneratedNode {
  readonly edge: boolean;
  readonly labels: Readonly<Record<string, string>>;
  readonly spec: TraceDocument;
  readonly allocatable: TraceDocument;
  readonly isReady: boolean;
}

export const nodes: fc.Arbitrary<GeneratedNode> = fc.record({
  edge: fc.boolean(),
  labels: fc.record(
    { zone: fc.constantFrom('a', 'b'), site: fc.constantFrom('north', 'south') },
    { requiredKeys: ['zone'] },
  ),
  spec: fc.record({
    unschedulable: fc.oneof({ arbitrary: fc.constant(false), weight: 9 }, fc.constant(true)),
    taints: fc
      .oneof(
        { arbitrary: fc.constant(undefined), weight: 5 },
        fc.constantFrom('NoSchedule', 'PreferNoSchedule', 'NoExecute'),
      )
      .map((effect) => (effect === undefined ? [] : [{ ...OPERATED, effect }])),
  }),
  allocatable: fc.record(
    {
      cpu: fc.constantFrom('600m', '1', '1', '2', '2', '4', '8'),
      memory: fc.constantFrom('1Gi', '2Gi', '8Gi'),
      pods: fc.constantFrom('4', '12', '110'),
    },
    { requiredKeys: ['cpu'] },
  ),
  isReady: fc.oneof({ arbitrary: fc.constant(true), weight: 19 }, fc.constant(false)),
});

const sameGroup = { labelSelector: { matchExpressions: [{ key: 'group', operator: 'Exists' }] } };
const topologyKey = fc.constantFrom('zone', 'kubernetes.io/hostname');
const inZone = fc.constantFrom('a', 'b').map((zone) => ({
  matchExpressions: [{ key: 'zone', operator: 'In', values: [zone] }],
}));
const podTerm = topologyKey.map((key) => ({ topologyKey: key, ...sameGroup }));
const podTerms = fc.record(
  {
    requiredDuringSchedulingIgnoredDuringExecution: podTerm.map((term) => [term]),
    preferredDuringSchedulingIgnoredDuringExecution: fc
      .record({ weight: within(1, 100), podAffinityTerm: podTerm })
      .map((term) => [term]),
  },
  { requiredKeys: [] },
);

const affinity = fc.record(
  {
    nodeAffinity: fc.record(
      {
        requiredDuringSchedulingIgnoredDuringExecution: inZone.map((term) => ({ nodeSelectorTerms: [term] })),
        preferredDuringSchedulingIgnoredDuringExecution: fc
          .record({ weight: within(1, 100), preference: inZone })
          .map((term) => [term]),
      },
      { requiredKeys: [] },
    ),
    podAffinity: podTerms,
    podAntiAffinity: podTerms,
  },
  { requiredKeys: [] },
);

const toleration = fc.oneof(
  fc.constant({ operator: 'Exists' }),
  fc.constant({ ...OPERATED, operator: 'Equal', effect: 'NoSchedule' }),
  fc.constant({ key: OPERATED['key'], operator: 'Exists' }),
  within(0, 60).map((tolerationSeconds) => ({
    key: 'node.kubernetes.io/unreachable',
    operator: 'Exists',
    effect: 'NoExecute',
    tolerationSeconds,
  })),
);

const spread = fc.record({
  maxSkew: within(1, 2),
  topologyKey,
  whenUnsatisfiable: fc.constantFrom('DoNotSchedule', 'ScheduleAnyway'),
  labelSelector: fc.constant(sameGroup.labelSelector),
});

const quantities = fc.record(
  { cpu: text('m', 0, 400), memory: fc.constantFrom('64Mi', '256Mi') },
  { requiredKeys: [] },
);

/** Limits are never below requests: the API server refuses such pods. */
const resources = fc
  .record({ requests: quantities, extra: rarely(within(0, 400)) })
  .map(({ requests, extra }) => {
    if (extra === undefined) return { requests };
    const limitMilli = Number.parseInt(requests.cpu ?? '0', 10) + Math.max(1, extra);
    return { requests, limits: { ...requests, cpu: `${limitMilli}m` } };
  });

const container = fc.record(
  {
    name: fc.constant('main'),
    resources,
    readinessProbe: fc.record({
      initialDelaySeconds: within(0, 8),
      periodSeconds: within(1, 10),
      successThreshold: within(1, 2),
    }),
  },
  { requiredKeys: ['name', 'resources'] },
);

const sidecar = fc.record({ resources, restartPolicy: fc.constantFrom('Always', 'Never') });

export const podSpecs: fc.Arbitrary<TraceDocument> = fc
  .record({
    containers: container.map((one) => [one]),
    initContainers: rarely(sidecar.map((one) => [{ name: 'first', ...one }])),
    nodeSelector: rarely(fc.constantFrom('a', 'b').map((zone) => ({ zone }))),
    priority: rarely(within(-5, 5)),
    tolerations: rarely(fc.array(toleration, { minLength: 1, maxLength: 2 })),
    affinity: rarely(affinity),
    topologySpreadConstraints: rarely(spread.map((one) => [one])),
  })
  .map(withoutUndefined);

/** Some say nothing usable: the default holds then, and the pod is placed all the same. */
export const annotations: fc.Arbitrary<Record<string, string>> = fc
  .record({
    'spillway.dev/placement': rarely(
      fc.constantFrom('edge-first', 'edge-only', 'cloud-first', 'cloud-only', 'off', 'moon'),
    ),
    'spillway.dev/load': rarely(fc.constantFrom('shared', 'own')),
    'spillway.dev/cpu-threshold': rarely(fc.constantFrom('0.5', '70%', '2')),
    'spillway.dev/cpu-estimate': rarely(text('m', 0, 300)),
    'spillway.dev/edge-share': rarely(fc.constantFrom('0', '0.5', '80%', '1')),
    'spillway.dev/cloud-min': rarely(fc.constantFrom('0', '1', '3')),
    'spillway.dev/site': rarely(fc.constantFrom('north', 'south', '-')),
  })
  .map((found) => withoutUndefined(found) as Record<string, string>);

/** JSON has no undefined, and the reader takes a key that is there for one that was meant. */
export function withoutUndefined(record: TraceDocument): TraceDocument {
  return Object.fromEntries(Object.entries(record).filter(([, value]) => value !== undefined));
}
