import { expect, test } from 'vitest';
import { readResult } from '../../src/outcome/result-file.ts';
import type { Decision } from '../../src/placement/decision.ts';
import { onClock, rehearsalResult } from '../../src/rehearsal/result.ts';
import { advance, podGone } from '../../src/rehearsal/shadow.ts';
import { clockMs } from '../../src/simulator/model/world.ts';
import { policy } from '../builders.ts';
import { WORKLOAD } from '../simulator/traces.ts';
import { readyOn, shadowOf } from './scene.ts';

const START_MS = Date.parse('2026-01-01T00:00:00Z');

function decision(uid: string, sinceStartMs: number, over: Partial<Decision> = {}): Decision {
  return {
    pod: { uid, namespace: 'fn', name: `web-5d876f668-${uid}` },
    atMs: START_MS + sinceStartMs,
    policy: policy(),
    estimate: { milli: 100, source: 'request' },
    result: 'edge',
    reason: 'edge-fits',
    nodes: ['edge-1'],
    candidates: [],
    ...over,
  };
}

async function played(...decisions: readonly Decision[]) {
  const shadow = await shadowOf({
    load: [{ type: 'demand', deployment: WORKLOAD, points: [{ at: '0s', cpu: '200m' }] }],
  });
  advance(shadow, 5000);
  readyOn(shadow, 'edge-1', 'one');
  advance(shadow, 10_000);
  readyOn(shadow, 'cloud-1', 'two');
  advance(shadow, 60_000);
  podGone(shadow, 'two');
  advance(shadow, 120_000);
  return rehearsalResult(
    shadow,
    decisions.map((each) => onClock(each, START_MS)),
    [],
  );
}

test('decisions have the clock of the trace, its names, and belong to the attempts of their pods', async () => {
  const { decisions, pods } = await played(
    decision('one', 500, { result: 'pending', nodes: [] }),
    decision('stranger', 700),
    decision('one', 900),
  );
  expect(decisions.map(({ pod, atMs }) => [pod.name, atMs - clockMs(0)])).toEqual([
    ['web-1', 500],
    ['web-1', 900],
  ]);
  expect(pods[0]?.attempts).toMatchObject([
    { atMs: clockMs(500), result: 'unschedulable', decision: 0 },
    { atMs: clockMs(900), result: 'assumed', decision: 1 },
  ]);
  expect(pods[1]?.attempts).toEqual([]);
});

test('the result is one of a cluster, lasts as long as the trace, and can be read as a simulation can', async () => {
  const result = await played();
  expect(result).toMatchObject({ on: 'cluster', startMs: clockMs(0), endMs: clockMs(120_000) });
  expect(readResult(JSON.stringify(result))).toMatchObject({ ok: true });
  expect(result.counts.at(-1)).toMatchObject({ edge: 1, cloud: 0, pending: 0 });
});

test('what was asked for and could not be had is counted', async () => {
  // 200m for the five seconds in which no pod was ready.
  expect((await played()).workloads).toMatchObject([{ workload: WORKLOAD, unservedCpuSeconds: 1 }]);
});
