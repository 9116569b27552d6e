import { createPicture } from '../cluster/create.ts';
import { refreshLoads } from '../cluster/loads.ts';
import { nodeGone, nodeSeen } from '../cluster/nodes.ts';
import type { NodeObject, PodObject, ReplicaSetObject } from '../cluster/objects.ts';
import type { Picture } from '../cluster/picture.ts';
import { podGone, podSeen } from '../cluster/pods.ts';
import {
  projectNode,
  projectNodeUsage,
  projectPod,
  projectPodUsage,
  projectReplicaSet,
} from '../cluster/project.ts';
import { sampleTaken } from '../cluster/samples.ts';
import { replicaSetSeen } from '../cluster/workloads.ts';
import { configOf, pictureSettings } from '../config/config.ts';
import type { ConfigFile } from '../config/schema.ts';
import type { Verb } from '../extender/context.ts';
import { HANDLERS } from '../extender/handlers.ts';
import type { Decision } from '../placement/decision.ts';
import { forecastNode } from '../placement/forecast.ts';
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
export type AskedVerb = Exclude<Verb, 'preempt'>;

/** What watches tell, and what the poller has read: Kubernetes' own objects, as of the time of the telling. */
export type Told =
  | { readonly type: 'nodeSeen'; readonly node: NodeObject }
  | { readonly type: 'nodeGone'; readonly name: string }
  | { readonly type: 'podSeen'; readonly pod: PodObject }
  | { readonly type: 'podGone'; readonly uid: string }
  | { readonly type: 'replicaSetSeen'; readonly replicaSet: ReplicaSetObject }
  | { readonly type: 'metricsRead'; readonly metrics: ServedMetrics };

export interface NodeForecast {
  readonly node: string;
  readonly milli: number;
}

/** Told what questions come to. */
export interface LinkObserver {
  readonly decided: (decision: Decision) => void;
  /** A defect: the question was answered as if Spillway were not there. */
  readonly failedOpen: (verb: Verb, error: unknown) => void;
}

export interface LinkInput {
  readonly configuration: ConfigFile;
  /** The time on the virtual clock. */
  readonly now: () => number;
  readonly observer: LinkObserver;
}

export type OpenLink = (input: LinkInput) => SpillwayLink;

/** The production handlers and their picture, called directly. */
export function linkInProcess({ configuration, now, observer }: LinkInput): SpillwayLink {
  const picture = createPicture(pictureSettings(configOf(configuration)));
  const context = { picture, now, observer };
  return {
    picture,
    tell: (told) => tellPicture(picture, told, now()),
    forecasts: () => forecastsOf(picture, now()),
    ask: (verb, body) => HANDLERS[verb](context, body),
    end: () => undefined,
  };
}

/** As `serve` does with what a real cluster tells. */
export function tellPicture(picture: Picture, told: Told, nowMs: number): void {
  switch (told.type) {
    case 'nodeSeen':
      nodeSeen(picture, projectNode(told.node));
      break;
    case 'nodeGone':
      nodeGone(picture, told.name);
      break;
    case 'podSeen':
      podSeen(picture, projectPod(told.pod), nowMs);
      break;
    case 'podGone':
      podGone(picture, told.uid, nowMs);
      break;
    case 'replicaSetSeen':
      replicaSetSeen(picture, projectReplicaSet(told.replicaSet));
      break;
    case 'metricsRead':
      look(picture, told.metrics, nowMs);
      break;
  }
}

export function forecastsOf(picture: Picture, nowMs: number): readonly NodeForecast[] {
  return Array.from(picture.nodes.values(), (node) => {
    refreshLoads(picture, node);
    return { node: node.name, milli: forecastNode(node, picture.settings.placement, nowMs).milli };
  });
}

function look(picture: Picture, { nodes, pods }: ServedMetrics, nowMs: number): void {
  const usable = <T>(item: T | undefined): readonly T[] => (item === undefined ? [] : [item]);
  sampleTaken(
    picture,
    {
      nodes: nodes.flatMap((item) => usable(projectNodeUsage(item))),
      pods: pods.flatMap((item) => usable(projectPodUsage(item))),
    },
    nowMs,
  );
}
