import { type LabelSelector, matchesSelector } from '../../placement/selector.ts';

export type Labels = Readonly<Record<string, string>>;

/** A label selector as apimachinery's labels.Selector has it. */
export interface Selector {
  readonly matches: (labels: Labels) => boolean;
  /** Without a requirement: it matches everything, which some of its users treat as nothing. */
  readonly isEmpty: boolean;
}

const NOTHING: Selector = { matches: () => false, isEmpty: false };

/**
 * metav1.LabelSelectorAsSelector: no selector matches nothing, an empty one everything.
 *
 * @param added further labels that must match
 */
export function selectorOf(selector: LabelSelector | undefined, added: Labels = {}): Selector {
  if (selector === undefined) return NOTHING;
  const { matchLabels = {}, matchExpressions = [] } = selector;
  const wanted = [...Object.entries(matchLabels), ...Object.entries(added)];
  const rest: LabelSelector = { matchExpressions };
  return {
    matches: (labels) => {
      for (const [key, value] of wanted) if (labels[key] !== value) return false;
      return matchExpressions.length === 0 || matchesSelector(labels, rest);
    },
    isEmpty: wanted.length + matchExpressions.length === 0,
  };
}

/** Those of the pod's labels that have these keys. */
export function labelsAt(labels: Labels, keys: readonly string[] = []): Labels {
  return Object.fromEntries(
    keys.flatMap((key) => {
      const value = labels[key];
      return value === undefined ? [] : [[key, value]];
    }),
  );
}
