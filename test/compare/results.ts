import type { NodeResult, PodResult, SimulationResult } from '../../src/outcome/result.ts';
import { clockMs } from '../../src/simulator/model/world.ts';
import { podResult } from '../outcome/expect/runs.ts';
import { emptyResult } from '../outcome/results.ts';

/** Results written by hand; seconds are since the start of the trace, and a run lasts 100 of them. */
const END_SECONDS = 100;

export type Steps = readonly (readonly [seconds: number, milli: number])[];

/** A node that uses, from each of these moments on, so much. */
export function nodeUsing(name: string, steps: Steps, over: Partial<NodeResult> = {}): NodeResult {
  const edge = name.startsWith('edge');
  return {
    name,
    tier: edge ? 'edge' : 'cloud',
    allocatableMilli: edge ? 1000 : 4000,
    thresholdMilli: edge ? 800 : undefined,
    real: steps.map(([seconds, milli], index) => ({
      fromMs: at(seconds),
      toMs: at(steps[index + 1]?.[0] ?? END_SECONDS),
      fromMilli: milli,
      toMilli: milli,
    })),
    measured: [],
    forecast: [],
    ...over,
  };
}

/** Created, sent and ready at that time, and there to the end. */
export function podOn(node: string, name: string, seconds = 0, over: Partial<PodResult> = {}): PodResult {
  const atMs = at(seconds);
  return podResult(name, {
    node,
    createdAtMs: atMs,
    boundAtMs: atMs,
    startedAtMs: atMs,
    readyAtMs: atMs,
    attempts: [{ atMs, result: 'assumed', scores: [], reasons: {} }],
    ...over,
  });
}

export function resultOf(over: Partial<SimulationResult>): SimulationResult {
  return emptyResult({ endMs: at(END_SECONDS), ...over });
}

export function at(seconds: number): number {
  return clockMs(seconds * 1000);
}
