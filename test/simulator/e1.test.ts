import { describe, expect, it } from 'vitest';
import { simulate } from '../../src/simulator/simulate.ts';
import { shippedTrace, type TraceDocument, traceOf } from './traces.ts';

async function runE1(over: TraceDocument = {}) {
  return simulate(await traceOf({ ...shippedTrace('e1.json'), ...over }));
}

/** What it expects and prints, and that it can fail: test/simulator/shipped. */
describe('e1.json', () => {
  it('has pods at the edge because of the forecast: requests would leave room for a seventh', async () => {
    const { pods, decisions } = await runE1();
    const inCloud = pods.filter(({ tier }) => tier === 'cloud');
    expect(inCloud).toHaveLength(9);
    for (const { attempts } of inCloud) {
      const edge = decisions[attempts[0]?.decision ?? -1]?.candidates.find(({ tier }) => tier === 'edge');
      expect(edge).toMatchObject({ freshness: 'fresh', reason: 'edge-above-threshold' });
    }
  });

  it('does not hang on the moment at which metrics-server scrapes, from 2 s to 13 s of 15', async () => {
    for (const phase of ['2s', '4s', '9s', '12s', '13s']) {
      const { expectations } = await runE1({ metricsServer: { phase, delay: '2s' } });
      expect(
        expectations.filter(({ held }) => !held),
        phase,
      ).toEqual([]);
    }
  });
});
