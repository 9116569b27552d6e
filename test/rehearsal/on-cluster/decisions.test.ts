import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, it, onTestFinished } from 'vitest';
import { createDecisionReader, spillwayDifferences } from '../../../src/rehearsal/on-cluster/decisions.ts';
import { traceDocument, traceOf } from '../../simulator/traces.ts';

const SINCE_MS = 1000;

/** What Spillway's pages hold, which a test changes. */
async function readerOf() {
  const page = { decisions: [] as readonly object[], nodes: [] as readonly object[] };
  const server = createServer((_request, response) => response.end(JSON.stringify(page)));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const close = () => new Promise<void>((resolve) => server.close(() => resolve()));
  onTestFinished(close);
  const { port } = server.address() as AddressInfo;
  const url = `http://127.0.0.1:${port}/`;
  const reader = createDecisionReader(url, SINCE_MS);
  return { page, url, reader, times: () => reader.decisions.map(({ atMs }) => atMs), close };
}

function decisionOf(atMs: number, uid = 'a'): object {
  return { atMs, pod: { uid } };
}

it('collects decisions, oldest first and each once; not those from before the rehearsal', async () => {
  const { page, reader, times } = await readerOf();
  page.decisions = [decisionOf(1200), decisionOf(1100), decisionOf(999)];
  expect(await reader.read()).toBeUndefined();
  expect(times()).toEqual([1100, 1200]);
  // Two of one moment are about two pods.
  page.decisions = [decisionOf(1300, 'b'), decisionOf(1300), decisionOf(1200)];
  await reader.read();
  expect(times()).toEqual([1100, 1200, 1300, 1300]);
});

it('says that some may be missing when all that Spillway gives are new', async () => {
  const { page, reader } = await readerOf();
  page.decisions = Array.from({ length: 100 }, (_, index) => decisionOf(2000 - index));
  expect(await reader.read()).toMatch(/some may be missing/);
  expect(await reader.read()).toBeUndefined();
});

it('keeps what it has while Spillway is away, and says so', async () => {
  const { page, reader, times, close } = await readerOf();
  page.decisions = [decisionOf(1100)];
  await reader.read();
  await close();
  expect(await reader.read()).toMatch(/cannot be read/);
  expect(times()).toEqual([1100]);
});

it.each<{ what: string; nodes: readonly object[]; notes: readonly string[] }>([
  { what: 'the same', nodes: [{ name: 'edge-1', thresholdMilli: 800 }, { name: 'cloud-1' }], notes: [] },
  {
    what: 'another threshold',
    nodes: [{ name: 'edge-1', thresholdMilli: 900 }, { name: 'cloud-1' }],
    notes: ['edge-1 has a threshold of 900m to Spillway, has a threshold of 800m to the trace'],
  },
  {
    what: 'another tier',
    nodes: [{ name: 'edge-1' }, { name: 'cloud-1' }],
    notes: ['edge-1 is in the cloud to Spillway, has a threshold of 800m to the trace'],
  },
])('tells where Spillway is configured in another way than the trace: $what', async ({ nodes, notes }) => {
  const { page, url } = await readerOf();
  page.nodes = nodes;
  expect(await spillwayDifferences(url, await traceOf(traceDocument()))).toEqual(notes);
});

it('does not go on with a Spillway that watches another cluster', async () => {
  const { page, url } = await readerOf();
  page.nodes = [{ name: 'edge-9' }];
  await expect(spillwayDifferences(url, await traceOf(traceDocument()))).rejects.toThrow(
    'Spillway knows no node edge-1: does it watch this cluster?',
  );
});
