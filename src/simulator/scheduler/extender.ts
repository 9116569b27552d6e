import type { PodObject } from '../../cluster/objects.ts';
import type { ExtenderContext } from '../../extender/context.ts';
import { handleFilter, handlePrioritize } from '../../extender/handlers.ts';
import type { ExtenderArgs, ExtenderFilterResult, HostPriority } from '../../extender/wire.ts';

/** An extender as the scheduler sees it. In-process here; over HTTP it would be the same JSON. */
export interface Extender {
  readonly filter: (pod: PodObject, names: readonly string[]) => FilterAnswer;
  /** Scores by node name, from 0 to 10. */
  readonly prioritize: (pod: PodObject, names: readonly string[]) => ReadonlyMap<string, number>;
}

export interface FilterAnswer {
  readonly names: readonly string[];
  /** Why nodes were refused; given only when none is left. */
  readonly refusals: Readonly<Record<string, string>>;
  /** The attempt fails. */
  readonly error?: string | undefined;
}

/** The production handlers, JSON in and JSON out, as `nodeCacheCapable: true` has it. */
export function inProcessExtender(context: ExtenderContext): Extender {
  return {
    filter: (pod, names) => {
      const { status, body } = handleFilter(context, question(pod, names));
      if (status !== 200) return { names: [], refusals: {}, error: body };
      const result: ExtenderFilterResult = JSON.parse(body);
      const refusals = { ...result.FailedNodes, ...result.FailedAndUnresolvableNodes };
      return { names: result.NodeNames ?? [], refusals };
    },
    prioritize: (pod, names) => {
      const { status, body } = handlePrioritize(context, question(pod, names));
      // The scheduler swallows an error of prioritize: the nodes then have no score from it.
      if (status !== 200) return new Map();
      const scores: readonly HostPriority[] = JSON.parse(body);
      return new Map(scores.map(({ Host, Score }) => [Host, Score]));
    },
  };
}

function question(pod: PodObject, names: readonly string[]): string {
  return JSON.stringify({ Pod: pod, Nodes: null, NodeNames: names } satisfies ExtenderArgs);
}
