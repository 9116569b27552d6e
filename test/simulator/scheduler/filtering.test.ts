import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { feasibleNodesToFind, filterNodes } from '../../../src/simulator/scheduler/filtering.ts';
import type { FilterPlugin } from '../../../src/simulator/scheduler/plugin.ts';
import { cycleOf, nodeInfo, podInfo } from './builders.ts';

/** Refuses these nodes. */
function refusing(plugin: string, names: readonly string[], reasons = [`${plugin} says no`]): FilterPlugin {
  return {
    plugin,
    prepare: () => ({ filter: ({ state }) => (names.includes(state.name) ? reasons : undefined) }),
  };
}

function naming(plugin: string, ...names: readonly string[]): FilterPlugin {
  return { plugin, prepare: () => ({ nodeNames: new Set(names), filter: () => undefined }) };
}

const NODES = ['a', 'b', 'c', 'd'].map((name) => nodeInfo(name));

function filtered(filters: readonly FilterPlugin[], startIndex = 0, nodes = NODES) {
  const found = filterNodes(cycleOf(podInfo('new'), nodes), filters, 100, startIndex);
  return { ...found, feasible: found.feasible.map(({ state }) => state.name) };
}

describe('how many nodes that can take a pod are looked for (schedule_one_test.go, TestNumFeasibleNodesToFind)', () => {
  it.each([
    { percentage: 0, nodes: 10, found: 10 },
    { percentage: 40, nodes: 10, found: 10 },
    { percentage: 0, nodes: 1000, found: 420 },
    { percentage: 40, nodes: 1000, found: 400 },
    { percentage: 0, nodes: 6000, found: 300 },
    { percentage: 40, nodes: 6000, found: 2400 },
    { percentage: 100, nodes: 5000, found: 5000 },
    { percentage: 1, nodes: 150, found: 100 },
  ])('$percentage % of $nodes: $found', ({ percentage, nodes, found }) => {
    expect(feasibleNodesToFind(percentage, nodes)).toBe(found);
  });
});

describe('the search for nodes', () => {
  it('begins where it is told, and goes round', () => {
    expect(filtered([], 2).feasible).toEqual(['c', 'd', 'a', 'b']);
  });

  it('stops when it has found enough, which counts those that were refused on the way', () => {
    const many = Array.from({ length: 300 }, (_, index) => nodeInfo(`n${index}`));
    const refuse = refusing(
      'Even',
      many.flatMap(({ state }, index) => (index % 2 === 0 ? [state.name] : [])),
    );
    const cycle = cycleOf(podInfo('new'), many);
    const { feasible, processed } = filterNodes(cycle, [refuse], 35, 0);
    expect(feasible).toHaveLength(105);
    expect(feasible.at(-1)?.state.name).toBe('n209');
    // One more that passes ends the search: the one before it was still looked at.
    expect(processed).toBe(211);
  });

  it('the first filter to refuse a node gives the reason, with all that it has to say', () => {
    const { feasible, reasons, rejectors, processed } = filtered([
      refusing('First', ['a'], ['one', 'two']),
      refusing('Second', ['a', 'b']),
    ]);
    expect(feasible).toEqual(['c', 'd']);
    expect(reasons).toEqual(
      new Map([
        ['one', 1],
        ['two', 1],
        ['Second says no', 1],
      ]),
    );
    expect(rejectors).toEqual(new Set(['First', 'Second']));
    expect(processed).toBe(4);
  });

  it('every node in turn is the first that is looked at, whatever the filters say', () => {
    fc.assert(
      fc.property(fc.subarray(['a', 'b', 'c', 'd']), fc.nat({ max: 3 }), (names, start) => {
        const { feasible, processed } = filtered([refusing('Some', names)], start);
        expect(feasible.toSorted()).toEqual(['a', 'b', 'c', 'd'].filter((name) => !names.includes(name)));
        expect(processed).toBe(4);
      }),
    );
  });
});

describe('PreFilter (framework.go, RunPreFilterPlugins)', () => {
  it('a plugin that names nodes has only these looked at', () => {
    const { feasible, reasons, rejectors, processed } = filtered([naming('Names', 'b', 'd', 'gone')]);
    expect(feasible).toEqual(['b', 'd']);
    expect(reasons).toEqual(new Map([["node(s) didn't satisfy plugin(s) [Names]", 2]]));
    expect(rejectors).toEqual(new Set(['Names']));
    expect(processed).toBe(2);
  });

  it('two that name different ones leave none', () => {
    const { feasible, reasons, rejectors, processed } = filtered([naming('B', 'b'), naming('A', 'a')]);
    expect(feasible).toEqual([]);
    expect(reasons).toEqual(new Map([["node(s) didn't satisfy plugin(s) [A B] simultaneously", 4]]));
    expect(rejectors).toEqual(new Set(['A', 'B']));
    expect(processed).toBe(0);
  });

  it('a plugin that refuses the pod everywhere is the last one asked', () => {
    const refuses: FilterPlugin = {
      plugin: 'All',
      prepare: () => ({ refusesAll: 'no', filter: () => undefined }),
    };
    const never: FilterPlugin = {
      plugin: 'Never',
      prepare: () => {
        throw new Error('asked');
      },
    };
    expect(filtered([refuses, never])).toMatchObject({ feasible: [], reasons: new Map([['no', 4]]) });
  });
});
