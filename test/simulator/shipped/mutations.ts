import { parseCpuMilli } from '../../../src/placement/quantity.ts';
import type { TraceDocument } from '../traces.ts';

/** A change of a trace with which at least one of its expectations must no longer hold. */
export interface Mutation {
  readonly name: string;
  readonly change: (trace: TraceDocument) => TraceDocument;
}

/**
 * One value replaced by another.
 *
 * @param path keys and indices, like `configuration.placement.threshold` or `deployments.0.spec.replicas`
 */
export function set(path: string, value: unknown, name = `${path}: ${JSON.stringify(value)}`): Mutation {
  const keys = path.split('.');
  return { name, change: (trace) => recordOf(setIn(trace, keys, value)) };
}

export function threshold(ratio: number): Mutation {
  return set('configuration.placement.threshold', ratio, `threshold ${ratio}`);
}

/** Placed by something other than Spillway; src/trace/policy-names.ts has the names. */
export function policy(name: string): Mutation {
  return set('scheduler.policy', name, `policy ${name}`);
}

/** Without the node, and all that speaks of it: a trace must not name what it does not have. */
export function withoutNode(node: string): Mutation {
  return {
    name: `without node ${node}`,
    change: (trace) => {
      const gone = (item: TraceDocument) => recordOf(item['spec'])['nodeName'] === node;
      const pods = itemsOf(trace['pods']).filter(gone).map(keyOf);
      const silent = (item: TraceDocument) => {
        const names = Object.values(item);
        return !names.includes(node) && !pods.some((pod) => names.includes(pod));
      };
      const without = (key: string) => ({ [key]: itemsOf(trace[key]).filter(silent) });
      return {
        ...trace,
        ...without('load'),
        ...without('events'),
        ...without('expect'),
        nodes: itemsOf(trace['nodes']).filter(({ metadata }) => recordOf(metadata)['name'] !== node),
        pods: itemsOf(trace['pods']).filter((pod) => !gone(pod)),
      };
    },
  };
}

/** All that is asked of Deployments, times `factor`: CPU, rates and users. */
export function load(factor: number): Mutation {
  const scaled = (item: TraceDocument, key: string) =>
    typeof item[key] === 'number' ? { [key]: Math.round(item[key] * factor) } : {};
  const point = (item: TraceDocument) => ({
    ...item,
    ...scaled(item, 'perSecond'),
    ...scaled(item, 'target'),
    ...('cpu' in item && { cpu: `${(parseCpuMilli(String(item['cpu'])) ?? 0) * factor}m` }),
  });
  const scaledLoad = (item: TraceDocument) => ({
    ...item,
    ...('points' in item && { points: itemsOf(item['points']).map(point) }),
    ...('stages' in item && { stages: itemsOf(item['stages']).map(point) }),
  });
  return {
    name: `load × ${factor}`,
    change: (trace) => ({
      ...trace,
      load: itemsOf(trace['load']).map((item) => ('deployment' in item ? scaledLoad(item) : item)),
    }),
  };
}

/** One more thing happens. */
export function withEvent(at: string, event: TraceDocument): Mutation {
  return {
    name: `${JSON.stringify(event)} at ${at}`,
    change: (trace) => ({ ...trace, events: [...itemsOf(trace['events']), { at, ...event }] }),
  };
}

/** What was to happen then does not. */
export function withoutEvent(at: string): Mutation {
  return {
    name: `no event at ${at}`,
    change: (trace) => ({
      ...trace,
      events: itemsOf(trace['events']).filter((item) => item['at'] !== at),
    }),
  };
}

/** Several changes at once. */
export function both(...mutations: readonly Mutation[]): Mutation {
  return {
    name: mutations.map(({ name }) => name).join(', '),
    change: (trace) => mutations.reduce((changed, { change }) => change(changed), trace),
  };
}

function setIn(value: unknown, [key, ...rest]: readonly string[], to: unknown): unknown {
  if (key === undefined) return to;
  if (Array.isArray(value)) {
    if (value[Number(key)] === undefined) throw new Error(`the trace has no item ${key}`);
    return value.map((item, index) => (String(index) === key ? setIn(item, rest, to) : item));
  }
  const record = recordOf(value);
  return { ...record, [key]: setIn(record[key], rest, to) };
}

function itemsOf(list: unknown): readonly TraceDocument[] {
  return Array.isArray(list) ? list : [];
}

function recordOf(value: unknown): TraceDocument {
  return typeof value === 'object' && value !== null ? { ...value } : {};
}

function keyOf({ metadata }: TraceDocument): string {
  const { namespace = 'default', name } = recordOf(metadata);
  return `${namespace}/${name}`;
}
