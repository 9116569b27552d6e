import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { PodCgroup } from '../../../src/simulator/model/cgroup.ts';
import { type Claim, shareCpu } from '../../../src/simulator/model/share.ts';

function claim(demandMilli: number, over: Partial<PodCgroup> = {}): Claim {
  const cgroup = { qos: 'burstable', requestMilli: 100, weight: 4, quotaMilli: Number.POSITIVE_INFINITY };
  return { demandMilli, cgroup: { ...cgroup, ...over } as PodCgroup };
}

const heavy: Partial<PodCgroup> = { requestMilli: 1000, weight: 39 };
const bestEffort: Partial<PodCgroup> = { qos: 'besteffort', requestMilli: 0, weight: 1 };
const guaranteed: Partial<PodCgroup> = { qos: 'guaranteed', ...heavy };

describe('sharing the CPU of a node with 1000m', () => {
  it.each([
    { what: 'enough for all', overhead: 100, claims: [claim(300), claim(200)], gets: [300, 200] },
    { what: 'exactly enough', overhead: 100, claims: [claim(900)], gets: [900] },
    { what: 'too little for equal ones', overhead: 100, claims: [claim(900), claim(950)], gets: [450, 450] },
    {
      what: 'too little, by weight',
      overhead: 140,
      claims: [claim(900), claim(900, heavy)],
      gets: [80, 780],
    },
    {
      what: 'what a modest one leaves over goes to the others',
      overhead: 0,
      claims: [claim(100, heavy), claim(900), claim(900)],
      gets: [100, 450, 450],
    },
    {
      what: 'a quota, though there is more',
      overhead: 0,
      claims: [claim(900, { quotaMilli: 250 })],
      gets: [250],
    },
    {
      what: 'what a quota leaves over goes to the others',
      overhead: 0,
      claims: [claim(900, { ...heavy, quotaMilli: 200 }), claim(900)],
      gets: [200, 800],
    },
    {
      what: 'best-effort pods weigh together what one does: 1 beside 4',
      overhead: 0,
      claims: [claim(900), claim(900, bestEffort), claim(900, bestEffort)],
      gets: [800, 100, 100],
    },
    {
      what: 'a guaranteed pod beside the class of the burstable: 39 beside 58',
      overhead: 30,
      claims: [claim(900, guaranteed), claim(900, { requestMilli: 1400 }), claim(900, { requestMilli: 86 })],
      gets: [390, 290, 290],
    },
    {
      what: 'an idle pod weighs in its class',
      overhead: 30,
      claims: [claim(990, guaranteed), claim(990, heavy), claim(0, { requestMilli: 486 })],
      gets: [390, 580, 0],
    },
    { what: 'the system takes all', overhead: 1200, claims: [claim(500)], gets: [0] },
    { what: 'no pods', overhead: 50, claims: [], gets: [] },
  ])('$what', ({ overhead, claims, gets }) => {
    const { overheadMilli, podMilli } = shareCpu(1000, overhead, claims);
    expect(overheadMilli).toBe(Math.min(1000, overhead));
    expect(podMilli).toEqual(gets.map((milli) => expect.closeTo(milli, 6)));
  });
});

const claims: fc.Arbitrary<readonly Claim[]> = fc.array(
  fc
    .record({
      demandMilli: fc.integer({ min: 0, max: 3000 }),
      qos: fc.constantFrom<PodCgroup['qos']>('guaranteed', 'burstable', 'besteffort'),
      weight: fc.integer({ min: 1, max: 200 }),
      quotaMilli: fc.constantFrom(50, 400, Number.POSITIVE_INFINITY),
    })
    .map(({ demandMilli, qos, weight, quotaMilli }) =>
      qos === 'besteffort'
        ? claim(demandMilli, { ...bestEffort, quotaMilli })
        : claim(demandMilli, { qos, weight, requestMilli: weight * 26, quotaMilli }),
    ),
  { maxLength: 12 },
);
const nodes = fc.record({
  capacity: fc.integer({ min: 100, max: 4000 }),
  overhead: fc.integer({ min: 0, max: 500 }),
  claims,
});
const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);
const wanted = ({ demandMilli, cgroup }: Claim) => Math.min(demandMilli, cgroup.quotaMilli);

describe('however a node is shared', () => {
  it('nobody gets more than it asks for, than its quota, or than there is', () =>
    fc.assert(
      fc.property(nodes, ({ capacity, overhead, claims: asked }) => {
        const { overheadMilli, podMilli } = shareCpu(capacity, overhead, asked);
        podMilli.forEach((milli, index) => {
          const one = asked[index];
          expect(milli).toBeGreaterThanOrEqual(0);
          expect(milli).toBeLessThanOrEqual(one === undefined ? 0 : wanted(one));
        });
        expect(overheadMilli + sum(podMilli)).toBeLessThanOrEqual(capacity + 1e-6);
      }),
    ));

  it('nothing is left over while somebody could use it', () =>
    fc.assert(
      fc.property(nodes, ({ capacity, overhead, claims: asked }) => {
        const { overheadMilli, podMilli } = shareCpu(capacity, overhead, asked);
        const used = Math.min(capacity - overheadMilli, sum(asked.map(wanted)));
        expect(sum(podMilli)).toBeCloseTo(used, 6);
      }),
    ));

  it('pods of a class that want more have got as much as each other by weight, and others no more', () =>
    fc.assert(
      fc.property(nodes, ({ capacity, overhead, claims: asked }) => {
        const { podMilli } = shareCpu(capacity, overhead, asked);
        const rows = asked.map((one, index) => ({ ...one, milli: podMilli[index] ?? 0 }));
        for (const hungry of rows.filter((row) => row.milli < wanted(row) - 1e-6)) {
          for (const other of rows.filter(({ cgroup }) => cgroup.qos === hungry.cgroup.qos)) {
            const levels = [other.milli / other.cgroup.weight, hungry.milli / hungry.cgroup.weight] as const;
            expect(levels[0]).toBeLessThanOrEqual(levels[1] + 1e-6);
          }
        }
      }),
    ));
});
