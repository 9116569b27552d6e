import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { measure } from '../../src/compare/measures.ts';
import { isBoundAt } from '../../src/outcome/expect/select.ts';
import { simulate } from '../../src/simulator/simulate.ts';
import { withPolicy } from '../../src/trace/policy.ts';
import type { PolicyName } from '../../src/trace/policy-names.ts';
import { simulationsPath, type TraceDocument, traceOf } from './traces.ts';

const page = readFileSync(fileURLToPath(new URL('../../docs/thesis.md', import.meta.url)), 'utf8');

const FUNCTIONS = ['nodeinfo', 'gzip-compression', 'dd', 'shasum'] as const;
const SCENARIOS = ['base-cloud', 'base-edge', 'e1'] as const;
type Run = `${(typeof FUNCTIONS)[number]}-${(typeof SCENARIOS)[number]}`;

/** Before the users leave, edge + cloud; test/simulator/shipped holds what each trace expects. */
const COUNTS = {
  'nodeinfo-base-cloud': { affinity: '0 + 25', spillway: '0 + 25' },
  'nodeinfo-base-edge': { affinity: '6 + 0', spillway: '6 + 0' },
  'nodeinfo-e1': { affinity: '6 + 9', spillway: '6 + 9' },
  'gzip-compression-base-cloud': { affinity: '0 + 6', spillway: '0 + 6' },
  'gzip-compression-base-edge': { affinity: '2 + 0', spillway: '2 + 0' },
  'gzip-compression-e1': { affinity: '2 + 6', spillway: '2 + 6' },
  'dd-base-cloud': { affinity: '0 + 8', spillway: '0 + 8' },
  'dd-base-edge': { affinity: '2 + 0', spillway: '2 + 0' },
  'dd-e1': { affinity: '2 + 8', spillway: '2 + 8' },
  'shasum-base-cloud': { affinity: '0 + 8', spillway: '0 + 8' },
  'shasum-base-edge': { affinity: '6 + 0', spillway: '6 + 0' },
  'shasum-e1': { affinity: '5 + 2', spillway: '6 + 0' },
} as const satisfies Readonly<Record<Run, Readonly<Record<'affinity' | 'spillway', string>>>>;

const BEFORE_USERS_LEAVE_MS = 240_000;

function documentOf(run: string): TraceDocument {
  return parse(readFileSync(simulationsPath(`thesis/${run}.yaml`), 'utf8'));
}

async function figures(run: string, policy: PolicyName) {
  const trace = withPolicy(await traceOf(documentOf(run)), policy);
  const result = simulate(trace);
  const { secondsAboveThreshold, responseP50Ms, responseP95Ms } = measure(trace, result);
  const atMs = result.startMs + BEFORE_USERS_LEAVE_MS;
  const count = (side: string) =>
    result.pods.filter((pod) => pod.tier === side && isBoundAt(pod, atMs)).length;
  return {
    counts: `${count('edge')} + ${count('cloud')}`,
    times: `${seconds(responseP50Ms)}, ${seconds(responseP95Ms)}`,
    above: `${secondsAboveThreshold.toFixed(0)} s`,
  };
}

function seconds(ms: number | null): string {
  return `${((ms ?? 0) / 1000).toFixed(2)} s`;
}

describe.each(Object.entries(COUNTS))('thesis/%s', (run, counts) => {
  it('comes to these pods with either placement, and docs/thesis.md has its figures', async () => {
    const [affinity, spillway] = [await figures(run, 'affinity'), await figures(run, 'spillway')];
    expect({ affinity: affinity.counts, spillway: spillway.counts }).toEqual(counts);
    const cells = [affinity, spillway].map((one) => `${one.counts}; ${one.times}; ${one.above}`);
    expect(page).toContain(`| ${cells.join(' | ')} |\n`);
    expect(page).toContain(`\n| [${run}](../simulations/thesis/${run}.yaml) | `);
  });
});

describe('calibration', () => {
  it.each(FUNCTIONS)('of %s is the same in its three runs: only the affinity differs', (name) => {
    const [first, ...others] = SCENARIOS.map((scenario) => calibrationOf(documentOf(`${name}-${scenario}`)));
    for (const other of others) expect(other).toEqual(first);
  });

  it('of the cluster is the same in all runs', () => {
    const [first, ...others] = Object.keys(COUNTS).map((run) => clusterOf(documentOf(run)));
    for (const other of others) expect(other).toEqual(first);
  });
});

describe('the replicas of nodeinfo-e1 hang on the metrics of the busy edge', () => {
  it.each([
    { probability: 1, pods: 5 },
    { probability: 0.5, pods: 15 },
    { probability: 0.000001, pods: 25 },
  ])('$pods when a scrape of it fails with the probability $probability', async ({ probability, pods }) => {
    const failures = [{ tier: 'edge', saturatedAbove: 0.6, probability }];
    const document = documentOf('nodeinfo-e1');
    const metricsServer = { ...(document['metricsServer'] as TraceDocument), failures };
    const { scalings } = simulate(withPolicy(await traceOf({ ...document, metricsServer }), 'affinity'));
    expect(scalings.at(-1)?.to).toBe(pods);
  });
});

function calibrationOf(document: TraceDocument): TraceDocument {
  const copy = structuredClone(document);
  for (const key of ['metadata', 'expect']) delete copy[key];
  for (const { spec } of copy['deployments'] as readonly { spec: { template: { spec: TraceDocument } } }[]) {
    delete spec.template.spec['affinity'];
  }
  return copy;
}

function clusterOf({ nodes, pods, metricsServer, kubelet, load, ...rest }: TraceDocument): TraceDocument {
  const { kubernetesVersion, duration, configuration } = rest;
  const own = (load as readonly TraceDocument[]).filter(({ type }) => type === 'recordedCpu');
  return { nodes, pods, metricsServer, kubelet, own, kubernetesVersion, duration, configuration };
}
