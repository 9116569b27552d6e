import { describe, expect, it } from 'vitest';
import {
  LOAD_VARIATION_ARGS,
  loadVariationScore,
  resourceScore,
} from '../../../../src/simulator/policies/trimaran/load-variation.ts';

// pkg/trimaran/loadvariationriskbalancing/analysis_test.go, TestComputeScore, of kubernetes-sigs/scheduler-plugins.
describe('the score of a resource, as published', () => {
  it.each([
    { name: 'valid data', margin: 1, sensitivity: 1, mean: 40, deviation: 36, score: 57 },
    { name: 'zero capacity', margin: 1, sensitivity: 2, capacity: 0, mean: 40, deviation: 36, score: 0 },
    { name: 'negative mean', margin: 1, sensitivity: 2, mean: -40, deviation: 36, score: 65 },
    { name: 'large mean', margin: 1, sensitivity: 2, mean: 200, deviation: 36, score: 20 },
    { name: 'negative deviation', margin: 1, sensitivity: 2, mean: 40, deviation: -36, score: 75 },
    { name: 'large deviation', margin: 1, sensitivity: 2, mean: 40, deviation: 120, score: 25 },
    { name: 'negative margin', margin: -1, sensitivity: 1, mean: 40, deviation: 36, score: 75 },
    { name: 'negative sensitivity', margin: 1, sensitivity: -1, mean: 40, deviation: 36, score: 57 },
    { name: 'zero sensitivity', margin: 1, sensitivity: 0, mean: 40, deviation: 36, score: 75 },
  ])('$name: $score', ({ margin, sensitivity, capacity = 100, mean, deviation, score }) => {
    const stats = { capacity, requested: 10, usedMean: mean, usedDeviation: deviation };
    expect(Math.round(resourceScore(stats, { margin, sensitivity }))).toBe(score);
  });
});

describe('the score of a node', () => {
  const steady = (usedMean: number) => ({ capacity: 100, requested: 0, usedMean, usedDeviation: 0 });

  it.each([
    { name: 'CPU is the riskier', cpu: 60, memory: 20, score: 70 },
    { name: 'memory is the riskier', cpu: 20, memory: 60, score: 70 },
    { name: 'an idle node', cpu: 0, memory: 0, score: 100 },
  ])('$name: $score', ({ cpu, memory, score }) => {
    expect(loadVariationScore(steady(cpu), steady(memory), LOAD_VARIATION_ARGS)).toBe(score);
  });
});
