import { TOLERANCE_MILLI } from '../../placement/admission.ts';
import { formatMilli } from '../../placement/explain.ts';
import type { ExpectationOf } from '../../trace/expectations.ts';
import type { Divergence, NodeResult } from '../result.ts';
import type { Outcome, Run } from './check.ts';
import { isBoundAt, lastDecisionOf, sinceStart } from './select.ts';

type Measure = 'planned' | 'measured' | 'real';

/** The highest value of a measure at a node, and the first that is above what is allowed. */
interface Extremes {
  readonly highestMilli: number;
  readonly breach?: Divergence | undefined;
}

const ALL: readonly Measure[] = ['planned', 'measured', 'real'];
export function checkEdgeBelowThreshold(expectation: ExpectationOf<'edgeBelowThreshold'>, run: Run): Outcome {
  const { of: measures = ALL, toleranceCpu = 0, toleranceTime = 0 } = expectation;
  const edge = run.nodes.filter(({ tier }) => tier === 'edge');
  const allowed = new Map(
    edge.map((node) => [node.name, (node.thresholdMilli ?? 0) + toleranceCpu + TOLERANCE_MILLI]),
  );
  const planned = measures.includes('planned') ? plannedExtremes(run, allowed) : undefined;
  const found = edge.flatMap((node) => {
    const allowedMilli = allowed.get(node.name) ?? 0;
    const extremesOf: Record<Measure, () => Extremes> = {
      planned: () => planned?.get(node.name) ?? { highestMilli: 0 },
      measured: () => measured(run, node, allowedMilli),
      real: () => real(run, node, allowedMilli, toleranceTime),
    };
    return measures.map((measure) => ({ node, measure, ...extremesOf[measure]() }));
  });
  const tolerances = [
    toleranceCpu > 0 ? ` by more than ${formatMilli(toleranceCpu)}` : '',
    toleranceTime > 0 ? ` for longer than ${toleranceTime / 1000} s` : '',
  ].join('');
  const [first] = found.flatMap(({ breach }) => breach ?? []).sort((left, right) => left.atMs - right.atMs);
  return {
    expected: `no edge node above its threshold${tolerances} (${measures.join(', ')})`,
    held: first === undefined,
    found:
      found
        .map(({ node, measure, highestMilli }) => `${node.name} ${measure} ≤ ${formatMilli(highestMilli)}`)
        .join(', ') || 'no edge node',
    ...(first && { diverged: first }),
  };
}

/** The forecast with the pod, whenever one was sent to a node of these: in one pass over the decisions. */
function plannedExtremes(run: Run, allowed: ReadonlyMap<string, number>): ReadonlyMap<string, Extremes> {
  const extremes = new Map<string, Extremes>();
  for (const [index, { candidates, pod, atMs }] of run.decisions.entries()) {
    for (const { node, verdict, forecastMilli, estimateMilli = 0 } of candidates) {
      const allowedMilli = allowed.get(node);
      if (allowedMilli === undefined || verdict !== 'answered' || forecastMilli === undefined) continue;
      const milli = forecastMilli + estimateMilli;
      const known = extremes.get(node) ?? { highestMilli: 0 };
      const highestMilli = Math.max(known.highestMilli, milli);
      if (milli <= allowedMilli || known.breach !== undefined) {
        extremes.set(node, { ...known, highestMilli });
        continue;
      }
      const what = `${node} planned at ${formatMilli(milli)} with ${pod.namespace}/${pod.name}`;
      extremes.set(node, { highestMilli, breach: { atMs, what, decision: index } });
    }
  }
  return extremes;
}

function measured(run: Run, node: NodeResult, allowedMilli: number): Extremes {
  const above = node.measured.find(({ milli }) => milli > allowedMilli);
  return {
    highestMilli: node.measured.reduce((most, { milli }) => Math.max(most, milli), 0),
    breach: above && blame(run, node, above.atMs, `measured at ${formatMilli(above.milli)}`),
  };
}

function real(run: Run, node: NodeResult, allowedMilli: number, toleranceMs: number): Extremes {
  let sinceMs: number | undefined;
  let breach: Divergence | undefined;
  let highestMilli = 0;
  for (const { fromMs, toMs, fromMilli, toMilli } of node.real) {
    highestMilli = Math.max(highestMilli, fromMilli, toMilli);
    if (fromMilli <= allowedMilli && toMilli <= allowedMilli) {
      sinceMs = undefined;
      continue;
    }
    const crossingMs = fromMs + ((allowedMilli - fromMilli) / (toMilli - fromMilli)) * (toMs - fromMs);
    if (fromMilli <= allowedMilli) sinceMs = crossingMs;
    else sinceMs ??= fromMs;
    const untilMs = toMilli <= allowedMilli ? crossingMs : toMs;
    if (untilMs - sinceMs > toleranceMs && breach === undefined) {
      breach = blame(run, node, sinceMs, `used more than ${formatMilli(allowedMilli)}`);
    }
    if (toMilli <= allowedMilli) sinceMs = undefined;
  }
  return { highestMilli, breach };
}

/** The last pod that was sent there before: with it the node went above. */
function blame(run: Run, node: NodeResult, atMs: number, what: string): Divergence {
  const last = run.pods
    .filter((pod) => pod.node === node.name && isBoundAt(pod, atMs))
    .sort((left, right) => (right.boundAtMs ?? 0) - (left.boundAtMs ?? 0))[0];
  const who =
    last === undefined ? 'without a pod of a workload' : `last placed: ${last.namespace}/${last.name}`;
  return {
    atMs,
    what: `${node.name} ${what} from ${sinceStart(run, atMs)} on; ${who}`,
    decision: last && lastDecisionOf(last),
  };
}
