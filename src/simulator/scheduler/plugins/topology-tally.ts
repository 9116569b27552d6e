import type { NodeState } from '../node-info.ts';

interface Keyed {
  readonly topologyKey: string;
}

/**
 * Sums by topology key and value (plugins/interpodaffinity: topologyToMatchedTermCount, scoreMap). What is
 * noted for a node counts for all nodes with the same value of that label.
 */
export interface Tally {
  /** A node without the label counts for nothing. */
  readonly add: (node: NodeState, term: Keyed, amount: number) => void;
  readonly at: (node: NodeState, term: Keyed) => number;
  /** Over all its labels. */
  readonly sumAt: (node: NodeState) => number;
  readonly hasAnyAt: (node: NodeState) => boolean;
  readonly isEmpty: () => boolean;
}

export function createTally(): Tally {
  const byKey = new Map<string, Map<string, number>>();
  const at = (labels: NodeState['labels'], topologyKey: string) => {
    const value = labels[topologyKey];
    return value === undefined ? 0 : (byKey.get(topologyKey)?.get(value) ?? 0);
  };
  return {
    add: ({ labels }, { topologyKey }, amount) => {
      const value = labels[topologyKey];
      if (value === undefined) return;
      const sums = byKey.get(topologyKey) ?? new Map<string, number>();
      byKey.set(topologyKey, sums);
      sums.set(value, (sums.get(value) ?? 0) + amount);
    },
    at: ({ labels }, { topologyKey }) => at(labels, topologyKey),
    sumAt: ({ labels }) => Array.from(byKey.keys()).reduce((sum, key) => sum + at(labels, key), 0),
    hasAnyAt: ({ labels }) => byKey.size > 0 && Array.from(byKey.keys()).some((key) => at(labels, key) > 0),
    isEmpty: () => byKey.size === 0,
  };
}
