import { foundText, type PathKey, pathText } from '../reading/problems.ts';
import { isMapping, type JsonObject } from './objects.ts';

/** What an event of Kubernetes says, as far as a trace has a use for it. */
export type Happening = { readonly atMs: number } & (
  | {
      readonly type: 'scaled';
      readonly deployment: string;
      readonly replicaSet: string;
      readonly from: number | undefined;
      readonly to: number;
    }
  | { readonly type: 'rescaled'; readonly autoscaler: string; readonly to: number }
  | { readonly type: 'scheduled'; readonly pod: string; readonly node: string }
  | { readonly type: 'podDeleted'; readonly pod: string }
  | { readonly type: 'node'; readonly node: string; readonly change: NodeChange }
);

export type NodeChange = 'ready' | 'notReady' | 'silent' | 'cordoned' | 'uncordoned' | 'rebooted' | 'removed';

type Said = Happening extends infer H ? (H extends Happening ? Omit<H, 'atMs'> : never) : never;

export type ReadEvent =
  | {
      readonly ok: true;
      readonly happenings: readonly Happening[];
      /** Repetitions whose times Kubernetes has not kept: it counts equal events. */
      readonly lost: number;
    }
  | { readonly ok: false; readonly problem: string };

/**
 * Reads an item of `kubectl get events -o json`: core/v1, or events.k8s.io/v1 with its other names.
 *
 * @param path where the item is, for problems
 */
export function readEvent(item: unknown, path: readonly PathKey[]): ReadEvent {
  const problem = (key: PathKey, found: unknown, allowed: string): ReadEvent => ({
    ok: false,
    problem: `${pathText([...path, key])}: found ${foundText(found)}, allowed: ${allowed}`,
  });
  if (!isMapping(item)) {
    return { ok: false, problem: `${pathText(path)}: found ${foundText(item)}, allowed: an Event` };
  }
  const { reason } = item;
  const read = typeof reason === 'string' ? READERS[reason] : undefined;
  if (read === undefined) return { ok: true, happenings: [], lost: 0 };
  const regarding = item['involvedObject'] ?? item['regarding'];
  if (!isMapping(regarding) || typeof regarding['name'] !== 'string') {
    return problem('involvedObject', regarding, 'the object that the event is about');
  }
  const message = String(item['message'] ?? item['note'] ?? '');
  const { kind, name, namespace = 'default' } = regarding;
  const key = `${namespace}/${name}`;
  const said = read({ kind: String(kind), name: String(name), key, message, component: componentOf(item) });
  if (said === 'other') return { ok: true, happenings: [], lost: 0 };
  if (said === undefined) return problem('message', message, ALLOWED[String(reason)] ?? 'its text');
  const times = timesOf(item);
  if (times === undefined) return problem('lastTimestamp', item['lastTimestamp'], 'a time');
  const { atMs, lost } = times;
  return { ok: true, happenings: atMs.map((one) => ({ atMs: one, ...said }) as Happening), lost };
}

interface Told {
  readonly kind: string;
  readonly name: string;
  readonly key: string;
  readonly message: string;
  readonly component: string;
}

/** `other`: the same reason, of another kind of object. Undefined: the message is not as it should be. */
type Reader = (told: Told) => Said | 'other' | undefined;

const ALLOWED: Readonly<Record<string, string>> = {
  ScalingReplicaSet: 'like "Scaled up replica set web-7d4b9 from 1 to 4"',
  SuccessfulRescale: 'like "New size: 4; reason: cpu resource utilization above target"',
  Scheduled: 'like "Successfully assigned fn/web-7d4b9-x2z1p to edge-1"',
  SuccessfulDelete: 'like "Deleted pod: web-7d4b9-x2z1p"',
};

/** Reasons and texts: pkg/controller/{deployment,replicaset,podautoscaler,nodelifecycle}, pkg/scheduler, pkg/kubelet. */
const READERS: Readonly<Record<string, Reader>> = {
  ScalingReplicaSet: ({ kind, key, message }) => {
    if (kind !== 'Deployment') return 'other';
    const match = /^Scaled (?:up|down) replica set (\S+)(?: from (\d+))? to (\d+)(?: from (\d+))?$/.exec(
      message,
    );
    if (match === null) return undefined;
    // "from A to B" in 1.36; "to B from A", and before that only "to B", in earlier ones.
    const [, replicaSet = '', before, to, after] = match;
    const from = before ?? after;
    return {
      type: 'scaled',
      deployment: key,
      replicaSet,
      from: from === undefined ? undefined : Number(from),
      to: Number(to),
    };
  },
  SuccessfulRescale: ({ kind, key, message }) => {
    if (kind !== 'HorizontalPodAutoscaler') return 'other';
    const size = /^New size: (\d+);/.exec(message)?.[1];
    return size === undefined ? undefined : { type: 'rescaled', autoscaler: key, to: Number(size) };
  },
  Scheduled: ({ kind, message }) => {
    if (kind !== 'Pod') return 'other';
    const [, pod, node] = /^Successfully assigned (\S+\/\S+) to (\S+)$/.exec(message) ?? [];
    return pod === undefined || node === undefined ? undefined : { type: 'scheduled', pod, node };
  },
  SuccessfulDelete: ({ kind, key, message }) => {
    if (kind !== 'ReplicaSet') return 'other';
    const pod = /^Deleted pod: (\S+)$/.exec(message)?.[1];
    if (pod === undefined) return undefined;
    return { type: 'podDeleted', pod: `${key.slice(0, key.indexOf('/'))}/${pod}` };
  },
  NodeReady: ofNode('ready'),
  // The kubelet says it of itself; the node controller of a kubelet that it does not hear of.
  NodeNotReady: (told) => ofNode(told.component === 'kubelet' ? 'notReady' : 'silent')(told),
  NodeNotSchedulable: ofNode('cordoned'),
  NodeSchedulable: ofNode('uncordoned'),
  Rebooted: ofNode('rebooted'),
  RemovingNode: ofNode('removed'),
};

function ofNode(change: NodeChange): Reader {
  return ({ kind, name }) => (kind === 'Node' ? { type: 'node', node: name, change } : 'other');
}

function componentOf({ source, reportingComponent, reportingController }: JsonObject): string {
  const component = isMapping(source) ? source['component'] : undefined;
  return String(component || reportingComponent || reportingController || '');
}

/** Equal events are counted in one object, which knows when the first and the last of them was. */
function timesOf(item: JsonObject): { readonly atMs: readonly number[]; readonly lost: number } | undefined {
  const { series, metadata } = item;
  const time = (value: unknown) => (typeof value === 'string' ? Date.parse(value) : Number.NaN);
  const created = isMapping(metadata) ? metadata['creationTimestamp'] : undefined;
  const first = item['firstTimestamp'] ?? item['deprecatedFirstTimestamp'] ?? item['eventTime'] ?? created;
  const last =
    (isMapping(series) ? series['lastObservedTime'] : undefined) ??
    item['lastTimestamp'] ??
    item['deprecatedLastTimestamp'];
  const firstMs = time(item['eventTime'] ?? first);
  const lastMs = last === undefined || last === null ? firstMs : time(last);
  if (Number.isNaN(firstMs) || Number.isNaN(lastMs)) return undefined;
  const counted = Number((isMapping(series) ? series['count'] : undefined) ?? item['count'] ?? 1);
  if (counted <= 1 || lastMs <= firstMs) return { atMs: [firstMs], lost: Math.max(0, counted - 1) };
  return { atMs: [firstMs, lastMs], lost: counted - 2 };
}
