import { describe, expect, it } from 'vitest';
import type { SimulationResult } from '../../src/outcome/result.ts';
import { createTimeline, every, runUntil, schedule } from '../../src/simulator/engine/timeline.ts';
import { deploymentDocument, runOf, scaleEvent, type TraceDocument } from './traces.ts';

describe('a beat', () => {
  /** Runs that were made, of a beat of 10 s that finds something new until `newUntil`. */
  function runs(newUntil: number, endMs: number, others: readonly number[] = []) {
    const timeline = createTimeline(0);
    const made: number[] = [];
    every(timeline, 5_000, {
      periodMs: 10_000,
      keep: 2,
      run: () => {
        made.push(timeline.nowMs / 1000);
        return timeline.nowMs <= newUntil ? 'changed' : 'same';
      },
    });
    for (const atMs of others) schedule(timeline, atMs, () => made.push(-timeline.nowMs / 1000));
    runUntil(timeline, endMs);
    return made;
  }

  it.each([
    {
      name: 'runs each time while it finds something new',
      newUntil: 60_000,
      end: 60_000,
      made: [5, 15, 25, 35, 45, 55],
    },
    {
      name: 'is left out when nothing is new, but for the last runs',
      newUntil: 5_000,
      end: 100_000,
      made: [5, 15, 25, 75, 85, 95],
    },
    {
      name: 'has had its last runs before something else happens',
      newUntil: 5_000,
      end: 100_000,
      others: [61_000],
      made: [5, 15, 25, 35, 45, 55, -61, 65, 75, 85, 95],
    },
    { name: 'keeps its beat over a long time', newUntil: 0, end: 1_000_000, made: [5, 15, 975, 985, 995] },
  ])('$name', ({ newUntil, end, others, made }) => {
    expect(runs(newUntil, end, others)).toEqual(made);
  });
});

describe('quiet time', () => {
  const day: TraceDocument = {
    duration: '24h',
    deployments: [deploymentDocument(3)],
    load: [
      {
        type: 'recordedCpu',
        deployment: 'fn/web',
        points: [
          { at: '0s', cpu: '300m' },
          { at: '8h', cpu: '300m' },
          { at: '9h', cpu: '900m' },
          { at: '10h', cpu: '300m' },
        ],
      },
    ],
    events: [scaleEvent('9h1m', 9), scaleEvent('12h', 2), scaleEvent('20h', 12)],
  };
  const withoutSamples = ({ nodes, incidents: _incidents, ...rest }: SimulationResult) => ({
    ...rest,
    nodes: nodes.map(({ measured: _measured, forecast: _forecast, ...node }) => node),
  });

  it('changes nothing of what is decided', async () => {
    const quiet = await runOf(day);
    // Something harmless happens all the time: nothing can be left out.
    const noise = Array.from({ length: 5760 }, (_, index) => ({ at: `${index * 15}s`, up: 'extender' }));
    const events = [...(day['events'] as readonly TraceDocument[]), ...noise];
    const busy = await runOf({ ...day, events });
    expect(withoutSamples(quiet)).toEqual(withoutSamples(busy));
    expect(quiet.nodes[0]?.measured.length).toBeLessThan(700);
    expect(busy.nodes[0]?.measured.length).toBeGreaterThan(5700);
  });

  it('a million seconds of it are a few scrapes', async () => {
    const { nodes } = await runOf({ duration: '1000000s' });
    expect(nodes[0]?.measured.length).toBeLessThan(40);
    expect(nodes[0]?.measured.at(-1)?.sampleEndMs).toBeGreaterThan(1_000_000_000_000 + 999_980_000);
  });
});
