import type { RecordedCpu } from '../trace/load.ts';
import { type Curve, curveAt } from './curve.ts';
import { clockMs, type SimNode, type SimPod, serves } from './world.ts';

/**
 * How much CPU is asked for at each moment. Between two `breaks`, and while the same pods serve, it changes
 * along straight lines. A closed loop is another implementation.
 */
export interface LoadModel {
  readonly podMilli: (pod: SimPod, atMs: number, side: 'before' | 'after') => number;
  /** What no pod accounts for. */
  readonly overheadMilli: (node: SimNode, atMs: number, side: 'before' | 'after') => number;
  /** Told after a pod began or ceased to serve; for loads that have requests on their way. */
  readonly servingChanged?: (pod: SimPod) => void;
  /** When a curve of the pod's workload, of the pod or of the node bends. */
  readonly breaks: readonly number[];
}

interface Recorded {
  readonly curve: Curve;
  readonly split: 'shared' | 'each';
}

/** CPU as the trace recorded it. What it does not speak of uses nothing. */
export function recordedLoad(loads: readonly RecordedCpu[]): LoadModel {
  const workloads = new Map<string, Recorded>();
  const pods = new Map<string, Curve>();
  const nodes = new Map<string, Curve>();
  for (const load of loads) {
    const curve = curveOf(load);
    if (load.deployment !== undefined) {
      workloads.set(load.deployment, { curve, split: load.split ?? 'shared' });
    }
    if (load.pod !== undefined) pods.set(load.pod, curve);
    if (load.node !== undefined) nodes.set(load.node, curve);
  }
  return {
    podMilli: (pod, atMs, side) => {
      if (!serves(pod)) return 0;
      const { owner } = pod;
      if (owner === undefined) {
        const curve = pods.get(`${pod.namespace}/${pod.name}`);
        return curve === undefined ? 0 : curveAt(curve, atMs, side);
      }
      const recorded = workloads.get(owner.workload);
      if (recorded === undefined) return 0;
      const milli = curveAt(recorded.curve, atMs, side);
      return recorded.split === 'each' ? milli : milli / owner.serving;
    },
    overheadMilli: (node, atMs, side) => {
      const curve = nodes.get(node.name);
      return curve === undefined ? 0 : curveAt(curve, atMs, side);
    },
    breaks: Array.from(new Set(loads.flatMap((load) => load.points.map(({ at }) => clockMs(at))))).sort(
      (left, right) => left - right,
    ),
  };
}

function curveOf({ between = 'line', points }: RecordedCpu): Curve {
  return { between, points: points.map(({ at, cpu }) => ({ atMs: clockMs(at), milli: cpu })) };
}
