import { createPicture } from '../src/picture/create.ts';
import type { Picture, PictureObserver, PictureSettings } from '../src/picture/picture.ts';
import type { MetricsLook, NodeRecord, PodRecord } from '../src/picture/records.ts';
import type { Policy } from '../src/placement/annotations.ts';
import type { Question } from '../src/placement/decision.ts';
import { sumLoads } from '../src/placement/load.ts';
import type {
  NodeFacts,
  NodeMetrics,
  PlacementSettings,
  PodFacts,
  UsageSample,
  WorkloadFacts,
  WorkloadSample,
} from '../src/placement/types.ts';

/** A moment that is neither 0 nor special. Samples built here end at it unless a test says otherwise. */
export const NOW_MS = 1_800_000_000_000;
export const WINDOW_MS = 15_000;

/** The settings that the tables of the tests are written for. */
export const SETTINGS: PlacementSettings = {
  thresholdRatio: 0.8,
  resumeRatio: 0.7,
  limitRatio: 0.95,
  edgeCandidates: 'one',
  unknownMetrics: 'pack-by-requests',
  freshness: { ageingAfterMs: 45_000, unknownAfterMs: 180_000 },
  load: { leadMs: 15_000, requestFactor: 1, defaultMilli: 100, trendBoundRatio: 2 },
};

export const PICTURE_SETTINGS: PictureSettings = {
  placement: SETTINGS,
  policy: {
    placement: 'edge-first',
    rules: [],
    limitRatio: SETTINGS.limitRatio,
    ownSelector: { matchLabels: { 'app.kubernetes.io/name': 'spillway' } },
  },
  tiers: {
    edgeSelector: { matchExpressions: [{ key: 'node-role.kubernetes.io/edge', operator: 'Exists' }] },
    siteLabel: 'site',
  },
  reservations: { ttlMs: 30_000, maxOpen: 1000 },
  saturatedRatio: 0.95,
};

// Facts, as placement takes them.

export function sample(usageMilli: number, over: Partial<UsageSample> = {}): UsageSample {
  return { usageMilli, windowMs: WINDOW_MS, endMs: NOW_MS, ...over };
}

export function pod(over: Partial<PodFacts> = {}): PodFacts {
  return { uid: over.name ?? 'pod', namespace: 'default', name: 'pod', sharing: 'own', ...over };
}

/** Ready since long before its sample began. */
export function maturePod(usageMilli: number, over: Partial<PodFacts> = {}): PodFacts {
  const since = NOW_MS - 600_000;
  return pod({ startedAtMs: since, readyAtMs: since, usage: sample(usageMilli), ...over });
}

export function workload(over: Partial<WorkloadFacts> = {}): WorkloadFacts {
  return { key: 'workload', podCount: 1, samples: [], saturated: false, ...over };
}

export function workloadSample(totalMilli: number, over: Partial<WorkloadSample> = {}): WorkloadSample {
  const { readyPods = 2, ...rest } = over;
  return { meanMilli: totalMilli / readyPods, readyPods, windowMs: WINDOW_MS, endMs: NOW_MS, ...rest };
}

export function metrics(usageMilli: number, over: Partial<NodeMetrics> = {}): NodeMetrics {
  return {
    ...sample(usageMilli),
    podUsageMilli: 0,
    goneUsageMilli: 0,
    advancedAtMs: NOW_MS,
    missing: false,
    ...over,
  };
}

/** An edge node of 4 CPU, measured and idle. */
export function node(over: Partial<NodeFacts> = {}): NodeFacts {
  const pods = over.pods ?? [];
  return {
    name: 'edge-1',
    tier: 'edge',
    allocatableMilli: 4000,
    ready: true,
    schedulable: true,
    closed: false,
    metrics: metrics(0),
    pods,
    loads: sumLoads(pods, SETTINGS.load),
    ...over,
  };
}

export function cloudNode(over: Partial<NodeFacts> = {}): NodeFacts {
  return node({ name: 'cloud-1', tier: 'cloud', allocatableMilli: 32_000, ...over });
}

export function policy(over: Partial<Policy> = {}): Policy {
  return { placement: 'edge-first', sharing: 'own', ...over };
}

export function question(over: Partial<Question> = {}): Question {
  return {
    pod: pod({ annotatedMilli: 300 }),
    policy: policy(),
    candidates: [node(), cloudNode()],
    unknownNodes: [],
    nowMs: NOW_MS,
    ...over,
  };
}

// Records, as the picture takes them.

export function nodeRecord(name: string, over: Partial<NodeRecord> = {}): NodeRecord {
  const edge = name.startsWith('edge');
  return {
    name,
    labels: edge ? { 'node-role.kubernetes.io/edge': '' } : {},
    allocatableMilli: edge ? 4000 : 32_000,
    ready: true,
    schedulable: true,
    ...over,
  };
}

/** A pending pod with an estimate of 300m. */
export function podRecord(name: string, over: Partial<PodRecord> = {}): PodRecord {
  return {
    uid: `uid-${name}`,
    namespace: 'default',
    name,
    labels: {},
    annotations: { 'spillway.dev/cpu-estimate': '300m' },
    schedulerName: 'default-scheduler',
    ended: false,
    terminating: false,
    ...over,
  };
}

export function replicaRecord(name: string, over: Partial<PodRecord> = {}): PodRecord {
  return podRecord(name, { annotations: {}, ownerUid: 'replicaset', ownerKind: 'ReplicaSet', ...over });
}

/** Usage by node and by pod, of one scrape that ended at `endMs`. Pods are in the namespace `default`. */
export function look(
  nodes: Readonly<Record<string, number>>,
  pods: Readonly<Record<string, number>> | undefined,
  endMs = NOW_MS,
): MetricsLook {
  const item = ([name, usageMilli]: readonly [string, number]) => ({
    name,
    usageMilli,
    timestampMs: endMs,
    windowMs: WINDOW_MS,
  });
  return {
    nodes: Object.entries(nodes).map(item),
    pods: pods && Object.entries(pods).map((entry) => ({ ...item(entry), namespace: 'default' })),
  };
}

export function picture(
  over: Partial<PictureSettings> = {},
  observer: PictureObserver = {},
  steadyClock?: () => number,
): Picture {
  const made = createPicture({ ...PICTURE_SETTINGS, ...over }, observer, steadyClock);
  made.nowMs = NOW_MS;
  made.steadyMs = steadyClock?.() ?? NOW_MS;
  return made;
}
