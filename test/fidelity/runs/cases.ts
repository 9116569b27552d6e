import type { RunCase, TraceDocument } from './real.ts';

/** What is played on a cluster and simulated. */
const RUNS: readonly RunCase[] = [
  ...['nodeinfo', 'gzip-compression', 'dd', 'shasum'].map(
    (name) => ({ trace: `thesis/${name}-e1.yaml`, policy: 'spillway' }) as const,
  ),
  { trace: 'burst.yaml', policy: 'spillway', duration: '150s', change: untilItsEnd },
  { trace: 'lossy-edge.yaml', policy: 'spillway', duration: '9m', change: sooner },
  { trace: 'scale-in.yaml', policy: 'spillway', duration: '8m', change: earlier },
];

export function nameOf({ trace }: RunCase): string {
  return trace.replace(/\.\w+$/, '').replace('thesis/', '');
}

/** All, or those whose name has one of these parts in it: `nodeinfo,burst`. */
export function runsNamed(parts: string | undefined): readonly RunCase[] {
  if (parts === undefined || parts === '') return RUNS;
  const runs = RUNS.filter((run) => parts.split(',').some((part) => nameOf(run).includes(part)));
  if (runs.length > 0) return runs;
  throw new Error(
    `RUNS: found ${JSON.stringify(parts)}, allowed are parts of ${RUNS.map(nameOf).join(', ')}`,
  );
}

/** What would happen after the end. */
function untilItsEnd(document: TraceDocument): TraceDocument {
  const events = document['events'] as readonly { readonly at: string }[];
  return { ...document, events: events.filter(({ at }) => at === '2m') };
}

/** Its demand begins at 1:00, and grows from 3:00 to 7:00: until then nothing happens. */
function sooner(document: TraceDocument): TraceDocument {
  return withDemand(besideThreshold(document), [
    { at: '1m', cpu: '1600m' },
    { at: '3m', cpu: '1600m' },
    { at: '7m', cpu: '2800m' },
  ]);
}

/**
 * Its load goes four minutes earlier: until then nothing happens. Its demand falls to 290m, not 300m: 30 pods would use
 * exactly 10m each, of which a hair more is rounded up to 11m, and a sample's noise would decide.
 */
function earlier(document: TraceDocument): TraceDocument {
  return withDemand(besideThreshold(document), [
    { at: '1m', cpu: '2400m' },
    { at: '2m', cpu: '290m' },
  ]);
}

/**
 * edge-2 uses 95m in the place of 100m: with seven pods of 100m it would be exactly at its threshold of 800m, and a
 * sample's noise would decide on the last of them.
 */
function besideThreshold(document: TraceDocument): TraceDocument {
  const load = (document['load'] as readonly { readonly node?: string }[]).map((one) =>
    one.node === 'edge-2' ? { ...one, points: [{ at: '0s', cpu: '95m' }] } : one,
  );
  return { ...document, load };
}

function withDemand(document: TraceDocument, points: readonly object[]): TraceDocument {
  const [demand, ...others] = document['load'] as readonly object[];
  return { ...document, load: [{ ...demand, points }, ...others] };
}
