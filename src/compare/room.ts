import type { PodResult, SimulationResult } from '../outcome/result.ts';
import { podRequestMilli } from '../picture/requests.ts';
import { TOLERANCE_MILLI } from '../placement/admission.ts';
import { keyOf } from '../trace/references.ts';
import type { Trace } from '../trace/schema.ts';
import { type Buckets, bucketAt, bucketsOf, highest } from './buckets.ts';
import { createEligibility } from './eligible.ts';
import { type Line, sumChannels } from './lines.ts';
import type { NodeUse } from './nodes.ts';

/** A run is looked at in so many parts, each at its worst moment. */
const BUCKETS = 1000;

/** What an edge node has left in each part of the run. */
interface Spare {
  readonly name: string;
  /** Of its threshold; below 0 everywhere that it is away. */
  readonly cpuMilli: number[];
  /** Of its allocatable CPU, by requests. */
  readonly requestMilli: number[];
}

/** The first and the last part of the run that a pod is there. */
type Life = readonly [first: number, last: number];

/** What a pod takes of a node. */
interface Needs {
  /** By the part of the run; nothing where there is none. */
  readonly cpuMilli: readonly number[];
  readonly requestMilli: number;
  readonly life: Life;
}

/**
 * Counts pods in the cloud that the edge could have carried, as one knows afterwards: an edge node that the
 * pod's spec allows had, for the pod's whole life and on top of what it really carried, room by requests and
 * below its threshold. Each pod takes its room from those that come later. What a pod uses is its part, by
 * request, of what all pods used.
 */
export function cloudWhileEdgeFits(trace: Trace, result: SimulationResult, uses: readonly NodeUse[]): number {
  const buckets = bucketsOf(result.startMs, result.endMs, BUCKETS);
  const requestOf = requestsByWorkload(trace);
  const milliPerWeight = loadPerWeight(buckets, result, uses, requestOf);
  const spares = spareOf(trace, buckets, uses);
  takeRequests(spares, buckets, result, requestOf);
  const goesTo = createEligibility(trace);
  const inCloud = result.pods
    .filter(({ tier }) => tier === 'cloud')
    .sort((left, right) => (left.boundAtMs ?? 0) - (right.boundAtMs ?? 0));
  let count = 0;
  for (const pod of inCloud) {
    const requestMilli = requestOf(pod.workload);
    const cpuMilli = milliPerWeight.map((milli) => milli * weightOf(requestMilli));
    const needs = { cpuMilli, requestMilli, life: lifeOf(buckets, pod, result.endMs) };
    const spare = spares.find((node) => goesTo(pod.workload, node.name) && fits(node, needs));
    if (spare === undefined) continue;
    count += 1;
    take(spare, needs);
  }
  return count;
}

function fits({ cpuMilli, requestMilli }: Spare, needs: Needs): boolean {
  const [first, last] = needs.life;
  for (let bucket = first; bucket <= last; bucket += 1) {
    if ((cpuMilli[bucket] ?? 0) < (needs.cpuMilli[bucket] ?? 0) - TOLERANCE_MILLI) return false;
    if ((requestMilli[bucket] ?? 0) < needs.requestMilli) return false;
  }
  return true;
}

function take({ cpuMilli, requestMilli }: Spare, needs: Needs): void {
  const [first, last] = needs.life;
  for (let bucket = first; bucket <= last; bucket += 1) {
    cpuMilli[bucket] = (cpuMilli[bucket] ?? 0) - (needs.cpuMilli[bucket] ?? 0);
    requestMilli[bucket] = (requestMilli[bucket] ?? 0) - needs.requestMilli;
  }
}

function lifeOf(buckets: Buckets, pod: PodResult, endMs: number): Life {
  return [bucketAt(buckets, pod.boundAtMs ?? endMs), bucketAt(buckets, pod.terminatingAtMs ?? endMs)];
}

/** What a pod uses for each millicore that it requests. */
function loadPerWeight(
  buckets: Buckets,
  { pods, endMs }: SimulationResult,
  uses: readonly NodeUse[],
  requestOf: (workload: string) => number,
): readonly number[] {
  const serving = pods.flatMap(({ workload, readyAtMs, terminatingAtMs = endMs }): readonly Line[] => {
    const weight = weightOf(requestOf(workload));
    return readyAtMs === undefined
      ? []
      : [{ fromMs: readyAtMs, toMs: terminatingAtMs, from: weight, to: weight }];
  });
  const [used = [], weights = []] = sumChannels([uses.flatMap((use) => use.pods), serving]);
  const perWeight = used.map((line, index) => {
    const weight = weights[index]?.from ?? 0;
    // Sums of weights that should be 0 may not be quite.
    return weight < TOLERANCE_MILLI / 2 ? { ...line, from: 0, to: 0 } : scaled(line, 1 / weight);
  });
  return highest(buckets, perWeight).map((value) => value ?? 0);
}

function scaled(line: Line, factor: number): Line {
  return { ...line, from: line.from * factor, to: line.to * factor };
}

/** Without requests all pods weigh the same. */
function weightOf(request: number): number {
  return Math.max(request, TOLERANCE_MILLI);
}

/** Besides what pods request that the run has placed. */
function spareOf(trace: Trace, buckets: Buckets, uses: readonly NodeUse[]): readonly Spare[] {
  const edge = uses.filter(({ node }) => node.tier === 'edge');
  return edge.map(({ node, pods: own, others }): Spare => {
    const carried = own.map((line, index) => ({
      ...line,
      from: line.from + (others[index]?.from ?? 0),
      to: line.to + (others[index]?.to ?? 0),
    }));
    const requested = trace.pods
      .filter(({ spec }) => spec.nodeName === node.name)
      .reduce((sum, { spec }) => sum + (podRequestMilli(spec) ?? 0), 0);
    return {
      name: node.name,
      cpuMilli: highest(buckets, carried).map((milli) =>
        milli === undefined ? Number.NEGATIVE_INFINITY : (node.thresholdMilli ?? 0) - milli,
      ),
      requestMilli: Array.from({ length: buckets.count }, () => node.allocatableMilli - requested),
    };
  });
}

/** What pods request that the run has placed. */
function takeRequests(
  spares: readonly Spare[],
  buckets: Buckets,
  { pods, endMs }: SimulationResult,
  requestOf: (workload: string) => number,
): void {
  const byName = new Map(spares.map((spare) => [spare.name, spare]));
  for (const pod of pods) {
    const spare = byName.get(pod.node ?? '');
    if (spare === undefined) continue;
    take(spare, { cpuMilli: [], requestMilli: requestOf(pod.workload), life: lifeOf(buckets, pod, endMs) });
  }
}

function requestsByWorkload({ deployments }: Trace): (workload: string) => number {
  const requests = new Map(
    deployments.map(({ metadata, spec }) => [keyOf(metadata), podRequestMilli(spec.template.spec) ?? 0]),
  );
  return (workload) => requests.get(workload) ?? 0;
}
