import { describe, expect, it } from 'vitest';
import { deploymentDocument, nodeDocument, runOf, type TraceDocument } from '../traces.ts';
import { users } from './rig.ts';

/** A whole run: the scheduler places the pods, metrics-server measures what their requests use. */
const settings: TraceDocument = {
  duration: '2m',
  nodes: [nodeDocument('edge-1', '1'), nodeDocument('cloud-1', '4')],
  deployments: [deploymentDocument(8)],
  events: [{ at: '70s', lose: 'edge-1' }],
  load: [
    users(
      12,
      { cpuTime: '20ms', variation: 'uniform', wait: '180ms', roundTrip: { cloud: '50ms' }, timeout: '5s' },
      { start: '10s', stages: [{ duration: '80s', target: 12 }] },
    ),
  ],
};

describe('a run with users', () => {
  it('has their number, their response times by tier, and the CPU that they cost', async () => {
    const { workloads, nodes, startMs } = await runOf(settings);
    const [web] = workloads;
    expect(web?.users).toEqual([
      { atMs: startMs + 10_000, users: 12 },
      { atMs: startMs + 90_000, users: 0 },
    ]);
    const before = web?.responses.filter(({ toMs }) => toMs <= startMs + 70_000) ?? [];
    const total = before.reduce((sum, { succeeded }) => sum + succeeded, 0);
    expect(before.some(({ failed }) => failed > 0)).toBe(false);
    for (const { tier, p50Ms } of before) expect(p50Ms).toBeGreaterThan(tier === 'cloud' ? 240 : 190);
    // Users in a closed loop: about 12 / 0.24 s in each of 60 s.
    expect(total).toBeGreaterThan(2500);
    expect(total).toBeLessThan(3600);
    const measured = nodes.flatMap((node) =>
      node.measured.filter(({ sampleEndMs }) => sampleEndMs === startMs + 65_000),
    );
    const usedMilli = measured.reduce((sum, { milli }) => sum + milli, 0);
    expect(usedMilli / 1000).toBeCloseTo((total / 60) * 0.02, 1);
  });

  it('has time-outs from the tier whose node was lost', async () => {
    const { workloads, startMs } = await runOf(settings);
    const failed = (workloads[0]?.responses ?? []).filter((bucket) => bucket.failed > 0);
    expect(failed.length).toBeGreaterThan(0);
    for (const { tier, fromMs } of failed) {
      expect(tier).toBe('edge');
      expect(fromMs).toBeGreaterThanOrEqual(startMs + 74_000);
    }
  });

  it('is the same, byte for byte', async () => {
    expect(JSON.stringify(await runOf(settings))).toBe(JSON.stringify(await runOf(settings)));
  });
});
