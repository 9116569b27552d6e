import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { connectExtender } from '../../src/live/live-extender.ts';
import type { OpenLink } from '../../src/simulator/link.ts';
import { simulate } from '../../src/simulator/simulate.ts';
import { traceDocuments } from '../simulator/properties/generate/document.ts';
import { deploymentDocument, shippedTrace, traceDocument, traceOf } from '../simulator/traces.ts';
import { type ExtenderProcess, startExtender } from './extender-process.ts';

const TIMEOUT_MS = 120_000;

describe('a live extender', { timeout: TIMEOUT_MS }, () => {
  let extender: ExtenderProcess;
  let openLink: OpenLink;
  let close: () => Promise<void>;

  beforeAll(async () => {
    extender = await startExtender(inject('bundle'));
    const live = await connectExtender(extender.url);
    if (!live.ok) throw new Error(live.message);
    ({ openLink, close } = live);
  }, TIMEOUT_MS);

  afterAll(async () => {
    await close();
    await extender.stop();
  });

  async function bothOf(document: unknown) {
    const trace = await traceOf(document);
    return {
      inProcess: JSON.stringify(simulate(trace)),
      live: JSON.stringify(simulate(trace, { openLink })),
    };
  }

  it('gives the result of e1.json to the byte', async () => {
    const { inProcess, live } = await bothOf(shippedTrace('e1.json'));
    expect(live).toBe(inProcess);
    expect(JSON.parse(live).decisions).toHaveLength(15);
  });

  it('gives the result of any trace to the byte', () =>
    fc.assert(
      fc.asyncProperty(traceDocuments, async (document) => {
        const { inProcess, live } = await bothOf(document);
        expect(live).toBe(inProcess);
      }),
      { numRuns: 40 },
    ));

  it('is asked for scores where it answers more than one node', async () => {
    const { inProcess, live } = await bothOf(
      traceDocument({
        nodes: shippedTrace('e1.json')['nodes'],
        deployments: [deploymentDocument(20, '130m')],
        configuration: { placement: { edgeCandidates: 'all' } },
      }),
    );
    expect(live).toBe(inProcess);
    const metrics = await (await fetch(`${extender.url}/metrics`)).text();
    expect(metrics).toMatch(/spillway_request_duration_seconds_count\{verb="prioritize"\} [1-9]/);
  });

  it('is told of a burst in several parts', async () => {
    const document = traceDocument({ deployments: [deploymentDocument(1200, '1m')], duration: '20s' });
    const { inProcess, live } = await bothOf(document);
    expect(live).toBe(inProcess);
  });

  it('refuses questions once the simulation has ended', async () => {
    await bothOf(traceDocument());
    const body = JSON.stringify({ Pod: { metadata: { name: 'web-1' } }, NodeNames: ['edge-1'] });
    const response = await fetch(`${extender.url}/filter`, { method: 'POST', body });
    expect([response.status, await response.json()]).toEqual([
      503,
      { error: 'not ready: a simulation, which simulate --extender begins' },
    ]);
  });

  it('keeps the decisions of the last simulation to look at', async () => {
    await bothOf(traceDocument());
    const response = await fetch(`${extender.url}/debug/decisions?pod=fn/web-1`);
    expect(await response.json()).toMatchObject({ decisions: [{ result: 'edge', nodes: ['edge-1'] }] });
  });
});
