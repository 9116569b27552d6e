import type {
  LoadSettings,
  LoadSums,
  PodFacts,
  SharedSum,
  UsageSample,
  WorkloadFacts,
  WorkloadSample,
} from './types.ts';

/** Where the figure for a pod's load comes from, the best source first. */
export type LoadSource = 'measured' | 'shared' | 'annotated' | 'siblings' | 'request' | 'default';

export interface Load {
  readonly milli: number;
  readonly source: LoadSource;
}

/** One odd measurement must not make a replica look like none, or like many. */
const SKEW_MIN_RATIO = 0.5;
const SKEW_MAX_RATIO = 2;

function sampleStartMs(sample: UsageSample): number {
  return sample.endMs - sample.windowMs;
}

/** A pod's measured usage says what it will use only once the whole sample lies after it became ready. */
export function isMature<P extends PodFacts>(pod: P): pod is P & { readonly usage: UsageSample } {
  return pod.usage !== undefined && pod.readyAtMs !== undefined && sampleStartMs(pod.usage) >= pod.readyAtMs;
}

/** CPU of all pods of a workload in one scrape. */
function workloadUsageMilli(sample: WorkloadSample): number {
  return sample.meanMilli * sample.readyPods;
}

/**
 * The load that a workload is expected to have at `nowMs` plus the lead: the last measured one, and its
 * slope since the scrape before, if it rises. Falling demand is not predicted: room that may come is not
 * room that is there.
 */
function predictedLoadMilli(
  workload: WorkloadFacts,
  settings: LoadSettings,
  nowMs: number,
): number | undefined {
  const last = workload.samples.at(-1);
  if (last === undefined) return undefined;
  const loadMilli = workloadUsageMilli(last);
  const before = workload.samples.at(-2);
  if (before === undefined) return loadMilli;
  const middleMs = last.endMs - last.windowMs / 2;
  const passedMs = middleMs - (before.endMs - before.windowMs / 2);
  if (passedMs <= 0) return loadMilli;
  const slope = (loadMilli - workloadUsageMilli(before)) / passedMs;
  // A clock that was set back must not turn a rise into a fall.
  const aheadMs = Math.max(0, nowMs - middleMs + settings.leadMs);
  const risenMilli = Math.max(0, slope) * aheadMs;
  return Math.min(loadMilli + risenMilli, settings.trendBoundRatio * loadMilli);
}

/**
 * What one replica will use once the load is spread over all that exist or are wanted. A scale-up brings
 * no more load; measured replicas are relieved by it. Undefined while no replica has been measured.
 */
function shareMilli(workload: WorkloadFacts, settings: LoadSettings, nowMs: number): number | undefined {
  const predictedMilli = predictedLoadMilli(workload, settings, nowMs);
  if (predictedMilli === undefined) return undefined;
  return predictedMilli / Math.max(1, workload.podCount, workload.replicas ?? 0);
}

/** How much more or less than its siblings' mean a measured replica gets of their load. */
export function skewRatio(pod: PodFacts): number {
  const meanMilli = pod.workload?.samples.at(-1)?.meanMilli;
  if (!isMature(pod) || meanMilli === undefined || meanMilli <= 0) return 1;
  return Math.min(SKEW_MAX_RATIO, Math.max(SKEW_MIN_RATIO, pod.usage.usageMilli / meanMilli));
}

/** The load of a pod that runs, waits or is about to be placed. */
export function podLoad(pod: PodFacts, settings: LoadSettings, nowMs: number): Load {
  const mature = isMature(pod);
  if (pod.annotatedMilli !== undefined && !mature) return { milli: pod.annotatedMilli, source: 'annotated' };
  if (pod.sharing === 'own') return ownLoad(pod, settings);
  const share = pod.workload && shareMilli(pod.workload, settings, nowMs);
  if (share === undefined) return mature ? measured(pod.usage) : requestLoad(pod, settings);
  return { milli: floored(share, pod, settings) * skewRatio(pod), source: 'shared' };
}

/** What a pod like this one is expected to use, its own measurements left aside. */
export function podEstimate(pod: PodFacts, settings: LoadSettings, nowMs: number): Load {
  if (pod.annotatedMilli !== undefined) return { milli: pod.annotatedMilli, source: 'annotated' };
  if (pod.sharing === 'own') return siblingLoad(pod, settings);
  const share = pod.workload && shareMilli(pod.workload, settings, nowMs);
  if (share === undefined) return requestLoad(pod, settings);
  return { milli: floored(share, pod, settings), source: 'shared' };
}

/**
 * Adds up the loads of a node's pods so that a decision costs a few multiplications a node, not a walk
 * over its pods. `loadOfSums` of the result equals the sum of `podLoad` (a property test holds it).
 */
export function sumLoads(pods: Iterable<PodFacts>, settings: LoadSettings): LoadSums {
  let fixedMilli = 0;
  let requestedMilli = 0;
  const shared = new Map<WorkloadFacts, { skewSum: number; fallbackMilli: number }>();
  const others: PodFacts[] = [];
  for (const pod of pods) {
    requestedMilli += requestedOf(pod, settings);
    const mature = isMature(pod);
    if (pod.annotatedMilli !== undefined && !mature) fixedMilli += pod.annotatedMilli;
    else if (pod.sharing === 'own' && mature) fixedMilli += pod.usage.usageMilli;
    else if (pod.sharing === 'own' || pod.workload === undefined || pod.workload.saturated) others.push(pod);
    else addShared(shared, pod.workload, pod, settings);
  }
  return {
    fixedMilli,
    requestedMilli,
    shared: Array.from(shared, ([workload, sum]) => ({ workload, ...sum }) satisfies SharedSum),
    others,
  };
}

export function loadOfSums(sums: LoadSums, settings: LoadSettings, nowMs: number): number {
  let milli = sums.fixedMilli;
  for (const { workload, skewSum, fallbackMilli } of sums.shared) {
    const share = shareMilli(workload, settings, nowMs);
    milli += share === undefined ? fallbackMilli : share * skewSum;
  }
  for (const pod of sums.others) milli += podLoad(pod, settings, nowMs).milli;
  return milli;
}

function addShared(
  shared: Map<WorkloadFacts, { skewSum: number; fallbackMilli: number }>,
  workload: WorkloadFacts,
  pod: PodFacts,
  settings: LoadSettings,
): void {
  let sum = shared.get(workload);
  if (sum === undefined) {
    sum = { skewSum: 0, fallbackMilli: 0 };
    shared.set(workload, sum);
  }
  sum.skewSum += skewRatio(pod);
  sum.fallbackMilli += isMature(pod) ? pod.usage.usageMilli : requestLoad(pod, settings).milli;
}

function ownLoad(pod: PodFacts, settings: LoadSettings): Load {
  if (isMature(pod)) return measured(pod.usage);
  const estimate = siblingLoad(pod, settings);
  const soFarMilli = pod.usage?.usageMilli ?? 0;
  return soFarMilli > estimate.milli ? { milli: soFarMilli, source: 'measured' } : estimate;
}

function siblingLoad(pod: PodFacts, settings: LoadSettings): Load {
  const meanMilli = pod.workload?.samples.at(-1)?.meanMilli;
  if (meanMilli !== undefined) return { milli: meanMilli, source: 'siblings' };
  return requestLoad(pod, settings);
}

function requestLoad(pod: PodFacts, settings: LoadSettings): Load {
  if (pod.requestMilli === undefined) return { milli: settings.defaultMilli, source: 'default' };
  return { milli: pod.requestMilli * settings.requestFactor, source: 'request' };
}

function measured(usage: UsageSample): Load {
  return { milli: usage.usageMilli, source: 'measured' };
}

/** A request of 10m beside an estimate of 150m is no reason to pack fifteen times as many. */
function requestedOf({ requestMilli, annotatedMilli }: PodFacts, settings: LoadSettings): number {
  if (requestMilli === undefined && annotatedMilli === undefined) return settings.defaultMilli;
  return Math.max(requestMilli ?? 0, annotatedMilli ?? 0);
}

/** A saturated node hides demand: its pods would use more if they could. */
function floored(milli: number, pod: PodFacts, settings: LoadSettings): number {
  if (pod.workload?.saturated !== true) return milli;
  return Math.max(milli, (pod.requestMilli ?? 0) * settings.requestFactor);
}
