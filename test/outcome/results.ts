import type { SimulationResult } from '../../src/outcome/result.ts';

/** When runs begin on the virtual clock. */
export const START_MS = 1_000_000_000_000;

/** A run of 100 s without nodes, in which nothing happened. */
export function emptyResult(over: Partial<SimulationResult> = {}): SimulationResult {
  return {
    apiVersion: 'simulate.spillway.dev/v1alpha1',
    kind: 'SimulationResult',
    trace: { name: 'test', seed: 1 },
    startMs: START_MS,
    endMs: START_MS + 100_000,
    nodes: [],
    pods: [],
    scalings: [],
    decisions: [],
    counts: [],
    workloads: [],
    autoscalers: [],
    incidents: [],
    expectations: [],
    ...over,
  };
}
