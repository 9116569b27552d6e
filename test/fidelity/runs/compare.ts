import type { Scaling, SimulationResult } from '../../../src/simulator/result.ts';

/** How far a simulated run is from the real one. */
export interface Comparison {
  /** Sizes that the Deployments were scaled to, `60.1 s 3`. */
  readonly realSizes: readonly string[];
  readonly simulatedSizes: readonly string[];
  /** Pods by number that both runs bound, and how many of them went to the same tier, and node. */
  readonly pods: number;
  readonly sameTier: number;
  readonly sameNode: number;
  /** Pods that scaling down removed, by tier: `edge 5, cloud 2`. */
  readonly realVictims: string;
  readonly simulatedVictims: string;
}

export function compareRuns(real: SimulationResult, simulated: SimulationResult): Comparison {
  const [realSizes, simulatedSizes] = [sizesOf(real), sizesOf(simulated)];
  const byName = new Map(simulated.pods.map((pod) => [`${pod.workload} ${pod.name}`, pod]));
  const pairs = real.pods.flatMap((pod) => {
    const other = byName.get(`${pod.workload} ${pod.name}`);
    return pod.node === undefined || other?.node === undefined ? [] : [{ pod, other }];
  });
  return {
    realSizes: realSizes.map((size) => sizeText(real, size)),
    simulatedSizes: simulatedSizes.map((size) => sizeText(simulated, size)),
    pods: pairs.length,
    sameTier: pairs.filter(({ pod, other }) => pod.tier === other.tier).length,
    sameNode: pairs.filter(({ pod, other }) => pod.node === other.node).length,
    realVictims: victimsText(real),
    simulatedVictims: victimsText(simulated),
  };
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
