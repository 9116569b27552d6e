import type { Load, LoadOf, RecordedCpu } from '../../trace/load.ts';
import { type Curve, curveArea, curveAt, repeated } from './curve.ts';
import { clockMs, type SimNode, type SimPod, type SimReplicaSet, serves } from './world.ts';

/**
 * How much CPU is asked for at each moment, apart from requests (load/). Between two `breaks`, and while the
 * same pods serve, it changes along straight lines.
 */
export interface LoadModel {
  /** The same for all pods of a workload that serve on one node. */
  readonly podMilli: (pod: SimPod, atMs: number, side: 'before' | 'after') => number;
  /** What each pod of the workload gets that serves and that users can reach. */
  readonly replicaMilli: (owner: SimReplicaSet, atMs: number, side: 'before' | 'after') => number;
  /** What no pod accounts for. */
  readonly overheadMilli: (node: SimNode, atMs: number, side: 'before' | 'after') => number;
  /** When a curve of a workload, of a pod or of a node bends, in order. */
  readonly breaks: readonly number[];
  /** What users asked of each workload until a moment, in millicore-milliseconds. */
  readonly demanded?: (untilMs: number) => ReadonlyMap<string, number>;
}

interface WorkloadCurve {
  readonly curve: Curve;
  readonly split: 'shared' | 'each';
  /** Users ask it over the network: a pod that cannot be reached is asked for nothing. */
  readonly remote: boolean;
}

/** CPU as the trace has it in curves. What it does not speak of uses nothing. */
export function curveLoad(loads: readonly Load[], untilMs: number): LoadModel {
  const workloads = new Map<string, WorkloadCurve>();
  const pods = new Map<string, Curve>();
  const nodes = new Map<string, Curve>();
  for (const load of loads) {
    if (load.type === 'demand') {
      workloads.set(load.deployment, { curve: demandCurve(load, untilMs), split: 'shared', remote: true });
    }
    if (load.type !== 'recordedCpu') continue;
    const curve = curveOf(load);
    if (load.deployment !== undefined) {
      workloads.set(load.deployment, { curve, split: load.split ?? 'shared', remote: false });
    }
    if (load.pod !== undefined) pods.set(load.pod, curve);
    if (load.node !== undefined) nodes.set(load.node, curve);
  }
  const replicaMilli: LoadModel['replicaMilli'] = ({ workload, serving }, atMs, side) => {
    const load = workloads.get(workload);
    if (load === undefined || serving === 0) return 0;
    const milli = curveAt(load.curve, atMs, side);
    return load.split === 'each' ? milli : milli / serving;
  };
  return {
    replicaMilli,
    podMilli: (pod, atMs, side) => {
      if (!serves(pod)) return 0;
      const { owner } = pod;
      if (owner === undefined) {
        const curve = pods.get(`${pod.namespace}/${pod.name}`);
        return curve === undefined ? 0 : curveAt(curve, atMs, side);
      }
      const isAway = pod.node?.state !== 'up' && workloads.get(owner.workload)?.remote === true;
      return isAway ? 0 : replicaMilli(owner, atMs, side);
    },
    overheadMilli: (node, atMs, side) => {
      const curve = nodes.get(node.name);
      return curve === undefined ? 0 : curveAt(curve, atMs, side);
    },
    breaks: breaksOf([
      ...Array.from(workloads.values(), ({ curve }) => curve),
      ...pods.values(),
      ...nodes.values(),
    ]),
    demanded: (toMs) =>
      new Map(
        Array.from(workloads)
          .filter(([, { remote }]) => remote)
          .map(([workload, { curve }]) => [workload, curveArea(curve, clockMs(0), toMs)]),
      ),
  };
}

function breaksOf(curves: readonly Curve[]): readonly number[] {
  const times = new Set(curves.flatMap(({ points }) => points.map(({ atMs }) => atMs)));
  return Array.from(times).sort((left, right) => left - right);
}

function demandCurve(load: LoadOf<'demand'>, untilMs: number): Curve {
  const curve = curveOf(load);
  return load.repeat === undefined ? curve : repeated(curve, load.repeat, untilMs);
}

function curveOf({ between = 'line', points }: RecordedCpu | LoadOf<'demand'>): Curve {
  return { between, points: points.map(({ at, cpu }) => ({ atMs: clockMs(at), value: cpu })) };
}
