import type { PodResult, Scaling, SimulationResult } from '../../../src/outcome/result.ts';

/** How far a simulated run is from the real one. */
export interface Comparison {
  /** Sizes that the Deployments were scaled to, `3 at 60.1 s`. */
  readonly realSizes: readonly string[];
  readonly simulatedSizes: readonly string[];
  /** The largest distance in time between two sizes at the same place in the sequence. */
  readonly apartMs: number;
  /** Pods by number that both runs bound; how many of them went to the same tier, and to the same node. */
  readonly pods: number;
  readonly sameTier: number;
  readonly sameNode: number;
  /** Of the pods that were at the edge in the real run. */
  readonly edgePods: number;
  readonly sameEdgeNode: number;
  /** Pods that scaling down removed, by tier: `edge 5, cloud 2`. */
  readonly realVictims: string;
  readonly simulatedVictims: string;
  /** Pods of another tier, or at another edge node. */
  readonly elsewhere: readonly string[];
  /** What must be the same and is not. */
  readonly differences: readonly string[];
}

/**
 * So many of the pods may have gone elsewhere. The API has the times of samples in whole seconds, the simulator to the
 * millisecond; Spillway counts for how long of a window a pod ran by it, and its forecasts differ by up to a tenth
 * (docs/fidelity.md): now and then one node that has just room left has none.
 */
const MOST_ELSEWHERE_RATIO = 0.05;

/** An autoscaler acts at its syncs only: what came a moment too late for one comes with the next. */
const SYNC_PERIOD_MS = 15_000;

/** @param real a run on a cluster */
export function compareRuns(real: SimulationResult, simulated: SimulationResult): Comparison {
  const [realSizes, simulatedSizes] = [sizesOf(real), sizesOf(simulated)];
  const apartMs = Math.max(
    0,
    ...realSizes.map((size, index) => {
      const other = simulatedSizes[index];
      return other === undefined ? 0 : Math.abs(since(real, size) - since(simulated, other));
    }),
  );
  const pairs = pairsOf(real, simulated);
  const atEdge = pairs.filter(({ pod }) => pod.tier === 'edge');
  const counts = {
    pods: pairs.length,
    sameTier: pairs.filter(({ pod, other }) => pod.tier === other.tier).length,
    sameNode: pairs.filter(({ pod, other }) => pod.node === other.node).length,
    edgePods: atEdge.length,
    sameEdgeNode: atEdge.filter(({ pod, other }) => pod.node === other.node).length,
  };
  const [realVictims, simulatedVictims] = [victimsText(real), victimsText(simulated)];
  const elsewhere = pairs.flatMap(({ pod, other }) => podDifference(pod, other) ?? []);
  return {
    realSizes: realSizes.map((size) => sizeText(real, size)),
    simulatedSizes: simulatedSizes.map((size) => sizeText(simulated, size)),
    apartMs,
    ...counts,
    realVictims,
    simulatedVictims,
    elsewhere,
    differences: [
      ...sizeDifferences(real, simulated, apartMs),
      ...(elsewhere.length > MOST_ELSEWHERE_RATIO * pairs.length ? elsewhere : []),
      ...(realVictims === simulatedVictims ? [] : [`victims: ${realVictims}; simulated ${simulatedVictims}`]),
    ],
  };
}

export function isOfVictims(difference: string): boolean {
  return difference.startsWith('victims');
}

function sizeDifferences(
  real: SimulationResult,
  simulated: SimulationResult,
  apartMs: number,
): readonly string[] {
  const [ofReal, ofSimulated] = [real, simulated].map((result) =>
    sizesOf(result).map(({ workload, to }) => `${workload} ${to}`),
  );
  if (ofReal?.join() !== ofSimulated?.join()) {
    return [`sizes: ${ofReal?.join(', ')}; simulated ${ofSimulated?.join(', ')}`];
  }
  return apartMs > SYNC_PERIOD_MS ? [`sizes: ${apartMs} ms apart`] : [];
}

/**
 * In the cloud several nodes may be equally good, and chance chooses. At the edge one node is left for the
 * scheduler to take.
 */
function podDifference(pod: PodResult, other: PodResult): string | undefined {
  const isSame = pod.tier === 'edge' ? pod.node === other.node : pod.tier === other.tier;
  return isSame ? undefined : `${pod.name}: ${pod.node}; simulated ${other.node}`;
}

function pairsOf(real: SimulationResult, simulated: SimulationResult) {
  const byName = new Map(simulated.pods.map((pod) => [`${pod.workload} ${pod.name}`, pod]));
  return real.pods.flatMap((pod) => {
    const other = byName.get(`${pod.workload} ${pod.name}`);
    return pod.node === undefined || other?.node === undefined ? [] : [{ pod, other }];
  });
}

/** In the order of time; a Deployment's first size is its own. */
function sizesOf({ scalings }: SimulationResult): readonly Scaling[] {
  return scalings.filter(({ from, to }) => from !== to);
}

function since({ startMs }: SimulationResult, { atMs }: Scaling): number {
  return atMs - startMs;
}

function sizeText(result: SimulationResult, scaling: Scaling): string {
  return `${scaling.to} at ${(since(result, scaling) / 1000).toFixed(1)} s`;
}

function victimsText({ pods, endMs }: SimulationResult): string {
  const ended = pods.filter(({ terminatingAtMs = endMs }) => terminatingAtMs < endMs);
  const count = (tier: string) => ended.filter((pod) => pod.tier === tier).length;
  return `edge ${count('edge')}, cloud ${count('cloud')}`;
}
