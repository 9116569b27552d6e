import { describe, expect, it } from 'vitest';
import { createRandom } from '../../../src/simulator/engine/random.ts';
import { attempt, type CycleSettings } from '../../../src/simulator/scheduler/cycle.ts';
import type { Extender, FilterAnswer } from '../../../src/simulator/scheduler/extender.ts';
import { defaultProfile } from '../../../src/simulator/scheduler/profile.ts';
import { cycleOf, nodeInfo, podInfo, requesting } from './builders.ts';

const NAMES = ['node-1', 'node-2', 'node-3'];

interface Asked {
  readonly filter: (readonly string[])[];
  readonly prioritize: (readonly string[])[];
}

type Answers = (names: readonly string[]) => Partial<FilterAnswer>;

function extender(
  answers: Answers,
  scores: Readonly<Record<string, number>> = {},
  isUp = true,
): { readonly extender: Extender; readonly asked: Asked } {
  const asked: Asked = { filter: [], prioritize: [] };
  return {
    asked,
    extender: {
      available: () => isUp,
      filter: (podText, names) => {
        expect(podText).toBe('{"pod":1}');
        asked.filter.push(names);
        return { names: [], refusals: {}, ...answers(names) };
      },
      prioritize: (_pod, names) => {
        asked.prioritize.push(names);
        return new Map(Object.entries(scores));
      },
    },
  };
}

const keepAll: Answers = (names) => ({ names });
const keepNone: Answers = (names) => ({
  refusals: Object.fromEntries(names.map((name) => [name, 'no room'])),
});

function attemptWith(
  used: Extender | undefined,
  over: Partial<CycleSettings> = {},
  pod = podInfo('new'),
  seed = 1,
) {
  const cycle = cycleOf(
    pod,
    NAMES.map((name) => nodeInfo(name)),
  );
  return attempt(
    { ...cycle, startIndex: 0, podText: () => '{"pod":1}' },
    {
      profile: defaultProfile(),
      percentageOfNodesToScore: 100,
      extender: used,
      extenderWeight: 20,
      ignorable: false,
      random: createRandom(seed, 'test'),
      ...over,
    },
  );
}

function chosen(outcome: ReturnType<typeof attemptWith>): string | undefined {
  return outcome.result === 'assumed' ? outcome.info.state.name : undefined;
}

describe('a scheduling cycle (schedule_one.go)', () => {
  it('does not ask for scores when the extender leaves one node (2000 of 2000 pods of the real one)', () => {
    const { extender: used, asked } = extender(() => ({ names: ['node-2'] }));
    const outcome = attemptWith(used);
    expect(chosen(outcome)).toBe('node-2');
    expect(outcome).toMatchObject({ scores: [], byPlugin: new Map() });
    expect(asked).toEqual({ filter: [NAMES], prioritize: [] });
  });

  it('adds the extender’s scores, times its weight and 10, to those of the plugins', () => {
    const { extender: used, asked } = extender(keepAll, { 'node-1': 3, 'node-3': 10 });
    const outcome = attemptWith(used);
    expect(asked.prioritize).toEqual([NAMES]);
    const inTree = attemptWith(undefined);
    const total = inTree.result === 'assumed' ? (inTree.scores[0]?.total ?? 0) : 0;
    expect(total).toBeGreaterThan(0);
    expect(chosen(outcome)).toBe('node-3');
    expect(outcome).toMatchObject({ scores: [{ total: total + 600 }, { total }, { total: total + 2000 }] });
  });

  it('weighs and adds up what the plugins say', () => {
    const outcome = attemptWith(undefined, {}, podInfo('new', requesting({ cpu: '1', memory: '2Gi' })));
    expect(outcome).toMatchObject({
      byPlugin: new Map([
        ['TaintToleration', [100, 100, 100]],
        ['NodeResourcesFit', [75, 75, 75]],
        ['NodeResourcesBalancedAllocation', [75, 75, 75]],
      ]),
      scores: NAMES.map((node) => ({ node, total: 3 * 100 + 75 + 75 })),
    });
  });

  it('breaks ties at random, by the seed', () => {
    const nodes = Array.from({ length: 60 }, (_, seed) =>
      chosen(attemptWith(undefined, {}, podInfo('new'), seed)),
    );
    expect(new Set(nodes)).toEqual(new Set(NAMES));
    expect(chosen(attemptWith(undefined, {}, podInfo('new'), 7))).toBe(nodes[7]);
  });

  it('does not ask the extender when no node passes the plugins', () => {
    const { extender: used, asked } = extender(keepAll);
    expect(attemptWith(used, {}, podInfo('new', requesting({ cpu: '9' })))).toMatchObject({
      result: 'unschedulable',
      reasons: new Map([['Insufficient cpu', 3]]),
      rejectors: new Set(['NodeResourcesFit']),
    });
    expect(asked.filter).toEqual([]);
  });

  it('counts equal reasons of the extender together', () => {
    expect(attemptWith(extender(keepNone).extender)).toMatchObject({
      result: 'unschedulable',
      reasons: new Map([['no room', 3]]),
      rejectors: new Set(['Extender']),
    });
  });

  it('takes other policies as a profile', () => {
    const { filters, scorers } = defaultProfile();
    const profile = {
      filters: [
        ...filters,
        {
          plugin: 'NotFirst',
          prepare: () => ({
            filter: ({ state }: { state: { name: string } }) =>
              state.name === 'node-1' ? ['first'] : undefined,
          }),
        },
      ],
      scorers: [
        ...scorers,
        {
          plugin: 'Last',
          weight: 1000,
          prepare: () => ({
            score: ({ state }: { state: { name: string } }) => Number(state.name === 'node-3'),
          }),
        },
      ],
    };
    const outcome = attemptWith(undefined, { profile });
    expect(chosen(outcome)).toBe('node-3');
    expect(outcome.reasons).toEqual(new Map([['first', 1]]));
  });
});

describe('an extender that fails (extender.go, findNodesThatPassExtenders)', () => {
  const down = () => extender(keepAll, {}, false).extender;
  const unknown = () => extender(() => ({ names: ['elsewhere'] })).extender;
  const error = () => extender(() => ({ error: 'boom' })).extender;
  const claims = 'extender claims a filtered node "elsewhere" which is not found in the input node list';

  it.each([
    { what: 'is away', used: down, reason: 'connection refused' },
    { what: 'answers with an error', used: error, reason: 'boom' },
    { what: 'names a node that it was not asked about', used: unknown, reason: claims },
  ])('that $what: the attempt fails, and no plugin is to blame', ({ used, reason }) => {
    expect(attemptWith(used())).toMatchObject({
      result: 'unschedulable',
      reasons: new Map([[reason, 3]]),
      rejectors: new Set(),
    });
  });

  it.each([down, error, unknown])('when it is ignorable, the attempt goes on without it', (used) => {
    expect(NAMES).toContain(chosen(attemptWith(used(), { ignorable: true })));
  });

  it('an extender that refuses one node is one of those who refused', () => {
    const outcome = attemptWith(extender(() => ({ names: ['node-1'] })).extender, {}, podInfo('new'));
    expect(chosen(outcome)).toBe('node-1');
  });

  it('no node at all is an error', () => {
    const settings = {
      profile: defaultProfile(),
      percentageOfNodesToScore: 100,
      extender: undefined,
      extenderWeight: 1,
      ignorable: false,
      random: createRandom(1, 'test'),
    };
    const asked = { ...cycleOf(podInfo('new'), []), startIndex: 0, podText: () => '' };
    expect(attempt(asked, settings)).toMatchObject({ result: 'unschedulable', rejectors: new Set() });
  });
});
