import { describe, expect, test } from 'vitest';
import { advance, podSeen } from '../../src/rehearsal/shadow.ts';
import { changeState, silenceEventOf } from '../../src/rehearsal/silence.ts';
import { createUsageBook, meansSinceScrape } from '../../src/rehearsal/usage.ts';
import type { SimNode } from '../../src/simulator/model/world.ts';
import type { TraceEvent } from '../../src/trace/events.ts';
import { WORKLOAD } from '../simulator/traces.ts';
import { podOf, readyOn, shadowOf } from './scene.ts';

test.each<{ event: TraceEvent; state: SimNode['state'] | undefined }>([
  { event: { at: 0, lose: 'edge-1' }, state: 'lost' },
  { event: { at: 0, disconnect: 'edge-1' }, state: 'disconnected' },
  { event: { at: 0, recover: 'edge-1' }, state: 'up' },
  { event: { at: 0, reconnect: 'edge-1' }, state: 'up' },
  { event: { at: 0, cordon: 'edge-1' }, state: undefined },
])('$event makes a node $state', ({ event, state }) => {
  expect(silenceEventOf(event)?.state).toBe(state);
});

describe('a node that falls silent', () => {
  const curve = { points: [{ at: '0s', cpu: '100m' }] };
  test.each<{ state: SimNode['state']; type: string; milli: number }>([
    { state: 'lost', type: 'recordedCpu', milli: 0 },
    { state: 'lost', type: 'demand', milli: 0 },
    // Its pods go on with what is their own; nobody can ask them for anything.
    { state: 'disconnected', type: 'recordedCpu', milli: 100 },
    { state: 'disconnected', type: 'demand', milli: 0 },
    { state: 'up', type: 'demand', milli: 100 },
  ])('$state: of a $type its pod uses $milli m', async ({ state, type, milli }) => {
    const shadow = await shadowOf({ load: [{ type, deployment: WORKLOAD, ...curve }] });
    readyOn(shadow, 'edge-1', 'p');
    changeState(shadow, { node: 'edge-1', state, what: '' });
    const node = shadow.world.nodes.get('edge-1');
    if (node === undefined) throw new Error('no edge-1');
    const book = createUsageBook();
    meansSinceScrape(shadow, book, node);
    advance(shadow, 10_000);
    expect(meansSinceScrape(shadow, book, node).get('p')).toBeCloseTo(milli);
  });

  test('leaves it to the cluster to say when its pods are no longer ready', async () => {
    const shadow = await shadowOf();
    readyOn(shadow, 'edge-1', 'p');
    changeState(shadow, { node: 'edge-1', state: 'lost', what: '' });
    advance(shadow, 100_000);
    expect(shadow.pods.get('p')?.readyAtMs).toBeDefined();
    podSeen(shadow, podOf('p', { node: 'edge-1' }));
    expect(shadow.pods.get('p')?.readyAtMs).toBeUndefined();
  });

  test.each<{ from: SimNode['state']; to: SimNode['state']; changes: boolean }>([
    { from: 'up', to: 'up', changes: false },
    { from: 'disconnected', to: 'lost', changes: true },
    { from: 'lost', to: 'disconnected', changes: false },
    { from: 'lost', to: 'up', changes: true },
  ])('$from, then $to: changes $changes', async ({ from, to, changes }) => {
    const shadow = await shadowOf();
    changeState(shadow, { node: 'edge-1', state: from, what: '' });
    expect(changeState(shadow, { node: 'edge-1', state: to, what: '' })).toBe(changes);
    expect(changeState(shadow, { node: 'left', state: to, what: '' })).toBe(false);
  });
});
