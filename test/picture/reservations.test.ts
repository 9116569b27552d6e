import { describe, expect, it } from 'vitest';
import { askFilter, askPreempt, askPrioritize } from '../../src/picture/ask.ts';
import { nodeGone, nodeSeen } from '../../src/picture/nodes.ts';
import type { Picture, ReservationOutcome } from '../../src/picture/picture.ts';
import { podGone, podSeen } from '../../src/picture/pods.ts';
import { sampleTaken } from '../../src/picture/samples.ts';
import { look, NOW_MS, nodeRecord, picture, podRecord, SETTINGS } from '../builders.ts';

type Step = (on: Picture) => void;

const NAMES = ['edge-1', 'edge-2', 'cloud-1'];
const CLOUDS = ['cloud-1', 'cloud-2'];
const LATER_MS = NOW_MS + 30_001;

/** Of a pod that the watch has shown. */
const filter =
  (name = 'web', atMs = NOW_MS): Step =>
  (on) => {
    if (!on.pods.has(`uid-${name}`)) podSeen(on, podRecord(name), atMs);
    askFilter(on, podRecord(name), NAMES, atMs);
  };
const filterAmong =
  (names: readonly string[]): Step =>
  (on) =>
    void askFilter(on, podRecord('web'), names, NOW_MS);
const watched =
  (over = {}, atMs = NOW_MS): Step =>
  (on) =>
    void podSeen(on, podRecord('web', over), atMs);
const boundTo = (nodeName: string, atMs = NOW_MS): Step => watched({ nodeName }, atMs);
const deleted: Step = (on) => podGone(on, 'uid-web', NOW_MS);
const othersFilter: Step = filter('other', LATER_MS);

interface Case {
  readonly name: string;
  readonly steps: readonly Step[];
  readonly open: readonly string[];
  readonly outcomes: readonly ReservationOutcome[];
  /** Pods counted on edge-1 and edge-2 in the end. */
  readonly counted: readonly [readonly string[], readonly string[]];
}

const cases: readonly Case[] = [
  {
    name: 'bound, then not bound any more, as after a restored etcd: counts nowhere',
    steps: [boundTo('edge-2'), watched()],
    open: [],
    outcomes: [],
    counted: [[], []],
  },
  {
    name: 'bound, then not bound any more, then filter: a reservation, as for any pod',
    steps: [boundTo('edge-2'), watched(), filter()],
    open: ['web'],
    outcomes: [],
    counted: [['web'], []],
  },
  {
    name: 'bound, not bound any more, filter, bound: confirmed',
    steps: [boundTo('edge-2'), watched(), filter(), boundTo('edge-1')],
    open: [],
    outcomes: ['confirmed'],
    counted: [['web'], []],
  },
  { name: 'filter', steps: [filter()], open: ['web'], outcomes: [], counted: [['web'], []] },
  {
    name: 'filter twice: replaced, and counted once',
    steps: [filter(), filter()],
    open: ['web'],
    outcomes: ['replaced'],
    counted: [['web'], []],
  },
  {
    name: 'filter twice, the first node is gone in between',
    steps: [filter(), (on) => nodeGone(on, 'edge-1'), filter()],
    open: ['web'],
    outcomes: ['released'],
    counted: [[], ['web']],
  },
  {
    name: 'the watch shows the pod again, pending still: the reservation stays',
    steps: [filter(), watched()],
    open: ['web'],
    outcomes: [],
    counted: [['web'], []],
  },
  {
    name: 'the watch shows the pod before it is asked about',
    steps: [watched(), filter()],
    open: ['web'],
    outcomes: [],
    counted: [['web'], []],
  },
  {
    name: 'bound where reserved',
    steps: [filter(), boundTo('edge-1')],
    open: [],
    outcomes: ['confirmed'],
    counted: [['web'], []],
  },
  {
    name: 'bound where reserved, and shown again: counted once',
    steps: [filter(), boundTo('edge-1'), boundTo('edge-1')],
    open: [],
    outcomes: ['confirmed'],
    counted: [['web'], []],
  },
  {
    name: 'bound elsewhere',
    steps: [filter(), boundTo('edge-2')],
    open: [],
    outcomes: ['moved'],
    counted: [[], ['web']],
  },
  {
    name: 'the watch shows it bound before the answer is made',
    steps: [boundTo('edge-2'), filter()],
    open: [],
    outcomes: [],
    counted: [[], ['web']],
  },
  {
    name: 'deleted before it is bound',
    steps: [filter(), watched(), deleted],
    open: [],
    outcomes: ['released'],
    counted: [[], []],
  },
  {
    name: 'ended before it is bound',
    steps: [filter(), watched({ ended: true })],
    open: [],
    outcomes: ['released'],
    counted: [[], []],
  },
  {
    name: 'expired: found out at the next question',
    steps: [filter(), watched(), othersFilter],
    open: ['other'],
    outcomes: ['expired'],
    counted: [['other'], []],
  },
  {
    name: 'expired: found out at the next sample, when no question comes',
    steps: [filter(), watched(), (on) => sampleTaken(on, look({ 'edge-1': 500 }, {}, LATER_MS), LATER_MS)],
    open: [],
    outcomes: ['expired'],
    counted: [[], []],
  },
  {
    name: 'expired, then bound after all',
    steps: [filter(), watched(), boundTo('edge-1', LATER_MS), othersFilter],
    open: ['other'],
    outcomes: ['expired'],
    counted: [['other', 'web'], []],
  },
  {
    name: 'the same pod is asked about after its reservation expired',
    steps: [filter(), filter('web', LATER_MS)],
    open: ['web'],
    outcomes: ['expired'],
    counted: [['web'], []],
  },
  {
    name: 'expired and asked about again, then bound: counted once',
    steps: [filter(), filter('web', LATER_MS), boundTo('edge-1', LATER_MS)],
    open: [],
    outcomes: ['expired', 'confirmed'],
    counted: [['web'], []],
  },
  {
    name: 'asked about again, when nothing fits any more: released',
    steps: [filter(), watched(), filterAmong([])],
    open: [],
    outcomes: ['released'],
    counted: [[], []],
  },
  {
    name: 'asked about again, when several cloud nodes are left to the scheduler: replaced',
    steps: [filter(), watched(), (on) => nodeSeen(on, nodeRecord('cloud-2')), filterAmong(CLOUDS)],
    open: [],
    outcomes: ['replaced'],
    counted: [[], []],
  },
  {
    name: 'preemption is asked about: nothing fitted, so it is released',
    steps: [filter(), watched(), (on) => void askPreempt(on, podRecord('web'), new Map(), NOW_MS)],
    open: [],
    outcomes: ['released'],
    counted: [[], []],
  },
  {
    name: 'restart: the API shows bound pods, none is taken for a new one',
    steps: [boundTo('edge-1'), boundTo('edge-1'), filter('other')],
    open: ['other'],
    outcomes: [],
    counted: [['other', 'web'], []],
  },
];

function start(outcomes: ReservationOutcome[] = [], over = {}): Picture {
  const on = picture(over, { reservationEnded: (outcome) => outcomes.push(outcome) });
  for (const name of NAMES) nodeSeen(on, nodeRecord(name));
  sampleTaken(on, look({ 'edge-1': 500, 'edge-2': 0, 'cloud-1': 0 }, {}), NOW_MS);
  return on;
}

const openPods = (on: Picture) => Array.from(on.reservations.values(), ({ pod }) => pod.name).sort();
const podsOn = (on: Picture, name: string) =>
  Array.from(on.nodes.get(name)?.pods ?? [], (pod) => pod.name).sort();

describe('what happens to a reservation', () => {
  it.each(cases)('$name', ({ steps, open, outcomes, counted }) => {
    const seen: ReservationOutcome[] = [];
    const on = start(seen);
    for (const step of steps) step(on);
    expect(openPods(on)).toEqual(open);
    expect(seen).toEqual(outcomes);
    expect([podsOn(on, 'edge-1'), podsOn(on, 'edge-2')]).toEqual(counted);
  });

  it('more than are allowed push out the oldest', () => {
    const seen: ReservationOutcome[] = [];
    const on = start(seen, { reservations: { ttlMs: 30_000, maxOpen: 2 } });
    for (const name of ['a', 'b', 'c']) filter(name)(on);
    expect(openPods(on)).toEqual(['b', 'c']);
    expect(seen).toEqual(['evicted']);
  });

  it('the next pod is judged with the reservation counted, a thousandth of a second later', () => {
    const on = start();
    const forecasts = ['a', 'b', 'c'].map((name, index) => {
      const { value } = askFilter(on, podRecord(name), NAMES, NOW_MS + index);
      return value.candidates.find(({ node }) => node === 'edge-1')?.forecastMilli;
    });
    expect(forecasts).toEqual([500, 800, 1100]);
  });

  it('a retry finds the place that was reserved, and nobody else does', () => {
    const on = start();
    sampleTaken(on, look({ 'edge-1': 2900, 'edge-2': 3200 }, {}, NOW_MS + 1), NOW_MS + 1);
    const nodesFor = (name: string) => askFilter(on, podRecord(name), NAMES, NOW_MS + 2).value.nodes;
    expect(nodesFor('web')).toEqual(['edge-1']);
    expect(nodesFor('other')).toEqual(['cloud-1']);
    expect(nodesFor('web')).toEqual(['edge-1']);
    expect(nodesFor('third')).toEqual(['cloud-1']);
  });

  it('prioritize reserves for the highest-ranked, since filter left several', () => {
    const on = start([], { placement: { ...SETTINGS, edgeCandidates: 'all' } });
    const { value: decision } = askFilter(on, podRecord('web'), NAMES, NOW_MS);
    expect(decision.nodes).toEqual(['edge-1', 'edge-2']);
    expect(openPods(on)).toEqual([]);
    const { value: ranking } = askPrioritize(on, podRecord('web'), decision.nodes, NOW_MS);
    expect(ranking.first).toBe('edge-1');
    expect(podsOn(on, 'edge-1')).toEqual(['web']);
  });

  it.each(['cloud-first', 'edge-first'])('prioritize reserves, whatever a pod prefers: %s', (placement) => {
    const on = start([], { placement: { ...SETTINGS, edgeCandidates: 'all' } });
    const annotations = { 'spillway.dev/placement': placement, 'spillway.dev/cpu-estimate': '300m' };
    const ask = podRecord('web', { annotations });
    const { value: decision } = askFilter(on, ask, ['edge-1', 'edge-2'], NOW_MS);
    expect(decision.nodes).toEqual(['edge-1', 'edge-2']);
    askPrioritize(on, ask, decision.nodes, NOW_MS);
    expect(podsOn(on, 'edge-1')).toEqual(['web']);
  });

  it('prioritize reserves for the roomiest, when a sample since filter shut every gate', () => {
    const on = start([], { placement: { ...SETTINGS, edgeCandidates: 'all' } });
    askFilter(on, podRecord('web'), NAMES, NOW_MS);
    sampleTaken(on, look({ 'edge-1': 3700, 'edge-2': 3300 }, {}, NOW_MS + 1), NOW_MS + 1);
    askPrioritize(on, podRecord('web'), ['edge-1', 'edge-2'], NOW_MS + 1);
    expect(podsOn(on, 'edge-2')).toEqual(['web']);
  });
});
