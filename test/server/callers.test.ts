import { describe, expect, it } from 'vitest';
import { createCallers } from '../../src/server/callers.ts';

const A = '10.0.0.1';
const B = '10.0.0.2';
const MINUTE_MS = 60_000;

describe('who asks in turn', () => {
  it.each<[string, readonly (readonly [string, number])[], number, readonly string[]]>([
    [
      'one scheduler',
      [
        [A, 0],
        [A, 1000],
      ],
      1000,
      [],
    ],
    [
      'a new leader',
      [
        [A, 0],
        [B, 1000],
        [B, 2000],
      ],
      2000,
      [],
    ],
    [
      'a leader that comes back after a while',
      [
        [A, 0],
        [B, 1],
        [A, 1 + MINUTE_MS],
      ],
      1 + MINUTE_MS,
      [],
    ],
    [
      'two at a time',
      [
        [A, 0],
        [B, 1],
        [A, 2],
      ],
      2,
      [A, B],
    ],
    [
      'two at a time, a while ago',
      [
        [A, 0],
        [B, 1],
        [A, 2],
      ],
      3 + MINUTE_MS,
      [],
    ],
    [
      'two at a time, one of them silent since',
      [
        [A, 0],
        [B, 1],
        [A, 2],
        [A, 2 + MINUTE_MS],
      ],
      2 + MINUTE_MS,
      [A],
    ],
  ])('%s', (_who, calls, nowMs, expected) => {
    const callers = createCallers();
    for (const [address, atMs] of calls) callers.called(address, atMs);
    callers.called(undefined, nowMs);
    expect(callers.inTurn(nowMs)).toEqual(expected);
  });

  it('forgets the oldest of many addresses', () => {
    const callers = createCallers();
    for (let round = 0; round < 2; round += 1) {
      for (let host = 0; host < 1000; host += 1) callers.called(`10.0.1.${host}`, 1);
    }
    expect(callers.inTurn(1)).toEqual([]);
  });
});
