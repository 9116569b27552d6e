import { describe, expect, it } from 'vitest';
import { askFilter } from '../../src/picture/ask.ts';
import { nodeSeen } from '../../src/picture/nodes.ts';
import type { Picture, ReservationOutcome } from '../../src/picture/picture.ts';
import { podGone, podSeen } from '../../src/picture/pods.ts';
import { countReservations } from '../../src/picture/reservations.ts';
import { sampleTaken } from '../../src/picture/samples.ts';
import { look, NOW_MS, nodeRecord, picture, podRecord } from '../builders.ts';

const NAMES = ['edge-1', 'cloud-1'];
const HOUR_MS = 3_600_000;

/** A picture on a wall clock that may be set, beside one that may not. */
function onClocks(outcomes: ReservationOutcome[] = []) {
  const clock = { wallMs: NOW_MS, steadyMs: 5000 };
  const on = picture({}, { reservationEnded: (outcome) => outcomes.push(outcome) }, () => clock.steadyMs);
  for (const name of NAMES) nodeSeen(on, nodeRecord(name));
  sampleTaken(on, look({ 'edge-1': 500, 'cloud-1': 0 }, {}), NOW_MS);
  podSeen(on, podRecord('web'), NOW_MS);
  askFilter(on, podRecord('web'), NAMES, NOW_MS);
  const pass = (ms: number, setByMs = 0) => {
    clock.steadyMs += ms;
    clock.wallMs += ms + setByMs;
  };
  return { on, clock, pass };
}

function ask(on: Picture, name: string, nowMs: number) {
  return askFilter(on, podRecord(name), NAMES, nowMs).value.candidates[0];
}

describe.each([
  ['forward', HOUR_MS],
  ['back', -HOUR_MS],
])('a clock that is set %s by an hour', (_way, setByMs) => {
  it('ends no reservation, and prolongs none', () => {
    const outcomes: ReservationOutcome[] = [];
    const { on, clock, pass } = onClocks(outcomes);
    pass(20_000, setByMs);
    expect(ask(on, 'other', clock.wallMs)).toMatchObject({ forecastMilli: 800 });
    pass(10_001);
    podGone(on, 'nobody', clock.wallMs);
    expect([outcomes, countReservations(on)]).toEqual([['expired', 'expired'], 0]);
  });

  it('makes no metrics old: they age by the time that passes', () => {
    const { on, clock, pass } = onClocks();
    pass(20_000, setByMs);
    expect(ask(on, 'a', clock.wallMs)).toMatchObject({ freshness: 'fresh' });
    pass(30_000);
    expect(ask(on, 'b', clock.wallMs)).toMatchObject({ freshness: 'ageing' });
    pass(150_000);
    expect(ask(on, 'c', clock.wallMs)).toMatchObject({ freshness: 'unknown' });
  });
});

it('a clock that is slewed, or read a moment later, moves nothing', () => {
  const { on, clock, pass } = onClocks();
  pass(1000, 400);
  ask(on, 'a', clock.wallMs);
  expect(on.nodes.get('edge-1')?.metrics?.advancedAtMs).toBe(NOW_MS);
});
