import { describe, expect, it } from 'vitest';
import { userSteps } from '../../../src/simulator/load/stages.ts';
import { clockMs } from '../../../src/simulator/model/world.ts';
import type { LoadOf } from '../../../src/trace/load.ts';

type Stage = LoadOf<'virtualUsers'>['stages'][number];

function stepsOf(startUsers: number, stages: readonly Stage[], start = 0) {
  const load = { start, startUsers, stages: [...stages] } as LoadOf<'virtualUsers'>;
  return userSteps(load).map(({ atMs, users }) => [atMs - clockMs(0), users]);
}

// lib/executor/ramping_vus.go, getRawExecutionSteps, and ramping_vus_test.go.
describe('the stages of virtual users, as k6 has them', () => {
  it.each<{ what: string; startUsers: number; stages: readonly Stage[]; steps: number[][] }>([
    {
      what: 'go up when the line comes to a whole user',
      startUsers: 0,
      stages: [{ duration: 4000, target: 4 }],
      steps: [
        [1000, 1],
        [2000, 2],
        [3000, 3],
        [4000, 0],
      ],
    },
    {
      what: 'go down when the line comes to one user less',
      startUsers: 3,
      stages: [{ duration: 3000, target: 0 }],
      steps: [
        [0, 3],
        [1000, 2],
        [2000, 1],
        [3000, 0],
      ],
    },
    {
      what: 'jump in a stage without duration',
      startUsers: 5,
      stages: [
        { duration: 1000, target: 5 },
        { duration: 0, target: 3 },
        { duration: 1000, target: 3 },
      ],
      steps: [
        [0, 5],
        [1000, 3],
        [2000, 0],
      ],
    },
    {
      what: 'hold, and all leave after the last stage',
      startUsers: 1,
      stages: [
        { duration: 1000, target: 2 },
        { duration: 5000, target: 2 },
      ],
      steps: [
        [0, 1],
        [1000, 2],
        [6000, 0],
      ],
    },
    {
      what: 'turn around',
      startUsers: 0,
      stages: [
        { duration: 2000, target: 2 },
        { duration: 2000, target: 0 },
      ],
      steps: [
        [1000, 1],
        [2000, 2],
        [3000, 1],
        [4000, 0],
      ],
    },
  ])('$what', ({ startUsers, stages, steps }) => {
    expect(stepsOf(startUsers, stages)).toEqual(steps);
  });

  it('of the thesis: from one user to twenty in two minutes, a minute of them', () => {
    const steps = stepsOf(
      1,
      [
        { duration: 120_000, target: 20 },
        { duration: 60_000, target: 20 },
      ],
      60_000,
    );
    expect(steps).toHaveLength(21);
    expect(steps[0]).toEqual([60_000, 1]);
    expect(steps[1]).toEqual([expect.closeTo(60_000 + 120_000 / 19), 2]);
    expect(steps.slice(-2)).toEqual([
      [180_000, 20],
      [240_000, 0],
    ]);
  });
});
