import type { ExtenderFilterResult, HostPriority } from '../../extender/wire.ts';
import type { SpillwayLink } from '../link.ts';

/** An extender as the scheduler sees it (pkg/scheduler/extender.go, HTTPExtender). */
export interface Extender {
  /** False: nothing answers where it should be. */
  readonly available: () => boolean;
  /** @param podText the pod as JSON */
  readonly filter: (podText: string, names: readonly string[]) => FilterAnswer;
  /** Scores by node name, from 0 to 10. None: it answered with an error, which the scheduler swallows. */
  readonly prioritize: (podText: string, names: readonly string[]) => ReadonlyMap<string, number>;
}

export interface FilterAnswer {
  readonly names: readonly string[];
  /** Why nodes were refused; given only when none is left. */
  readonly refusals: Readonly<Record<string, string>>;
  /** The attempt fails, unless the extender is ignorable. */
  readonly error?: string | undefined;
}

/** Asks as the scheduler asks an extender with `nodeCacheCapable: true`. */
export function extenderBehind({ ask }: SpillwayLink, available: () => boolean = () => true): Extender {
  return {
    available,
    filter: (podText, names) => {
      const { status, body } = ask('filter', question(podText, names));
      if (status !== 200) return { names: [], refusals: {}, error: body };
      const result: ExtenderFilterResult = JSON.parse(body);
      const refusals = { ...result.FailedNodes, ...result.FailedAndUnresolvableNodes };
      return { names: result.NodeNames ?? [], refusals };
    },
    prioritize: (podText, names) => {
      const { status, body } = ask('prioritize', question(podText, names));
      if (status !== 200) return new Map();
      const scores: readonly HostPriority[] = JSON.parse(body);
      return new Map(scores.map(({ Host, Score }) => [Host, Score]));
    },
  };
}

/** ExtenderArgs. Put together as text: the pod's is written once for both verbs. */
function question(podText: string, names: readonly string[]): string {
  return `{"Pod":${podText},"Nodes":null,"NodeNames":${JSON.stringify(names)}}`;
}
