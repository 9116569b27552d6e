import { describe, expect, it } from 'vitest';
import { createRandom } from '../../../src/simulator/engine/random.ts';
import { attempt } from '../../../src/simulator/scheduler/cycle.ts';
import type { Extender } from '../../../src/simulator/scheduler/extender.ts';
import { createNodeInfo } from '../../../src/simulator/scheduler/books.ts';
import { simNode, simPod } from '../model/pods.ts';

const NAMES = ['node-1', 'node-2', 'node-3'];

interface Asked {
  readonly filter: (readonly string[])[];
  readonly prioritize: (readonly string[])[];
}

function extender(
  keep: (names: readonly string[]) => readonly string[],
  scores: Readonly<Record<string, number>> = {},
): { readonly extender: Extender; readonly asked: Asked } {
  const asked: Asked = { filter: [], prioritize: [] };
  return {
    asked,
    extender: {
      filter: (_pod, names) => {
        asked.filter.push(names);
        const kept = keep(names);
        const refusals = kept.length > 0 ? {} : Object.fromEntries(names.map((name) => [name, 'no room']));
        return { names: kept, refusals };
      },
      prioritize: (_pod, names) => {
        asked.prioritize.push(names);
        return new Map(Object.entries(scores));
      },
    },
  };
}

function attemptWith(used: Extender | undefined, seed = 1, pod = simPod('new')) {
  const infos = NAMES.map((name) => createNodeInfo(simNode(name)));
  return attempt(pod, infos, { extender: used, extenderWeight: 20, random: createRandom(seed, 'test') });
}

describe('a scheduling cycle', () => {
  it('does not ask for scores when the extender leaves one node (2000 of 2000 pods of the real one)', () => {
    const { extender: used, asked } = extender(() => ['node-2']);
    expect(attemptWith(used)).toMatchObject({
      result: 'assumed',
      info: { node: { name: 'node-2' } },
      scores: [],
    });
    expect(asked).toEqual({ filter: [NAMES], prioritize: [] });
  });

  it('adds the extender’s scores, times its weight and 10, to those of the plugins', () => {
    const { extender: used, asked } = extender((names) => names, { 'node-1': 3, 'node-3': 10 });
    const outcome = attemptWith(used);
    expect(asked.prioritize).toEqual([NAMES]);
    const inTree = attemptWith(undefined);
    const total = inTree.result === 'assumed' ? (inTree.scores[0]?.total ?? 0) : 0;
    expect(outcome).toMatchObject({
      info: { node: { name: 'node-3' } },
      scores: [{ total: total + 600 }, { total }, { total: total + 2000 }],
    });
  });

  it('breaks ties at random, by the seed', () => {
    const chosen = Array.from({ length: 60 }, (_, seed) => {
      const outcome = attemptWith(undefined, seed);
      return outcome.result === 'assumed' ? outcome.info.node.name : '';
    });
    expect(new Set(chosen)).toEqual(new Set(NAMES));
    const again = attemptWith(undefined, 7);
    expect(attemptWith(undefined, 7)).toEqual(again);
  });

  it('does not ask the extender when no node passes the plugins', () => {
    const { extender: used, asked } = extender((names) => names);
    const large = simPod('new', { requests: { cpuMilli: 9000, memoryBytes: 0 } });
    expect(attemptWith(used, 1, large)).toEqual({
      result: 'unschedulable',
      reasons: new Map([['Insufficient cpu', 3]]),
      byExtender: false,
    });
    expect(asked.filter).toEqual([]);
  });

  it('counts equal reasons of the extender together', () => {
    const { extender: used } = extender(() => []);
    expect(attemptWith(used)).toEqual({
      result: 'unschedulable',
      reasons: new Map([['no room', 3]]),
      byExtender: true,
    });
  });
});
