import { describe, expect, it } from 'vitest';
import { shareCpu } from '../../../src/simulator/model/share.ts';

describe('sharing the CPU of a node', () => {
  it.each([
    {
      what: 'enough for all',
      overhead: 100,
      pods: [300, 200],
      shares: { overheadMilli: 100, podMilli: [300, 200] },
    },
    { what: 'exactly enough', overhead: 100, pods: [900], shares: { overheadMilli: 100, podMilli: [900] } },
    {
      what: 'too little: in proportion',
      overhead: 100,
      pods: [900, 900],
      shares: { overheadMilli: 100, podMilli: [450, 450] },
    },
    {
      what: 'the system takes all',
      overhead: 1200,
      pods: [500],
      shares: { overheadMilli: 1000, podMilli: [0] },
    },
    { what: 'no pods', overhead: 50, pods: [], shares: { overheadMilli: 50, podMilli: [] } },
  ])('$what', ({ overhead, pods, shares }) => {
    expect(shareCpu(1000, overhead, pods)).toEqual(shares);
  });
});
