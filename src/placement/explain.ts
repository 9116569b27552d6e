import type { CandidateVerdict, Decision } from './decision.ts';
import { reasonText } from './reasons.ts';

/** One line that says what was decided and why: for logs, the debug page and the simulator. */
export function summariseDecision(decision: Decision): string {
  const { pod, result, nodes, estimate } = decision;
  const expected = `${formatMilli(estimate.milli)} (${estimate.source})`;
  return `${pod.namespace}/${pod.name}: ${result}, ${whereText(nodes)}; estimate ${expected}; ${reasonText(decision.reason)}`;
}

function whereText(nodes: readonly string[]): string {
  const [first = 'nowhere'] = nodes;
  return nodes.length > 1 ? `${nodes.length} nodes` : first;
}

/** A line for every candidate, with the numbers that its verdict rests on. */
export function explainDecision(decision: Decision): readonly string[] {
  return [
    summariseDecision(decision),
    ...decision.candidates.map((candidate) => `  ${explainCandidate(candidate)}`),
  ];
}

function explainCandidate(candidate: CandidateVerdict): string {
  const { node, tier = 'unknown', freshness, verdict, reason } = candidate;
  const numbers = [
    numberOf('usage', candidate.usageMilli),
    numberOf('forecast', candidate.forecastMilli),
    numberOf('estimate', candidate.estimateMilli),
    numberOf('threshold', candidate.thresholdMilli),
  ].filter((text) => text !== undefined);
  const metrics = freshness === undefined ? '' : `, metrics ${freshness}`;
  return `${node} (${tier}${metrics}): ${verdict}, ${reasonText(reason)}; ${numbers.join(', ')}`;
}

function numberOf(name: string, milli: number | undefined): string | undefined {
  return milli === undefined ? undefined : `${name} ${formatMilli(milli)}`;
}

/** `283m`, and a fraction only where there is one: `283.5m`. */
export function formatMilli(milli: number): string {
  return `${Math.round(milli * 10) / 10}m`;
}
