import { formatMilli } from '../../placement/explain.ts';
import type { Divergence, NodeResult } from '../result.ts';
import type { ExpectationOf } from '../trace/expectations.ts';
import type { Outcome, Run } from './check.ts';
import { isBoundAt, lastDecisionOf, sinceStart } from './select.ts';

type Measure = 'planned' | 'measured' | 'real';

/** The highest value of a measure, and the first that is above what is allowed. */
interface Extremes {
  readonly measure: Measure;
  readonly highestMilli: number;
  readonly breach?: Divergence | undefined;
}

const ALL: readonly Measure[] = ['planned', 'measured', 'real'];
const TOLERANCE_MILLI = 1e-6;

export function checkEdgeBelowThreshold(expectation: ExpectationOf<'edgeBelowThreshold'>, run: Run): Outcome {
  const { of: measures = ALL, toleranceCpu = 0, toleranceTime = 0 } = expectation;
  const edge = run.nodes.filter(({ tier }) => tier === 'edge');
  const found = edge.flatMap((node) =>
    measures.map((measure) => ({ node, ...extremesOf(run, node, measure, toleranceCpu, toleranceTime) })),
  );
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

function extremesOf(
  run: Run,
  node: NodeResult,
  measure: Measure,
  toleranceMilli: number,
  toleranceMs: number,
): Extremes {
  const allowedMilli = (node.thresholdMilli ?? 0) + toleranceMilli + TOLERANCE_MILLI;
  switch (measure) {
    case 'planned':
      return planned(run, node, allowedMilli);
    case 'measured':
      return measured(run, node, allowedMilli);
    case 'real':
      return real(run, node, allowedMilli, toleranceMs);
  }
}

/** The forecast with the pod, whenever one was sent to the node. */
function planned(run: Run, node: NodeResult, allowedMilli: number): Extremes {
  let highestMilli = 0;
  let breach: Divergence | undefined;
  run.decisions.forEach((decision, index) => {
    const candidate = decision.candidates.find(({ node: name }) => name === node.name);
    const { forecastMilli, estimateMilli = 0 } = candidate ?? {};
    if (candidate?.verdict !== 'answered' || forecastMilli === undefined) return;
    const milli = forecastMilli + estimateMilli;
    highestMilli = Math.max(highestMilli, milli);
    if (milli <= allowedMilli || breach !== undefined) return;
    const what = `${node.name} planned at ${formatMilli(milli)} with ${decision.pod.namespace}/${decision.pod.name}`;
    breach = { atMs: decision.atMs, what, decision: index };
  });
  return { measure: 'planned', highestMilli, breach };
}

function measured(run: Run, node: NodeResult, allowedMilli: number): Extremes {
  const above = node.measured.find(({ milli }) => milli > allowedMilli);
  return {
    measure: 'measured',
    highestMilli: Math.max(0, ...node.measured.map(({ milli }) => milli)),
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
  return { measure: 'real', highestMilli, breach };
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
