import { afterEach, describe, expect, it, vi } from 'vitest';
import { askFilter } from '../../src/picture/ask.ts';
import type { Picture } from '../../src/picture/picture.ts';
import { podSeen } from '../../src/picture/pods.ts';
import { MAX_UNSEEN } from '../../src/picture/unseen.ts';
import { createPatience } from '../../src/server/patience.ts';
import { NOW_MS, podRecord } from '../builders.ts';
import { namesArgs, podObject, scene } from '../extender/scene.ts';

const ABOUT_WEB = Buffer.from(namesArgs(undefined, podObject('web-1')));

function doubting(): Picture {
  const made = scene();
  const annotations = { 'spillway.dev/cpu-estimate': '1m' };
  for (let index = 0; index < MAX_UNSEEN; index += 1) {
    askFilter(made, podRecord(`fake-${index}`, { annotations }), ['edge-1'], NOW_MS);
  }
  return made;
}

/** How long a question waits, in steps of a millisecond. */
function waitedMs(
  picture: Picture,
  body: Uint8Array,
  eachMs: (ms: number) => void = () => undefined,
): number {
  vi.useFakeTimers();
  let done = false;
  createPatience(picture)(body, () => {
    done = true;
  });
  let ms = 0;
  for (; !done && ms < 10_000; ms += 1) {
    eachMs(ms);
    vi.advanceTimersByTime(1);
  }
  return ms;
}

afterEach(() => vi.useRealTimers());

describe('a question about a pod that the watch has not shown', () => {
  it('is answered at once while such pods are believed', () => {
    expect(waitedMs(scene(), ABOUT_WEB)).toBe(0);
  });

  it('waits for the watch while they are not', () => {
    const made = doubting();
    const show = (ms: number) => {
      if (ms === 20) podSeen(made, podRecord('web-1'), NOW_MS);
    };
    expect(waitedMs(made, ABOUT_WEB, show)).toBe(25);
  });

  it('waits no longer than a moment', () => {
    expect(waitedMs(doubting(), ABOUT_WEB)).toBe(150);
  });

  it.each([
    ['about a pod that it has shown', ABOUT_WEB],
    ['that cannot be read', Buffer.from('{')],
    ['about no pod', Buffer.from('{"Pod":null}')],
  ])('does not wait: %s', (_what, body) => {
    const made = doubting();
    podSeen(made, podRecord('web-1'), NOW_MS);
    expect(waitedMs(made, body)).toBe(0);
  });

  it('is one of a few that wait', () => {
    vi.useFakeTimers();
    const patience = createPatience(doubting());
    const answered: number[] = [];
    // 64 KiB each, of 16 MiB.
    for (let index = 0; index < 257; index += 1) patience(ABOUT_WEB, () => answered.push(index));
    expect(answered).toEqual([256]);
  });
});
