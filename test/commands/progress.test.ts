import { describe, expect, it } from 'vitest';
import { createProgress } from '../../src/commands/progress.ts';

function progressOf(watched: boolean) {
  const texts: string[] = [];
  const clock = { nowMs: 0 };
  const progress = createProgress({ err: (text) => texts.push(text), watched }, 100_000, () => clock.nowMs);
  return { texts, clock, progress };
}

describe('progress', () => {
  it('of a short run is not shown', () => {
    const { texts, clock, progress } = progressOf(true);
    clock.nowMs = 499;
    progress.reached(50_000);
    progress.clear();
    expect(texts).toEqual([]);
  });

  it('is shown now and then, and taken away', () => {
    const { texts, clock, progress } = progressOf(true);
    for (const [nowMs, reachedMs] of [
      [500, -15_000],
      [600, 30_000],
      [700, 55_900],
    ] as const) {
      clock.nowMs = nowMs;
      progress.reached(reachedMs);
    }
    progress.clear();
    expect(texts).toEqual([
      '\r0 % of 100 s of virtual time',
      '\r55 % of 100 s of virtual time',
      '\r\u001b[K',
    ]);
  });

  it('is not shown where nobody looks', () => {
    const { texts, clock, progress } = progressOf(false);
    clock.nowMs = 10_000;
    progress.reached(50_000);
    progress.clear();
    expect(texts).toEqual([]);
  });
});
