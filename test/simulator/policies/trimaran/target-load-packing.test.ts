import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  predictPodMilli,
  TARGET_LOAD_PACKING_ARGS,
  targetLoadPackingScore,
} from '../../../../src/simulator/policies/trimaran/target-load-packing.ts';

const TARGET = TARGET_LOAD_PACKING_ARGS.targetUtilizationPercent;
const requests = (cpu: string) => ({ resources: { requests: { cpu } } });
const limits = (cpu: string, request = cpu) => ({
  resources: { requests: { cpu: request }, limits: { cpu } },
});

describe('the score of a node', () => {
  // The first three: pkg/trimaran/targetloadpacking/targetloadpacking_test.go, TestTargetLoadPackingScoring,
  // whose node has 1 CPU.
  it.each([
    { name: 'new node', usageMilli: 0, missingMilli: 0, podMilli: 0, score: 40 },
    { name: 'hot node', usageMilli: 500, missingMilli: 0, podMilli: 0, score: 33 },
    { name: 'excess utilization', usageMilli: 300, missingMilli: 0, podMilli: 1000, score: 0 },
    { name: 'at the target', usageMilli: 300, missingMilli: 0, podMilli: 100, score: 100 },
    { name: 'half of the target', usageMilli: 100, missingMilli: 0, podMilli: 100, score: 70 },
    { name: 'pods without metrics count', usageMilli: 100, missingMilli: 100, podMilli: 100, score: 85 },
    { name: 'just above the target', usageMilli: 310, missingMilli: 0, podMilli: 100, score: 39 },
    { name: 'full', usageMilli: 900, missingMilli: 0, podMilli: 100, score: 0 },
  ])('$name: $score', ({ usageMilli, missingMilli, podMilli, score }) => {
    expect(targetLoadPackingScore({ capacityMilli: 1000, usageMilli, missingMilli }, podMilli, TARGET)).toBe(
      score,
    );
  });

  it('does not divide by a capacity of 0', () => {
    expect(targetLoadPackingScore({ capacityMilli: 0, usageMilli: 0, missingMilli: 0 }, 100, TARGET)).toBe(
      TARGET,
    );
  });

  it('is a whole number from 0 to 100, highest at the target', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 64_000 }),
        fc.integer({ min: 0, max: 100_000 }),
        fc.integer({ min: 1, max: 99 }),
        (capacityMilli, usageMilli, target) => {
          const score = targetLoadPackingScore({ capacityMilli, usageMilli, missingMilli: 0 }, 0, target);
          expect(Number.isInteger(score)).toBe(true);
          expect(score).toBeGreaterThanOrEqual(0);
          expect(score).toBeLessThanOrEqual(100);
        },
      ),
    );
  });
});

describe('what a pod is predicted to use', () => {
  it.each([
    { name: 'its limits, as they are', containers: [limits('1'), limits('500m', '100m')], milli: 1500 },
    { name: 'requests times 1.5', containers: [requests('130m'), requests('1')], milli: 1695 },
    { name: '1 CPU for a container without either', containers: [{}], milli: 1000 },
    { name: 'no init containers', containers: [requests('100m')], init: [requests('4')], milli: 150 },
    {
      name: 'and its overhead',
      containers: [requests('100m')],
      overhead: { cpu: '50m' },
      milli: 200,
    },
  ])('$name', ({ containers, init = [], overhead = {}, milli }) => {
    const spec = { containers, initContainers: init, overhead };
    expect(predictPodMilli(spec, TARGET_LOAD_PACKING_ARGS)).toBe(milli);
  });
});
