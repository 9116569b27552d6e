import type { KubernetesEvent } from '../../outcome/result.ts';
import { clockMs } from '../../simulator/model/world.ts';
import type { Item } from './cluster.ts';
import type { Rehearsal } from './rehearsal.ts';
import type { Stage } from './stage.ts';

/** The events of the autoscalers, by their keys. Kubernetes keeps the time of an event in whole seconds. */
export async function readScalingEvents(
  { trace, cluster }: Rehearsal,
  { startMs }: Stage,
): Promise<ReadonlyMap<string, readonly KubernetesEvent[]>> {
  const events = new Map<string, KubernetesEvent[]>();
  const namespaces = new Set(
    trace.horizontalPodAutoscalers.map(({ metadata }) => metadata.namespace ?? 'default'),
  );
  for (const namespace of namespaces) {
    const fieldSelector = 'involvedObject.kind=HorizontalPodAutoscaler';
    for (const item of await cluster.list(`/api/v1/namespaces/${namespace}/events`, { fieldSelector })) {
      const { name, atMs, ...event } = read(item);
      const key = `${namespace}/${name}`;
      events.set(key, [...(events.get(key) ?? []), { ...event, atMs: clockMs(atMs - startMs) }]);
    }
  }
  for (const list of events.values()) list.sort((left, right) => left.atMs - right.atMs);
  return events;
}

function read(item: Item): KubernetesEvent & { readonly name: string } {
  const { involvedObject, type, reason, message, firstTimestamp, eventTime } = item as Item & EventFields;
  return {
    name: involvedObject.name,
    atMs: Date.parse(firstTimestamp ?? eventTime ?? ''),
    type: type === 'Warning' ? 'Warning' : 'Normal',
    reason: reason ?? '',
    message: message ?? '',
  };
}

interface EventFields {
  readonly involvedObject: { readonly name: string };
  readonly type?: string;
  readonly reason?: string;
  readonly message?: string;
  readonly firstTimestamp?: string | null;
  readonly eventTime?: string | null;
}
