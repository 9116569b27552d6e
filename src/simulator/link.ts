import { configOf, pictureSettings } from '../config/config.ts';
import type { ConfigFile } from '../config/schema.ts';
import { HANDLERS } from '../extender/handlers.ts';
import { createPicture } from '../picture/create.ts';
import { apply, type ClusterEvent } from '../picture/events.ts';
import { refreshLoads } from '../picture/loads.ts';
import type { NodeObject, PodObject, ReplicaSetObject } from '../picture/objects.ts';
import type { Picture } from '../picture/picture.ts';
import {
  projectNode,
  projectNodeUsage,
  projectPod,
  projectPodUsage,
  projectReplicaSet,
} from '../picture/project.ts';
import type { MetricsLook } from '../picture/records.ts';
import type { Decision } from '../placement/decision.ts';
import { forecastNode } from '../placement/forecast.ts';
import type { Verb } from '../placement/verbs.ts';
import type { ActPort } from '../rebalance/acts.ts';
import { createRebalancer, type Plan, planNothing } from '../rebalance/rebalancer.ts';
import type { ServedMetrics } from './model/world.ts';

/** Spillway as the simulated cluster reaches it: in this process, or a live one over HTTP. */
export interface SpillwayLink {
  readonly tell: (told: Told) => void;
  /** What it now expects of each node it knows. */
  readonly forecasts: () => readonly NodeForecast[];
  /** One call of the scheduler, in the bytes that HTTP carries. */
  readonly ask: (verb: AskedVerb, body: string) => { readonly status: number; readonly body: string };
  /** All that was asked is answered. */
  readonly end: () => void;
  /** What it knows; none of a live one. */
  readonly picture?: Picture | undefined;
}

/** The stand-in for kube-scheduler does not preempt. */
type AskedVerb = Exclude<Verb, 'preempt'>;

/** What watches tell, and what the poller has read: Kubernetes' own objects, as of the time of the telling. */
export type Told =
  | { readonly type: 'nodeSeen'; readonly node: NodeObject }
  | { readonly type: 'nodeGone'; readonly name: string }
  | { readonly type: 'podSeen'; readonly pod: PodObject }
  | { readonly type: 'podGone'; readonly uid: string }
  | { readonly type: 'replicaSetSeen'; readonly replicaSet: ReplicaSetObject }
  | { readonly type: 'replicaSetGone'; readonly uid: string }
  | { readonly type: 'metricsRead'; readonly metrics: ServedMetrics };

export interface NodeForecast {
  readonly node: string;
  readonly milli: number;
}

/** Told what questions come to. */
interface LinkObserver {
  readonly decided: (decision: Decision) => void;
  /** A defect: the question was answered as if Spillway were not there. */
  readonly failedOpen: (verb: Verb, error: unknown) => void;
}

export interface LinkInput {
  readonly configuration: ConfigFile;
  /** The time on the virtual clock. */
  readonly now: () => number;
  readonly observer: LinkObserver;
  /** Who carries out what Spillway asks of the cluster. */
  readonly port: ActPort;
  /** What it asks, after each sample. Of a live one, which brings its own, none. */
  readonly plan?: Plan | undefined;
}

export type OpenLink = (input: LinkInput) => SpillwayLink;

/** The production handlers and their picture, called directly. */
export function linkInProcess(input: LinkInput): SpillwayLink {
  const { configuration, now, observer, port, plan = planNothing } = input;
  const picture = createPicture(pictureSettings(configOf(configuration)), createRebalancer({ plan, port }));
  const context = { picture, now, observer };
  return {
    picture,
    tell: (told) => tellPicture(picture, told, now()),
    forecasts: () => forecastsOf(picture, now()),
    ask: (verb, body) => HANDLERS[verb](context, body),
    end: () => undefined,
  };
}

/** What is told of a simulated cluster, as the picture takes it. */
export function tellPicture(picture: Picture, told: Told, nowMs: number): void {
  apply(picture, eventOf(told), nowMs);
}

function eventOf(told: Told): ClusterEvent {
  switch (told.type) {
    case 'nodeSeen':
      return { type: 'nodeSeen', node: projectNode(told.node) };
    case 'podSeen':
      return { type: 'podSeen', pod: projectPod(told.pod) };
    case 'replicaSetSeen':
      return { type: 'replicaSetSeen', replicaSet: projectReplicaSet(told.replicaSet) };
    case 'metricsRead':
      return { type: 'sampleTaken', look: lookOf(told.metrics) };
    default:
      return told;
  }
}

export function forecastsOf(picture: Picture, nowMs: number): readonly NodeForecast[] {
  return Array.from(picture.nodes.values(), (node) => {
    refreshLoads(picture, node);
    return { node: node.name, milli: forecastNode(node, picture.settings.placement, nowMs).milli };
  });
}

function lookOf({ nodes, pods }: ServedMetrics): MetricsLook {
  const usable = <T>(item: T | undefined): readonly T[] => (item === undefined ? [] : [item]);
  return {
    nodes: nodes.flatMap((item) => usable(projectNodeUsage(item))),
    pods: pods.flatMap((item) => usable(projectPodUsage(item))),
  };
}
