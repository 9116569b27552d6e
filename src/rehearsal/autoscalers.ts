import type { AutoscalerResult, AutoscalerSync, KubernetesEvent } from '../outcome/result.ts';
import { parseCpuMilli } from '../placement/quantity.ts';
import type { TraceAutoscaler } from '../trace/autoscaler.ts';
import { keyOf, targetKeyOf } from '../trace/references.ts';
import type { Trace } from '../trace/schema.ts';

/** What is read of a HorizontalPodAutoscaler's status. */
export interface SeenAutoscaler {
  readonly metadata: { readonly name: string; readonly namespace?: string | undefined };
  readonly status?:
    | {
        readonly currentReplicas?: number | undefined;
        readonly desiredReplicas?: number | undefined;
        readonly currentMetrics?: readonly SeenMetric[] | null | undefined;
        readonly conditions?:
          | readonly { readonly type: string; readonly status: string; readonly reason?: string }[]
          | null
          | undefined;
      }
    | undefined;
}

interface SeenMetric {
  readonly resource?: { readonly current?: SeenCurrent } | undefined;
  readonly containerResource?: { readonly current?: SeenCurrent } | undefined;
}

interface SeenCurrent {
  readonly averageUtilization?: number | undefined;
  readonly averageValue?: string | undefined;
}

/** By the key of the autoscaler. */
export type AutoscalerNotes = Map<string, { readonly syncs: AutoscalerSync[]; last: string }>;

/** A status differs from the one before, or says the same again. */
export function autoscalerSeen(notes: AutoscalerNotes, seen: SeenAutoscaler, atMs: number): void {
  const key = keyOf(seen.metadata);
  const note = notes.get(key) ?? { syncs: [], last: '' };
  notes.set(key, note);
  const { status = {} } = seen;
  // As the API server has it before the first sync.
  if (status.conditions === undefined || status.conditions === null) return;
  const [metric] = status.currentMetrics ?? [];
  const current = metric?.resource?.current ?? metric?.containerResource?.current;
  const sync = {
    currentReplicas: status.currentReplicas ?? 0,
    desiredReplicas: status.desiredReplicas ?? 0,
    utilizationPercent: current?.averageUtilization,
    averageMilli: parseCpuMilli(current?.averageValue ?? ''),
    conditions: Object.fromEntries(
      status.conditions.map(({ type, status: is, reason = '' }) => [
        type,
        is === 'False' ? `!${reason}` : reason,
      ]),
    ),
  };
  const text = JSON.stringify(sync);
  if (text !== note.last) note.syncs.push({ atMs, ...sync });
  note.last = text;
}

/** Of a Deployment that events scale, the trace says what its autoscaler did: a second one would do something else. */
export function isActing({ events }: Trace, autoscaler: TraceAutoscaler): boolean {
  const workload = targetKeyOf(autoscaler);
  return !events.some(({ scale }) => scale?.deployment === workload);
}

/** @param events by the key of the autoscaler */
export function autoscalerResults(
  trace: Trace,
  notes: AutoscalerNotes,
  events: ReadonlyMap<string, readonly KubernetesEvent[]>,
): readonly AutoscalerResult[] {
  const acting = trace.horizontalPodAutoscalers.filter((object) => isActing(trace, object));
  return acting.map((object) => {
    const autoscaler = keyOf(object.metadata);
    return {
      autoscaler,
      workload: targetKeyOf(object),
      syncs: notes.get(autoscaler)?.syncs ?? [],
      events: events.get(autoscaler) ?? [],
    };
  });
}
