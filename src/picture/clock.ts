import type { Picture } from './picture.ts';

/** Less is the clock being slewed, or the time between two readings. */
const SET_MS = 500;

/**
 * Takes the time of an event or question. Where the wall clock was set since the last one (the first answer of
 * an NTP server, a machine that was resumed), the times kept of it are moved along: metrics have not aged.
 */
export function takeTime(picture: Picture, nowMs: number): void {
  const steadyMs = picture.steadyClock?.() ?? nowMs;
  const setByMs = nowMs - picture.nowMs - (steadyMs - picture.steadyMs);
  const isFirst = picture.nowMs === 0;
  picture.nowMs = nowMs;
  picture.steadyMs = steadyMs;
  if (!isFirst && Math.abs(setByMs) > SET_MS) moveTimes(picture, setByMs);
}

function moveTimes(picture: Picture, byMs: number): void {
  for (const node of picture.nodes.values()) {
    const { metrics } = node;
    if (metrics !== undefined) node.metrics = { ...metrics, advancedAtMs: metrics.advancedAtMs + byMs };
  }
  for (const [key, departed] of picture.departed) {
    picture.departed.set(key, { ...departed, atMs: departed.atMs + byMs });
  }
  for (const workload of picture.workloads.values()) {
    workload.samples = workload.samples.map((sample) => ({ ...sample, endMs: sample.endMs + byMs }));
  }
}
