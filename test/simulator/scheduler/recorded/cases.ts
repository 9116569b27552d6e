import { below, createRandom, type Random, uniform } from '../../../../src/simulator/engine/random.ts';

/*
 * Clusters and pods drawn at random, as the API server would take them: what the stand-in makes of one can be
 * held against kube-scheduler. The same seed gives the same cases.
 */

type Json = Readonly<Record<string, unknown>>;

export interface Case {
  readonly pod: Json;
  readonly nodes: readonly Json[];
  /** They run on the nodes already; some are being deleted. */
  readonly pods: readonly Json[];
  /** The pod's, when it has one. */
  readonly replicaSets: readonly Json[];
  readonly services: readonly Json[];
}

const HOSTNAME = 'kubernetes.io/hostname';
const ZONE = 'topology.kubernetes.io/zone';
const NAMESPACE = 'fn';

export function randomCases(seed: number, count: number): readonly Case[] {
  const draw = dice(createRandom(seed, 'cases'));
  return Array.from({ length: count }, () => randomCase(draw));
}

/** What the pod's ReplicaSet and the Services that match it select. */
export function selectorOf({
  pod,
  replicaSets,
  services,
}: Case): { readonly matchLabels: Record<string, string> } | undefined {
  const parsed: { metadata: { labels: Record<string, string> } } = JSON.parse(JSON.stringify(pod));
  const { labels } = parsed.metadata;
  const owners: { spec: { selector: { matchLabels: Record<string, string> } } }[] = JSON.parse(
    JSON.stringify(replicaSets),
  );
  const isServed = services.length > 0 && labels['app'] === 'web';
  const selected = { ...(isServed && { app: 'web' }), ...owners[0]?.spec.selector.matchLabels };
  return owners.length > 0 || isServed ? { matchLabels: selected } : undefined;
}

interface Dice {
  readonly pick: <T>(items: readonly T[]) => T;
  readonly some: <T>(items: readonly T[], ratio: number) => T[];
  readonly upTo: <T>(count: number, make: (index: number) => T) => T[];
  /** So often what is made, else nothing. */
  readonly maybe: (ratio: number, make: () => Json) => Json;
}

function dice(random: Random): Dice {
  const chance = (ratio: number) => uniform(random) < ratio;
  return {
    pick: (items) => {
      const item = items[below(random, items.length)];
      if (item === undefined) throw new Error('nothing to pick from');
      return item;
    },
    some: (items, ratio) => items.filter(() => chance(ratio)),
    upTo: (count, make) => Array.from({ length: below(random, count + 1) }, (_, index) => make(index)),
    maybe: (ratio, make) => (chance(ratio) ? make() : {}),
  };
}

function randomCase(draw: Dice): Case {
  const { pick, upTo, maybe } = draw;
  const nodes = [0, 1, ...upTo(6, (index) => index + 2)].map((index) => nodeOf(draw, `node-${index}`));
  const names = nodes.map((_, index) => `node-${index}`);
  const isOwned = pick([true, false]);
  const labels = { ...labelsOf(draw), ...(isOwned && { 'pod-template-hash': 'h' }) };
  const owner = { apiVersion: 'apps/v1', kind: 'ReplicaSet', name: 'web', uid: 'web', controller: true };
  const pods = upTo(14, (index) => ({
    metadata: {
      name: `there-${index}`,
      uid: `there-${index}`,
      namespace: pick([NAMESPACE, NAMESPACE, NAMESPACE, 'other']),
      labels: pick([labels, labelsOf(draw)]),
      ...maybe(0.1, () => ({ deletionTimestamp: '2026-01-01T00:00:00Z' })),
    },
    spec: { nodeName: pick(names), containers: containersOf(draw), affinity: podAffinity(draw, 0.2) },
  }));
  return {
    pod: {
      metadata: {
        name: 'new',
        uid: 'new',
        namespace: NAMESPACE,
        labels,
        ...(isOwned && { ownerReferences: [owner] }),
      },
      spec: podSpec(draw, names),
    },
    nodes,
    pods,
    replicaSets: isOwned
      ? [
          {
            metadata: { name: 'web', namespace: NAMESPACE, uid: 'web' },
            spec: { selector: { matchLabels: labels } },
          },
        ]
      : [],
    services: pick([true, false, false])
      ? [{ metadata: { name: 'web', namespace: NAMESPACE }, spec: { selector: { app: 'web' } } }]
      : [],
  };
}

function labelsOf({ pick, maybe }: Dice): Json {
  return {
    ...maybe(0.8, () => ({ app: pick(['web', 'db', 'job']) })),
    ...maybe(0.4, () => ({ rev: pick(['1', '2']) })),
  };
}

function nodeOf({ pick, some, maybe }: Dice, name: string): Json {
  const hard = [
    { key: 'edge', effect: 'NoSchedule' },
    { key: 'gpu', value: 'a', effect: 'NoExecute' },
  ];
  const soft = [
    { key: 'soft', value: 'x', effect: 'PreferNoSchedule' },
    { key: 'softer', effect: 'PreferNoSchedule' },
  ];
  return {
    metadata: {
      name,
      labels: {
        ...maybe(0.95, () => ({ [HOSTNAME]: name })),
        ...maybe(0.75, () => ({ [ZONE]: pick(['a', 'b', 'c']) })),
        ...maybe(0.5, () => ({ disk: pick(['ssd', 'hdd']) })),
        ...maybe(0.5, () => ({ cores: pick(['1', '5', '10', 'many']) })),
      },
    },
    spec: {
      taints: [...some(hard, 0.12), ...some(soft, 0.3)],
      ...maybe(0.08, () => ({ unschedulable: true })),
    },
    status: {
      allocatable: {
        cpu: pick(['1', '2', '4', '3900m', '1500m', '8']),
        memory: pick(['2Gi', '8Gi', '3900Mi', '7654321Ki', '4G']),
        pods: pick(['3', '110', '110']),
        'ephemeral-storage': pick(['10Gi', '100G']),
        ...maybe(0.3, () => ({ 'example.com/gpu': pick(['1', '2']) })),
      },
      conditions: [{ type: 'Ready', status: 'True' }],
    },
  };
}

function container({ pick, maybe }: Dice, name: string): Json {
  // Of an extended resource the API server wants as much requested as it is limited to.
  const gpu = maybe(0.1, () => ({ 'example.com/gpu': '1' }));
  const requests = {
    ...maybe(0.7, () => ({ cpu: pick(['0', '100m', '250m', '500m', '1', '0.33', '130m']) })),
    ...maybe(0.6, () => ({ memory: pick(['64Mi', '128Mi', '200M', '1Gi', '123456Ki', '0']) })),
    ...maybe(0.15, () => ({ 'ephemeral-storage': pick(['1Gi', '20Gi']) })),
    ...gpu,
  };
  return { name, image: 'image', resources: { requests, limits: gpu } };
}

function containersOf(draw: Dice): readonly Json[] {
  return [container(draw, 'a'), ...draw.upTo(1, () => container(draw, 'b'))];
}

function podSpec(draw: Dice, names: readonly string[]): Json {
  const { pick, some, maybe } = draw;
  const tolerations = [
    { key: 'edge', operator: 'Exists' },
    { key: 'gpu', operator: 'Equal', value: 'a' },
    { key: 'soft', operator: 'Exists', effect: 'PreferNoSchedule' },
    { key: 'soft', operator: 'Equal', value: 'y' },
    { operator: 'Exists', effect: 'NoSchedule' },
    { key: 'node.kubernetes.io/unschedulable', operator: 'Exists' },
  ];
  return {
    containers: containersOf(draw),
    ...maybe(0.25, () => ({
      initContainers: [
        { ...container(draw, 'i'), ...maybe(0.5, () => ({ restartPolicy: 'Always' })) },
        container(draw, 'j'),
      ],
    })),
    ...maybe(0.08, () => ({
      resources: { requests: pick([{ cpu: '4' }, { memory: '4Gi' }, { cpu: '4', memory: '4Gi' }]) },
    })),
    tolerations: some(tolerations, 0.2),
    ...maybe(0.2, () => ({ nodeSelector: { disk: 'ssd' } })),
    affinity: { ...nodeAffinity(draw, names), ...podAffinity(draw, 0.25) },
    ...maybe(0.4, () => ({ topologySpreadConstraints: spreadConstraints(draw) })),
  };
}

function nodeAffinity(draw: Dice, names: readonly string[]): Json {
  const { upTo, maybe, pick } = draw;
  const term = () => nodeTerm(draw, names);
  return maybe(0.4, () => ({
    nodeAffinity: {
      ...maybe(0.5, () => ({
        requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: [term(), ...upTo(2, term)] },
      })),
      ...maybe(0.7, () => ({
        preferredDuringSchedulingIgnoredDuringExecution: upTo(3, () => ({
          weight: pick([1, 7, 30, 100]),
          preference: term(),
        })),
      })),
    },
  }));
}

function nodeTerm({ pick, upTo, maybe }: Dice, names: readonly string[]): Json {
  const requirements = [
    { key: 'disk', operator: 'In', values: ['ssd', 'nvme'] },
    { key: 'disk', operator: 'NotIn', values: ['hdd'] },
    { key: 'disk', operator: 'DoesNotExist' },
    { key: 'cores', operator: 'Gt', values: ['4'] },
    { key: 'cores', operator: 'Lt', values: ['10'] },
    { key: ZONE, operator: 'Exists' },
    { key: ZONE, operator: 'In', values: ['a', 'b'] },
  ];
  return {
    ...maybe(0.8, () => ({ matchExpressions: upTo(2, () => pick(requirements)) })),
    ...maybe(0.2, () => ({
      matchFields: [{ key: 'metadata.name', operator: pick(['In', 'NotIn']), values: [pick(names)] }],
    })),
  };
}

function podSelector({ pick }: Dice): Json {
  return pick<Json>([
    { matchLabels: { app: 'web' } },
    { matchLabels: { app: 'db' } },
    { matchExpressions: [{ key: 'app', operator: 'In', values: ['web', 'job'] }] },
    { matchExpressions: [{ key: 'rev', operator: 'Exists' }] },
    { matchLabels: { app: 'web' }, matchExpressions: [{ key: 'rev', operator: 'NotIn', values: ['2'] }] },
    { matchExpressions: [{ key: 'app', operator: 'DoesNotExist' }] },
    {},
  ]);
}

function podTerm(draw: Dice): Json {
  const { pick, maybe } = draw;
  const everywhere = pick([{}, { matchLabels: { 'kubernetes.io/metadata.name': 'other' } }]);
  return {
    topologyKey: pick([HOSTNAME, ZONE, 'disk']),
    ...maybe(0.9, () => ({ labelSelector: podSelector(draw) })),
    ...maybe(0.2, () => ({ namespaces: pick([[NAMESPACE], ['other'], [NAMESPACE, 'other']]) })),
    ...maybe(0.15, () => ({ namespaceSelector: everywhere })),
  };
}

function podAffinity(draw: Dice, ratio: number): Json {
  const { pick, upTo, maybe } = draw;
  const rules = () => ({
    ...maybe(0.5, () => ({ requiredDuringSchedulingIgnoredDuringExecution: upTo(2, () => podTerm(draw)) })),
    ...maybe(0.6, () => ({
      preferredDuringSchedulingIgnoredDuringExecution: upTo(2, () => ({
        weight: pick([1, 7, 30, 100]),
        podAffinityTerm: podTerm(draw),
      })),
    })),
  });
  return {
    ...maybe(ratio, () => ({ podAffinity: rules() })),
    ...maybe(ratio, () => ({ podAntiAffinity: rules() })),
  };
}

/** At most one for each key: the API server refuses more of the same kind. */
function spreadConstraints(draw: Dice): readonly Json[] {
  const { pick, some, maybe } = draw;
  return some([HOSTNAME, ZONE, 'disk'], 0.5).map((topologyKey) => {
    const whenUnsatisfiable = pick(['DoNotSchedule', 'ScheduleAnyway', 'ScheduleAnyway']);
    const isHard = whenUnsatisfiable === 'DoNotSchedule';
    return {
      maxSkew: pick([1, 2, 3]),
      topologyKey,
      whenUnsatisfiable,
      ...maybe(0.9, () => ({ labelSelector: podSelector(draw) })),
      ...maybe(0.2, () => ({ labelSelector: { matchLabels: { app: 'web' } }, matchLabelKeys: ['rev'] })),
      ...(isHard && maybe(0.3, () => ({ minDomains: pick([1, 2, 3, 4]) }))),
      ...maybe(0.3, () => ({ nodeAffinityPolicy: pick(['Honor', 'Ignore']) })),
      ...maybe(0.3, () => ({ nodeTaintsPolicy: pick(['Honor', 'Ignore']) })),
    };
  });
}
