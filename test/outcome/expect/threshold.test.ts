import { describe, expect, it } from 'vitest';
import { boundPod, candidate, decision, edgeNode, outcomeOf, START_MS } from './runs.ts';

const type = 'edgeBelowThreshold';
const at = (seconds: number) => START_MS + seconds * 1000;

describe('edgeBelowThreshold, planned', () => {
  const plan = (forecastMilli: number) =>
    decision([candidate({ forecastMilli, verdict: 'answered', reason: 'edge-fits' })]);
  it.each([
    { what: 'up to the threshold', forecasts: [300, 700], toleranceCpu: undefined, held: true },
    { what: 'above it', forecasts: [300, 701], toleranceCpu: undefined, held: false },
    { what: 'above it, within the tolerance', forecasts: [300, 701], toleranceCpu: '1m', held: true },
  ])('$what: $held', async ({ forecasts, toleranceCpu, held }) => {
    const run = { nodes: [edgeNode()], decisions: forecasts.map(plan) };
    const outcome = await outcomeOf({ type, of: ['planned'], toleranceCpu }, run);
    expect(outcome.held).toBe(held);
    if (!held) expect(outcome.diverged?.decision).toBe(1);
  });

  it('does not count a node that was refused', async () => {
    const run = { nodes: [edgeNode()], decisions: [decision([candidate({ forecastMilli: 900 })])] };
    expect((await outcomeOf({ type, of: ['planned'] }, run)).held).toBe(true);
  });
});

describe('edgeBelowThreshold, measured', () => {
  const measured = [700, 810].map((milli, index) => ({
    atMs: at(15 * index + 20),
    milli,
    sampleEndMs: at(15 * index + 15),
    windowMs: 15_000,
  }));
  it('names the last pod placed there before', async () => {
    const pods = [
      boundPod('web-1', 'edge-1', 5, 0),
      boundPod('web-2', 'edge-1', 10, 1),
      boundPod('web-3', 'edge-1', 50, 2),
    ];
    const outcome = await outcomeOf({ type, of: ['measured'] }, { nodes: [edgeNode({ measured })], pods });
    expect(outcome).toMatchObject({
      held: false,
      found: 'edge-1 measured ≤ 810m',
      diverged: { atMs: at(35), decision: 1, what: expect.stringContaining('last placed: fn/web-2') },
    });
  });
});

describe('edgeBelowThreshold, real', () => {
  // Rises from 700m to 900m in 20 s, stays for 5 s, drops, and comes back for a moment.
  const real = [
    { fromMs: at(0), toMs: at(20), fromMilli: 700, toMilli: 900 },
    { fromMs: at(20), toMs: at(25), fromMilli: 900, toMilli: 900 },
    { fromMs: at(25), toMs: at(40), fromMilli: 500, toMilli: 500 },
    { fromMs: at(40), toMs: at(44), fromMilli: 850, toMilli: 750 },
  ];
  const run = { nodes: [edgeNode({ real })] };
  it.each([
    { over: {}, held: false, fromSeconds: 10 },
    { over: { toleranceTime: '15s' }, held: true },
    { over: { toleranceTime: '14s' }, held: false, fromSeconds: 10 },
    { over: { toleranceCpu: '100m' }, held: true },
    { over: { toleranceCpu: '50m' }, held: false, fromSeconds: 15 },
    { over: { toleranceCpu: '50m', toleranceTime: '10s' }, held: true },
  ])('$over: $held', async ({ over, held, fromSeconds }) => {
    const outcome = await outcomeOf({ type, of: ['real'], ...over }, run);
    expect(outcome).toMatchObject({ held, found: 'edge-1 real ≤ 900m' });
    if (fromSeconds !== undefined) expect(outcome.diverged?.atMs).toBeCloseTo(at(fromSeconds), 0);
  });

  it('looks at edge nodes only', async () => {
    const nodes = [edgeNode({ tier: 'cloud', thresholdMilli: undefined, real })];
    expect(await outcomeOf({ type }, { nodes })).toMatchObject({ held: true, found: 'no edge node' });
  });
});
