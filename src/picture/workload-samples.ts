import { isMature } from '../placement/load.ts';
import type { UsageSample, WorkloadSample } from '../placement/types.ts';
import type { NodeEntry, Picture, WorkloadEntry } from './picture.ts';

type Window = Pick<UsageSample, 'endMs' | 'windowMs'>;

/** Two scrapes give a slope; older ones say little about a load that follows users. */
const WORKLOAD_SAMPLES = 2;

/** The workload's mean and how many of its pods were ready, over the window of this scrape. */
export function takeWorkloadSample(
  picture: Picture,
  workload: WorkloadEntry,
  advanced: ReadonlySet<NodeEntry>,
): void {
  const mature = Array.from(workload.pods).filter(isMature);
  const measuredNow = mature.filter(({ node }) => node !== undefined && advanced.has(node));
  if (measuredNow.length === 0) return;
  const window = {
    windowMs: mean(measuredNow.map(({ usage }) => usage.windowMs)),
    endMs: mean(measuredNow.map(({ usage }) => usage.endMs)),
  };
  const sample: WorkloadSample = {
    meanMilli: mean(mature.map(({ usage }) => usage.usageMilli)),
    readyPods: readyPodsOver(workload, window),
    windowMs: window.windowMs,
    endMs: localTimeMs(picture, window.endMs),
  };
  const last = workload.samples.at(-1);
  // Nodes whose metrics come at different times make several samples of one window: the last one counts.
  const sameWindow = last !== undefined && sample.endMs - last.endMs < sample.windowMs / 2;
  const before = sameWindow ? workload.samples.slice(0, -1) : workload.samples;
  workload.samples = [...before, sample].slice(-WORKLOAD_SAMPLES);
  workload.pastReady = workload.pastReady.filter(({ toMs }) => toMs > window.endMs);
}

function readyPodsOver(workload: WorkloadEntry, window: Window): number {
  let readyPods = 0;
  for (const { readyAtMs, usage } of workload.pods) {
    if (readyAtMs === undefined) continue;
    // Its own sample's end where it was measured, since both times are its node's then; but the length of the
    // workload's window: a fresh container's is shorter (metrics-server counts from its start).
    const endMs = usage?.endMs ?? window.endMs;
    readyPods += overlapRatio(readyAtMs, Number.POSITIVE_INFINITY, { ...window, endMs });
  }
  for (const { fromMs, toMs } of workload.pastReady) readyPods += overlapRatio(fromMs, toMs, window);
  return readyPods;
}

/** The share of a window in which something was that began and ended at these times. */
export function overlapRatio(fromMs: number, toMs: number, { endMs, windowMs }: Window): number {
  const startMs = endMs - windowMs;
  if (windowMs <= 0) return fromMs <= endMs && toMs > endMs ? 1 : 0;
  return Math.max(0, Math.min(endMs, toMs) - Math.max(startMs, fromMs)) / windowMs;
}

/** A node's time on the local clock, or now where its clock can't be right. */
export function localTimeMs(picture: Picture, nodeTimeMs: number): number {
  const ageMs = picture.nowMs - nodeTimeMs;
  return ageMs >= 0 && ageMs <= picture.settings.placement.freshness.ageingAfterMs
    ? nodeTimeMs
    : picture.nowMs;
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
