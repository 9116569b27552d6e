import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { textReport } from '../../src/simulator/report/text.ts';
import { simulate } from '../../src/simulator/simulate.ts';
import { shippedTrace, type TraceDocument, traceOf } from './traces.ts';

const golden = fileURLToPath(new URL('./golden/e1.txt', import.meta.url));

async function runE1(over: TraceDocument = {}) {
  return simulate(await traceOf({ ...shippedTrace('e1.json'), ...over }));
}

function withThreshold(threshold: number): TraceDocument {
  return { configuration: { placement: { threshold } } };
}

describe('e1.json', () => {
  it('holds all it expects', async () => {
    const { expectations } = await runE1();
    expect(expectations.filter(({ held }) => !held)).toEqual([]);
    expect(expectations.length).toBeGreaterThanOrEqual(10);
  });

  it('prints what it always did (test/simulator/golden/e1.txt)', async () => {
    await expect(textReport(await runE1(), { verbose: false })).toMatchFileSnapshot(golden);
  });

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

describe('a check that can not fail is none: e1.json with', () => {
  const names = async (over: TraceDocument) => {
    const result = await runE1(over);
    return result.expectations.filter(({ held }) => !held);
  };

  it('a lower threshold', async () => {
    const failed = await names(withThreshold(0.7));
    expect(failed.map(({ type }) => type)).toContain('edgeFirst');
    const [first] = failed;
    expect(first?.diverged?.decision).toBeTypeOf('number');
  });

  it('a higher threshold', async () => {
    const failed = await names(withThreshold(0.9));
    expect(failed.map(({ type }) => type)).toContain('pods');
    expect(failed[0]?.diverged?.what).toMatch(/went to edge as number 7$/);
  });

  it('no edge node', async () => {
    const trace = shippedTrace('e1.json');
    const isEdge = (object: unknown) => JSON.stringify(object).includes('"edge"');
    const without = (key: string) => (trace[key] as unknown[]).filter((object) => !isEdge(object));
    const failed = await names({
      nodes: without('nodes'),
      pods: (trace['pods'] as unknown[]).filter((pod) => !JSON.stringify(pod).includes('system-edge')),
      load: (trace['load'] as unknown[]).filter(
        (load) => !/system-edge|"node":"edge"/.test(JSON.stringify(load)),
      ),
    });
    expect(failed.map(({ type }) => type)).toEqual(expect.arrayContaining(['edgeFirst', 'pods']));
  });

  it('the default scheduler alone, which spreads a ReplicaSet', async () => {
    const failed = await names({ scheduler: { extender: 'none' } });
    expect(failed.find(({ type }) => type === 'edgeFirst')?.found).toBe('pod 2 in the cloud');
  });
});
