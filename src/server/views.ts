import { isClosed } from '../picture/gates.ts';
import { refreshLoads } from '../picture/loads.ts';
import type { NodeEntry, Picture } from '../picture/picture.ts';
import { compareNames, type Decision } from '../placement/decision.ts';
import { summariseDecision } from '../placement/explain.ts';
import { forecastNode } from '../placement/forecast.ts';
import type { Tier } from '../placement/types.ts';

/** What is known of a node now, and what would be decided upon. CPU in millicores. */
export interface NodeView {
  readonly name: string;
  readonly tier: Tier;
  readonly site?: string | undefined;
  readonly ready: boolean;
  readonly schedulable: boolean;
  readonly allocatableMilli: number;
  readonly usageMilli?: number | undefined;
  readonly forecastMilli: number;
  /** Of edge nodes only. */
  readonly thresholdMilli?: number | undefined;
  readonly limitMilli?: number | undefined;
  readonly closed?: boolean | undefined;
  readonly freshness: string;
  /** Since its metrics last advanced; undefined: never seen in metrics. */
  readonly metricsAgeMs?: number | undefined;
  /** Bound to it, or reserved for it. */
  readonly pods: number;
  readonly reservations: number;
}

export function viewNode(picture: Picture, node: NodeEntry, nowMs: number): NodeView {
  const { placement } = picture.settings;
  refreshLoads(picture, node);
  const forecast = forecastNode(node, placement, nowMs);
  const edge = node.tier === 'edge';
  return {
    name: node.name,
    tier: node.tier,
    site: node.site,
    ready: node.ready,
    schedulable: node.schedulable,
    allocatableMilli: node.allocatableMilli,
    usageMilli: node.metrics?.usageMilli,
    forecastMilli: forecast.milli,
    thresholdMilli: edge ? placement.thresholdRatio * node.allocatableMilli : undefined,
    limitMilli: edge ? placement.limitRatio * node.allocatableMilli : undefined,
    closed: edge ? isClosed(picture, node, nowMs) : undefined,
    freshness: forecast.freshness,
    metricsAgeMs: node.metrics && nowMs - node.metrics.advancedAtMs,
    pods: node.pods.size,
    reservations: Array.from(node.pods).filter(({ bound }) => !bound).length,
  };
}

/** The nodes that the watch has shown: the edge first, then by name. */
export function knownNodes(picture: Picture, tier?: Tier): readonly NodeEntry[] {
  return Array.from(picture.nodes.values())
    .filter((node) => node.known && (tier === undefined || node.tier === tier))
    .sort(byTierAndName);
}

/** A decision, with one line that sums it up. */
export function viewDecision(decision: Decision): unknown {
  return { summary: summariseDecision(decision), ...decision };
}

export interface TierCounts {
  readonly nodes: number;
  readonly ready: number;
  readonly pods: number;
  readonly closed: number;
}

export function countTiers(picture: Picture, nowMs: number): Readonly<Record<Tier, TierCounts>> {
  return { edge: countTier(picture, 'edge', nowMs), cloud: countTier(picture, 'cloud', nowMs) };
}

function countTier(picture: Picture, tier: Tier, nowMs: number): TierCounts {
  let [nodes, ready, pods, closed] = [0, 0, 0, 0];
  for (const node of picture.nodes.values()) {
    if (!node.known || node.tier !== tier) continue;
    nodes += 1;
    pods += node.pods.size;
    if (node.ready) ready += 1;
    if (isClosed(picture, node, nowMs)) closed += 1;
  }
  return { nodes, ready, pods, closed };
}

function byTierAndName(left: NodeEntry, right: NodeEntry): number {
  if (left.tier !== right.tier) return left.tier === 'edge' ? -1 : 1;
  return compareNames(left.name, right.name);
}
