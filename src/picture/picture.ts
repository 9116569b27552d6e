import type { LRUCache } from 'lru-cache';
import type { AnnotationProblems, Policy } from '../placement/annotations.ts';
import type { Load, LoadSource } from '../placement/load.ts';
import type { PolicySettings } from '../placement/policy.ts';
import type { LabelSelector } from '../placement/selector.ts';
import type {
  LoadSharing,
  LoadSums,
  NodeMetrics,
  PlacementSettings,
  Tier,
  UsageSample,
  WorkloadSample,
} from '../placement/types.ts';
import type { Departed } from './departed.ts';
import type { PodRecord } from './records.ts';

/** How a node's labels say its tier and its site. */
export interface TierSettings {
  readonly edgeSelector: LabelSelector;
  /** The label whose value names the node's site; undefined: there are no sites. */
  readonly siteLabel?: string | undefined;
}

export interface ReservationSettings {
  readonly ttlMs: number;
  /** More open reservations than this push out the oldest. */
  readonly maxOpen: number;
}

export interface PictureSettings {
  readonly placement: PlacementSettings;
  readonly policy: PolicySettings;
  readonly tiers: TierSettings;
  readonly reservations: ReservationSettings;
  /** A node that uses this share of its CPU hides how much more its pods would use. */
  readonly saturatedRatio: number;
}

/** `confirmed`: bound where reserved. `moved`: bound elsewhere. `replaced`: asked about again. `released`: the pod went. */
export type ReservationOutcome = 'confirmed' | 'moved' | 'replaced' | 'released' | 'expired' | 'evicted';

/** Told what happens to the picture, for metrics. Every call is optional and must not throw. */
export interface PictureObserver {
  readonly reservationEnded?: (outcome: ReservationOutcome, tier: Tier) => void;
  /** A sample that told of something new is in the picture as a whole. */
  readonly sampleSettled?: (picture: Picture, nowMs: number) => void;
  /** The watch shows a pod bound that it showed pending before. */
  readonly podBound?: (pod: PodRecord, tier: Tier) => void;
  /** Measured minus predicted. */
  readonly predictionMeasured?: (kind: 'node' | LoadSource, errorMilli: number) => void;
}

/** Mutable: changed only by the functions of this folder. Satisfies placement's `NodeFacts`. */
export interface NodeEntry {
  readonly name: string;
  /** False while only pods speak of it: the node itself was not seen yet, or is gone. */
  known: boolean;
  tier: Tier;
  site: string | undefined;
  allocatableMilli: number;
  ready: boolean;
  schedulable: boolean;
  metrics: (NodeMetrics & { goneUsageMilli: number }) | undefined;
  closed: boolean;
  readonly pods: Set<PodEntry>;
  loads: LoadSums;
  /** `loads` must be added up again. */
  stale: boolean;
  /** The forecast made when the last sample came, to be held against the next one. */
  predictedMilli: number | undefined;
}

/** Satisfies placement's `PodFacts`. */
export interface PodEntry {
  readonly uid: string;
  readonly namespace: string;
  readonly name: string;
  sharing: LoadSharing;
  policy: Policy;
  ownerUid: string | undefined;
  /** Its owner's. A pod that only a question spoke of looks at it and is none of its pods. */
  workload: WorkloadEntry | undefined;
  requestMilli: number | undefined;
  annotatedMilli: number | undefined;
  startedAtMs: number | undefined;
  readyAtMs: number | undefined;
  usage: UsageSample | undefined;
  /** Where it counts: bound to it, or reserved for it. */
  node: NodeEntry | undefined;
  bound: boolean;
  /** Ended, or terminating and its load already taken over by its siblings. */
  leaving: boolean;
  /** The watch has shown it; until then only a question about it has. */
  watched: boolean;
  /** What it was expected to use when it was placed, until that was measured. */
  predicted: Load | undefined;
}

/** Satisfies placement's `WorkloadFacts`. */
export interface WorkloadEntry {
  readonly key: string;
  replicas: number | undefined;
  podCount: number;
  samples: readonly WorkloadSample[];
  saturated: boolean;
  readonly pods: Set<PodEntry>;
  /** When pods were ready that are not any more: they carried a part of the load that was measured. */
  pastReady: { readonly fromMs: number; readonly toMs: number }[];
}

export interface Reservation {
  readonly pod: PodEntry;
  readonly node: NodeEntry;
  /** On the steady clock: see `Picture.steadyMs`. */
  readonly atMs: number;
}

/** Pods that questions spoke of and that no watch has shown: see unseen.ts. */
interface UnseenPods {
  /** By the uid of the pod. */
  readonly reservations: Map<string, Reservation>;
  /** When each was first given a place, on the steady clock, until the watch shows it. By uid. */
  readonly firstPlacedMs: Map<string, number>;
}

/** The cluster as far as it is known. One a process; made by `createPicture`, changed by events. */
export interface Picture {
  readonly settings: PictureSettings;
  readonly observer: PictureObserver;
  readonly nodes: Map<string, NodeEntry>;
  readonly pods: Map<string, PodEntry>;
  /** By `namespace/name`, as metrics name them. */
  readonly podsByName: Map<string, PodEntry>;
  readonly workloads: Map<string, WorkloadEntry>;
  /** `spec.replicas` by the uid of the ReplicaSet. */
  readonly replicas: Map<string, number>;
  /** By `namespace/name`, the first to go first: for a while, see departed.ts. */
  readonly departed: Map<string, Departed>;
  /** Of pods that the watch has shown. By the uid of the pod, the oldest first to expire. */
  readonly reservations: LRUCache<string, Reservation>;
  readonly unseen: UnseenPods;
  /** Nodes whose gates an event may have moved: see gates.ts. */
  readonly touched: Set<NodeEntry>;
  /** Milliseconds that only ever go forward; undefined: `nowMs` does, as in a simulation. */
  readonly steadyClock: (() => number) | undefined;
  /** The time of the event or question being handled. */
  nowMs: number;
  /** The same moment on a clock that nobody sets, for whatever lasts a while. */
  steadyMs: number;
  /** On the steady clock: no reservation expires before this. */
  nextExpiryMs: number;
  /** The pod whose nominated node was refused last, with nothing answered to it since. */
  nominationRefused: { readonly uid: string; readonly atMs: number } | undefined;
}

/** A pod's policy and what of its annotations could not be read. */
export interface SeenPod {
  readonly pod: PodEntry;
  readonly problems: AnnotationProblems;
}

export function podKey(namespace: string, name: string): string {
  return `${namespace}/${name}`;
}
