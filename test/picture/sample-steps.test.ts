import { describe, expect, it } from 'vitest';
import { askFilter } from '../../src/picture/ask.ts';
import { nodeSeen } from '../../src/picture/nodes.ts';
import type { Picture } from '../../src/picture/picture.ts';
import { podGone, podSeen } from '../../src/picture/pods.ts';
import { sampleSteps, sampleTaken } from '../../src/picture/samples.ts';
import { look, NOW_MS, nodeRecord, picture, podRecord } from '../builders.ts';

const NODES = 40;
const PODS_A_NODE = 40;
const names = Array.from({ length: NODES }, (_, index) => `edge-${index}`);
const podNames = Array.from({ length: NODES * PODS_A_NODE }, (_, index) => `pod-${index}`);

function cluster(): Picture {
  const on = picture();
  for (const name of names) nodeSeen(on, nodeRecord(name));
  for (const [index, name] of podNames.entries()) {
    const since = { startedAtMs: NOW_MS - 600_000, readyAtMs: NOW_MS - 600_000 };
    podSeen(on, podRecord(name, { nodeName: names[index % NODES], ...since }), NOW_MS);
  }
  return on;
}

const usage = (podMilli: number, endMs: number) =>
  look(
    Object.fromEntries(names.map((name) => [name, podMilli * PODS_A_NODE + 7])),
    Object.fromEntries(podNames.map((name) => [name, podMilli])),
    endMs,
  );

const forecasts = (on: Picture) =>
  askFilter(on, podRecord('probe'), names, on.nowMs).value.candidates.map(
    ({ forecastMilli }) => forecastMilli,
  );

describe('a sample taken in steps', () => {
  it('ends as the one taken at once', () => {
    const atOnce = cluster();
    const inSteps = cluster();
    sampleTaken(atOnce, usage(20, NOW_MS), NOW_MS);
    expect(Array.from(sampleSteps(inSteps, usage(20, NOW_MS), NOW_MS)).length).toBeGreaterThan(3);
    expect(forecasts(inSteps)).toEqual(forecasts(atOnce));
  });

  it('shows every node as of one scrape, the last or the new one, whenever it is asked about', () => {
    const on = cluster();
    sampleTaken(on, usage(20, NOW_MS), NOW_MS);
    const seen = new Set<number>();
    for (const _ of sampleSteps(on, usage(50, NOW_MS + 15_000), NOW_MS + 15_000)) {
      for (const forecastMilli of forecasts(on)) seen.add(forecastMilli ?? Number.NaN);
      podGone(on, 'uid-probe', on.nowMs);
    }
    expect(Array.from(seen).sort((left, right) => left - right)).toEqual([807, 2007]);
  });

  it('does not mind what goes while it is taken', () => {
    const on = cluster();
    let step = 0;
    for (const _ of sampleSteps(on, usage(20, NOW_MS), NOW_MS)) {
      for (const name of podNames.slice(step * 50, step * 50 + 50)) podGone(on, `uid-${name}`, NOW_MS + step);
      step += 1;
    }
    for (const name of podNames) podGone(on, `uid-${name}`, NOW_MS + step);
    expect([on.pods.size, on.workloads.size]).toEqual([0, 0]);
  });
});
