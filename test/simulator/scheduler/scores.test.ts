import { describe, expect, it } from 'vitest';
import { createNodeInfo } from '../../../src/simulator/scheduler/books.ts';
import { leastAllocated } from '../../../src/simulator/scheduler/scores.ts';
import { simNode, simPod } from '../model/pods.ts';

// Names and numbers of Kubernetes' own cases, least_allocated_test.go; their pods without a memory request
// have no container, or one that asks for 0.
describe('least allocated (least_allocated.go)', () => {
  it.each([
    {
      what: 'nothing scheduled, nothing requested',
      node: { cpuMilli: 4000, memoryBytes: 10_000 },
      there: [],
      pod: { cpuMilli: 0, memoryBytes: 0 },
      score: 100,
    },
    {
      what: 'nothing scheduled, resources requested, differently sized nodes: node1',
      node: { cpuMilli: 4000, memoryBytes: 10_000 },
      there: [],
      pod: { cpuMilli: 3000, memoryBytes: 5000 },
      score: 37,
    },
    {
      what: 'nothing scheduled, resources requested, differently sized nodes: node2',
      node: { cpuMilli: 6000, memoryBytes: 10_000 },
      there: [],
      pod: { cpuMilli: 3000, memoryBytes: 5000 },
      score: 50,
    },
    {
      what: 'no resources requested, pods scheduled with resources: node1',
      node: { cpuMilli: 10_000, memoryBytes: 20_000 },
      there: [
        { cpuMilli: 3000, memoryBytes: 0 },
        { cpuMilli: 3000, memoryBytes: 0 },
      ],
      pod: { cpuMilli: 0, memoryBytes: 0 },
      score: 70,
    },
    {
      what: 'no resources requested, pods scheduled with resources: node2',
      node: { cpuMilli: 10_000, memoryBytes: 20_000 },
      there: [
        { cpuMilli: 3000, memoryBytes: 0 },
        { cpuMilli: 3000, memoryBytes: 5000 },
      ],
      pod: { cpuMilli: 0, memoryBytes: 0 },
      score: 57,
    },
    {
      what: 'resources requested, pods scheduled with resources: node2',
      node: { cpuMilli: 10_000, memoryBytes: 20_000 },
      there: [{ cpuMilli: 3000, memoryBytes: 5000 }],
      pod: { cpuMilli: 3000, memoryBytes: 5000 },
      score: 45,
    },
    {
      what: 'requested resources exceed node capacity: node1',
      node: { cpuMilli: 4000, memoryBytes: 10_000 },
      there: [{ cpuMilli: 3000, memoryBytes: 0 }],
      pod: { cpuMilli: 3000, memoryBytes: 0 },
      score: 50,
    },
    {
      what: 'zero node resources, pods scheduled with resources: node1',
      node: { cpuMilli: 0, memoryBytes: 0 },
      there: [{ cpuMilli: 3000, memoryBytes: 0 }],
      pod: { cpuMilli: 0, memoryBytes: 0 },
      score: 0,
    },
    {
      what: '(ours) a node that does not say its memory',
      node: { cpuMilli: 4000, memoryBytes: Number.POSITIVE_INFINITY },
      there: [],
      pod: { cpuMilli: 1000, memoryBytes: 1000 },
      score: 75,
    },
  ])('$what: $score', ({ node, there, pod, score }) => {
    const sim = simNode('node-1', { allocatable: { ...node, pods: 110 } });
    for (const requests of there) sim.pods.add(simPod('there', { requests }));
    expect(leastAllocated(simPod('new', { requests: pod }), createNodeInfo(sim))).toBe(score);
  });
});
