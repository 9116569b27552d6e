import { type AutoscalerNotes, autoscalerSeen } from '../autoscalers.ts';
import { namespacesOf } from '../objects.ts';
import type { SeenMetrics } from '../scrapes.ts';
import { advance, createShadow, podGone, podSeen, replicasSeen, type Shadow } from '../shadow.ts';
import type { Rehearsal } from './rehearsal.ts';
import { createRehearsalSources, type RehearsalSources } from './sources.ts';

/** The shadow of a trace, and how it hears of the cluster. */
export interface Watched {
  readonly shadow: Shadow;
  readonly autoscalers: AutoscalerNotes;
  readonly sources: RehearsalSources;
  /** Looks at metrics, as they come. */
  readonly looks: readonly SeenMetrics[];
  /** From now on time passes. */
  readonly begin: () => void;
  /** Milliseconds since its time began; 0 before. */
  readonly sinceStart: () => number;
}

/** Nothing is asked of the cluster before the sources are started. */
export function createWatched({ trace, connection, host }: Rehearsal): Watched {
  const { runtime, err } = host;
  const shadow = createShadow(trace);
  const autoscalers: AutoscalerNotes = new Map();
  const looks: SeenMetrics[] = [];
  let beganAtMs: number | undefined;
  // Whole milliseconds, as the API and a simulation have them.
  const sinceStart = () => (beganAtMs === undefined ? 0 : Math.round(runtime.nowMs() - beganAtMs));
  /** What is seen is seen now. */
  const now =
    <T extends readonly unknown[]>(take: (...seen: T) => void) =>
    (...seen: T) => {
      advance(shadow, sinceStart());
      take(...seen);
    };
  const sources = createRehearsalSources({
    connection,
    namespaces: namespacesOf(trace),
    runtime,
    complain: (message) => err(`${message}\n`),
    sink: {
      podSeen: now((pod) => podSeen(shadow, pod)),
      podGone: now((uid) => podGone(shadow, uid)),
      deploymentSeen: now((workload, replicas) => replicasSeen(shadow, workload, replicas)),
      autoscalerSeen: now((seen) => autoscalerSeen(autoscalers, seen, shadow.world.timeline.nowMs)),
      looked: (look, served) => looks.push({ look, ...served }),
    },
  });
  const begin = () => {
    beganAtMs = runtime.nowMs();
  };
  return { shadow, autoscalers, sources, looks, begin, sinceStart };
}
