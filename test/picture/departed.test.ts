import { describe, expect, it } from 'vitest';
import { askFilter } from '../../src/picture/ask.ts';
import { nodeSeen } from '../../src/picture/nodes.ts';
import type { Picture } from '../../src/picture/picture.ts';
import { podGone, podSeen } from '../../src/picture/pods.ts';
import type { PodRecord } from '../../src/picture/records.ts';
import { sampleTaken } from '../../src/picture/samples.ts';
import { look, NOW_MS, nodeRecord, picture, podRecord, replicaRecord, WINDOW_MS } from '../builders.ts';

const LONG_AGO_MS = NOW_MS - 600_000;
const OWN = { annotations: { 'spillway.dev/load': 'own' } } as const;

type Happening = (on: Picture, atMs: number) => void;

function cluster(): Picture {
  const on = picture();
  for (const name of ['edge-1', 'edge-2']) nodeSeen(on, nodeRecord(name));
  return on;
}

/** Bound and ready for long. */
const running = (name: string, nodeName: string, over: Partial<PodRecord> = {}): PodRecord =>
  replicaRecord(name, { nodeName, startedAtMs: LONG_AGO_MS, readyAtMs: LONG_AGO_MS, ...over });

const forecastOf = (on: Picture, name: string) =>
  askFilter(on, podRecord('probe'), [name], on.nowMs).value.candidates[0]?.forecastMilli;

describe('pods that have left their node, and that metrics still list', () => {
  // A scrape that ended at NOW_MS, of two pods, and an event before it was looked at.
  const gone: Happening = (on, atMs) => podGone(on, 'uid-b', atMs);
  const leaves: Happening = (on, atMs) =>
    void podSeen(on, running('b', 'edge-1', { ...OWN, ended: true }), atMs);
  const made: Happening = (on, atMs) => {
    podGone(on, 'uid-b', atMs);
    podSeen(on, podRecord('b', { uid: 'uid-new', nodeName: 'edge-2', startedAtMs: atMs }), atMs);
  };
  it.each([
    { name: 'gone since the scrape', happens: gone, atMs: NOW_MS + 1000, forecastMilli: 2200 },
    { name: 'gone within its window', happens: gone, atMs: NOW_MS - 5000, forecastMilli: 2200 },
    { name: 'ended since the scrape', happens: leaves, atMs: NOW_MS + 1000, forecastMilli: 2200 },
    { name: 'made again elsewhere', happens: made, atMs: NOW_MS + 1000, forecastMilli: 2200 },
    {
      name: 'gone before its window: not this one',
      happens: gone,
      atMs: NOW_MS - 16_000,
      forecastMilli: 3000,
    },
    {
      name: 'no pod metrics, gone since',
      happens: gone,
      atMs: NOW_MS + 1000,
      pods: null,
      forecastMilli: 2200,
    },
    {
      name: 'no pod metrics, gone in it',
      happens: gone,
      atMs: NOW_MS - 5000,
      pods: null,
      forecastMilli: 3000,
    },
  ])('a pod that metrics still list is no overhead: $name', ({ happens, atMs, pods, forecastMilli }) => {
    const on = cluster();
    for (const name of ['a', 'b']) podSeen(on, running(name, 'edge-1', OWN), LONG_AGO_MS);
    const usage = { a: 2200, b: 800 };
    sampleTaken(on, look({ 'edge-1': 3000 }, usage, NOW_MS - WINDOW_MS), NOW_MS - WINDOW_MS);
    happens(on, atMs);
    sampleTaken(on, look({ 'edge-1': 3000 }, pods === null ? undefined : usage), NOW_MS + 2000);
    expect(forecastOf(on, 'edge-1')).toBe(forecastMilli);
  });

  it('a terminating replica that was measured does not count twice, its siblings carry its load', () => {
    const on = cluster();
    for (const name of ['a', 'b']) podSeen(on, running(name, 'edge-1'), LONG_AGO_MS);
    podSeen(on, running('b', 'edge-1', { terminating: true }), NOW_MS + 1000);
    sampleTaken(on, look({ 'edge-1': 2000 }, { a: 1000, b: 1000 }), NOW_MS + 2000);
    expect(forecastOf(on, 'edge-1')).toBe(2000);
  });

  it('are forgotten once no sample can list them any more', () => {
    const on = cluster();
    for (const [index, name] of ['a', 'b', 'c'].entries()) {
      podSeen(on, running(name, 'edge-1'), NOW_MS);
      podGone(on, `uid-${name}`, NOW_MS + index * 30_000);
    }
    expect(Array.from(on.departed.keys())).toEqual(['default/b', 'default/c']);
    sampleTaken(on, look({}, {}), NOW_MS + 80_000);
    expect(Array.from(on.departed.keys())).toEqual(['default/c']);
  });
});
