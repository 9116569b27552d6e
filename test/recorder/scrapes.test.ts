import { describe, expect, it } from 'vitest';
import { createRecording, nodeSeen } from '../../src/recorder/recording.ts';
import { at, type Look, node, recorded, see } from './scene.ts';

function metricsServerWith(looks: readonly Look[]) {
  const recording = createRecording();
  for (const name of ['edge-1', 'cloud-1']) nodeSeen(recording, node(name), at(-60));
  for (const look of looks) see(recording, look);
  return recorded(recording).document['metricsServer'];
}

const every = (seconds: number, first: number, count: number): readonly Look[] =>
  Array.from({ length: count }, (_, index) => ({ at: first + index * seconds }));

describe("metrics-server's beat", () => {
  it.each([
    {
      what: 'from 15 s to 15 s',
      looks: every(15, 4, 4),
      expected: { resolution: '15s', phase: '4s', delay: '1s' },
    },
    {
      what: 'a scrape that is early or late',
      looks: [4, 19, 33, 49].map((end) => ({ at: end })),
      expected: { resolution: '15s', phase: '4s' },
    },
    {
      what: 'a scrape that was not seen',
      looks: [4, 14, 34, 44].map((end) => ({ at: end })),
      expected: { resolution: '10s' },
    },
    {
      what: 'only scrapes from before the start',
      looks: every(15, -20, 2),
      expected: { resolution: '15s', phase: '10s' },
    },
    {
      what: 'one scrape: its window',
      looks: [{ at: 7, windowSeconds: 60 }],
      expected: { resolution: '60s', phase: '7s' },
    },
    {
      what: 'the least of the delays',
      looks: [
        { at: 5, seen: 7.5 },
        { at: 20, seen: 20.8 },
        { at: 35, seen: 38 },
      ],
      expected: { delay: '800ms' },
    },
    { what: 'a node whose clock is ahead', looks: [{ at: 5, seen: 3 }], expected: { delay: '0s' } },
  ])('$what', ({ looks, expected }) => {
    expect(metricsServerWith(looks)).toMatchObject(expected);
  });

  it('has the defaults when nothing was seen', () => {
    expect(metricsServerWith([])).toBeUndefined();
  });
});

describe('scrapes that failed', () => {
  const both = { 'edge-1': 1, 'cloud-1': 1 };
  const cloud = { 'cloud-1': 1 };
  const present = (pattern: string): readonly Look[] =>
    Array.from(pattern, (mark, index) => ({
      at: 5 + index * 10,
      windowSeconds: 10,
      nodes: mark === '+' ? both : cloud,
    }));

  it.each([
    { what: 'none', pattern: '++++', lost: undefined },
    { what: 'one: the node is away for two', pattern: '++--++', lost: [['20s', '30s']] },
    { what: 'two', pattern: '++---++', lost: [['20s', '40s']] },
    {
      what: 'twice one',
      pattern: '++--++--+',
      lost: [
        ['20s', '30s'],
        ['60s', '70s'],
      ],
    },
    { what: 'to the end', pattern: '+++--', lost: [['30s', '50s']] },
    { what: 'away for one only', pattern: '++-++', lost: [['20s', '30s']] },
    { what: 'not yet served at the start', pattern: '--+++', lost: undefined },
  ])('$what', ({ pattern, lost }) => {
    expect(metricsServerWith(present(pattern))).toEqual({
      resolution: '10s',
      phase: '5s',
      delay: '1s',
      ...(lost && { lost: lost.map(([from, to]) => ({ node: 'edge-1', from, to })) }),
    });
  });
});
