import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { SimulationResult } from '../../src/outcome/result.ts';
import { simulate } from '../../src/simulator/simulate.ts';
import { checkTrace, formatTraceProblems } from '../../src/trace/read.ts';
import type { Trace } from '../../src/trace/schema.ts';

/** A trace as it is written, to be changed and read. */
export type TraceDocument = Record<string, unknown>;

export const WORKLOAD = 'fn/web';

export function nodeDocument(name: string, cpu: string, over: TraceDocument = {}): TraceDocument {
  const edge = name.startsWith('edge');
  return {
    metadata: { name, labels: edge ? { 'node-role.kubernetes.io/edge': '' } : {} },
    status: {
      allocatable: { cpu, memory: '8Gi', pods: '110' },
      conditions: [{ type: 'Ready', status: 'True' }],
    },
    ...over,
  };
}

export function deploymentDocument(
  replicas: number,
  cpu = '100m',
  podSpec: TraceDocument = {},
): TraceDocument {
  return {
    metadata: { name: 'web', namespace: 'fn' },
    spec: {
      replicas,
      template: {
        metadata: { labels: { app: 'web' } },
        spec: { containers: [{ resources: { requests: { cpu } } }], ...podSpec },
      },
    },
  };
}

/** One edge node of 1 CPU, one cloud node of 4, one Deployment that uses 100m in all. */
export function traceDocument(over: TraceDocument = {}): TraceDocument {
  return {
    apiVersion: 'simulate.spillway.dev/v1alpha1',
    kind: 'ScaleTrace',
    metadata: { name: 'test' },
    duration: '2m',
    nodes: [nodeDocument('edge-1', '1'), nodeDocument('cloud-1', '4')],
    deployments: [deploymentDocument(1)],
    load: [{ type: 'recordedCpu', deployment: WORKLOAD, points: [{ at: '0s', cpu: '100m' }] }],
    ...over,
  };
}

export function scaleEvent(at: string, replicas: number): TraceDocument {
  return { at, scale: { deployment: WORKLOAD, replicas } };
}

export async function traceOf(document: unknown): Promise<Trace> {
  const read = await checkTrace(document);
  if (!read.ok) throw new Error(formatTraceProblems(read.problems));
  return read.trace;
}

export async function runOf(over: TraceDocument = {}): Promise<SimulationResult> {
  return simulate(await traceOf(traceDocument(over)));
}

export function simulationsPath(name: string): string {
  return fileURLToPath(new URL(`../../simulations/${name}`, import.meta.url));
}

export function shippedTrace(name: string): TraceDocument {
  return JSON.parse(readFileSync(simulationsPath(name), 'utf8'));
}
