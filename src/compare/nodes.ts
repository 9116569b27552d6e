import type { NodeResult, SimulationResult } from '../outcome/result.ts';
import { type Curve, curveAt } from '../simulator/model/curve.ts';
import { clockMs } from '../simulator/model/world.ts';
import { keyOf } from '../trace/references.ts';
import type { Trace } from '../trace/schema.ts';
import { type Line, lineOf, splitAt } from './lines.ts';

/** What a node's CPU went to, from moment to moment, while the node took pods. */
export interface NodeUse {
  readonly node: NodeResult;
  /** What the pods of Deployments used. */
  readonly pods: readonly Line[];
  /** What others asked for: the system, and pods that run from the start. Over the same pieces of time. */
  readonly others: readonly Line[];
}

export function nodeUses(trace: Trace, result: SimulationResult): readonly NodeUse[] {
  const curves = otherCurves(trace);
  const away = awayTimes(trace, result);
  return result.nodes.map((node) => {
    const mine = curves.get(node.name) ?? [];
    const absences = away.get(node.name) ?? [];
    const bends = [
      ...mine.flatMap(({ points }) => points.map(({ atMs }) => atMs)),
      ...absences.flatMap(({ fromMs, toMs }) => [fromMs, toMs]),
    ].sort((left, right) => left - right);
    const pieces = node.real
      .flatMap((stretch) => splitAt(lineOf(stretch), bends))
      .filter(({ fromMs }) => !isAway(absences, fromMs));
    const others = pieces.map(({ fromMs, toMs }) => ({
      fromMs,
      toMs,
      from: sumAt(mine, fromMs, 'after'),
      to: sumAt(mine, toMs, 'before'),
    }));
    const pods = pieces.map((piece, index) => ({
      ...piece,
      from: Math.max(0, piece.from - (others[index]?.from ?? 0)),
      to: Math.max(0, piece.to - (others[index]?.to ?? 0)),
    }));
    return { node, pods, others };
  });
}

function sumAt(curves: readonly Curve[], atMs: number, side: 'before' | 'after'): number {
  return curves.reduce((sum, curve) => sum + curveAt(curve, atMs, side), 0);
}

/** By node: its own load, and that of pods which run on it from the start. */
function otherCurves({ load, pods }: Trace): ReadonlyMap<string, readonly Curve[]> {
  const nodeOf = new Map(pods.map(({ metadata, spec }) => [keyOf(metadata), spec.nodeName ?? '']));
  const curves = new Map<string, Curve[]>();
  for (const one of load) {
    if (one.type !== 'recordedCpu' || (one.node ?? one.pod) === undefined) continue;
    const name = one.node ?? nodeOf.get(one.pod ?? '') ?? '';
    const points = one.points.map(({ at, cpu }) => ({ atMs: clockMs(at), value: cpu }));
    const mine = curves.get(name) ?? [];
    curves.set(name, [...mine, { between: one.between ?? 'line', points }]);
  }
  return curves;
}

interface Away {
  readonly fromMs: number;
  readonly toMs: number;
}

type AwayTimes = ReadonlyMap<string, readonly Away[]>;

/** When nodes take no pods because of an event: cordoned, lost, cut off or deleted. */
function awayTimes({ events }: Trace, { endMs }: Pick<SimulationResult, 'endMs'>): AwayTimes {
  const away = new Map<string, Away[]>();
  const since = new Map<string, number>();
  const end = (name: string, toMs: number) => {
    const fromMs = since.get(name);
    if (fromMs === undefined) return;
    since.delete(name);
    away.set(name, [...(away.get(name) ?? []), { fromMs, toMs }]);
  };
  for (const event of [...events].sort((left, right) => left.at - right.at)) {
    const gone = event.cordon ?? event.lose ?? event.disconnect ?? event.leave;
    const back = event.uncordon ?? event.recover ?? event.reconnect ?? event.join?.metadata.name;
    if (gone !== undefined && !since.has(gone)) since.set(gone, clockMs(event.at));
    if (back !== undefined) end(back, clockMs(event.at));
  }
  for (const name of Array.from(since.keys())) end(name, endMs);
  return away;
}

function isAway(times: readonly Away[], atMs: number): boolean {
  return times.some(({ fromMs, toMs }) => atMs >= fromMs && atMs < toMs);
}
