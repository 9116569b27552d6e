import { rollup } from 'd3-array';
import type { CandidateVerdict, Decision } from '../../../placement/decision.ts';
import { summariseDecision } from '../../../placement/explain.ts';
import { reasonText } from '../../../placement/reasons.ts';
import { counted, milliText } from '../format.ts';
import { type Html, html } from '../markup.ts';

/** With more nodes than this, the others are counted by their reason. */
const MOST_ROWS = 12;

/** What a decision knew of every node that it was asked about, and what it made of it. */
export function candidateTable(decision: Decision): Html {
  const { candidates, estimate } = decision;
  if (candidates.length === 0) return html`<p class="quiet">It was asked about no node.</p>`;
  const ordered = [...candidates].sort((left, right) => rankOf(left) - rankOf(right));
  const rest = rollup(
    ordered.slice(MOST_ROWS),
    (members) => members.length,
    ({ verdict, reason }) => `${verdict}: ${reasonText(reason)}`,
  );
  return html`<p class="quiet">The pod is expected to use ${milliText(estimate.milli)} (${estimate.source}); placement ${decision.policy.placement}.</p>
<div class="scroll" tabindex="0" role="group" aria-label="Candidates of ${decision.pod.name}"><table class="candidates"><thead><tr><th scope="col">node<th scope="col" class="n">usage<th scope="col" class="n">forecast<th scope="col" class="n">estimate<th scope="col" class="n">sum<th scope="col" class="n">threshold<th scope="col">verdict</tr></thead><tbody>
${ordered.slice(0, MOST_ROWS).map(rowOf)}</tbody></table></div>${Array.from(
    rest,
    ([why, nodes]) => html`<p class="quiet">${counted(nodes, 'more node')} ${why}</p>`,
  )}`;
}

function rowOf(candidate: CandidateVerdict): Html {
  const {
    node,
    tier = 'unknown',
    freshness,
    forecastMilli,
    estimateMilli,
    thresholdMilli,
    verdict,
  } = candidate;
  const sum =
    forecastMilli === undefined || estimateMilli === undefined ? undefined : forecastMilli + estimateMilli;
  const over = sum !== undefined && thresholdMilli !== undefined && sum > thresholdMilli;
  const metrics = freshness === undefined || freshness === 'fresh' ? '' : `, metrics ${freshness}`;
  const cells = [candidate.usageMilli, forecastMilli, estimateMilli].map(cell);
  return html`<tr class="${verdict}"><th scope="row">${node} <small class="${tier}">${tier}${metrics}</small>${cells}<td class="n${over ? ' above' : ''}">${cellText(sum)}${cell(thresholdMilli)}<td>${verdict}: ${reasonText(candidate.reason)}
`;
}

function cell(milli: number | undefined): Html {
  return html`<td class="n">${cellText(milli)}`;
}

function cellText(milli: number | undefined): string {
  return milli === undefined ? '–' : milliText(milli);
}

/** The nodes answered first, then the edge from the node with the most room on. */
function rankOf({ verdict, tier, thresholdMilli = 0, forecastMilli = 0 }: CandidateVerdict): number {
  const roomRank = Math.atan(forecastMilli - thresholdMilli) / Math.PI;
  return (verdict === 'answered' ? 0 : 4) + (tier === 'edge' ? 0 : 2) + (tier === 'edge' ? roomRank : 0);
}

/** The line of text that logs show for it too. */
export function decisionLine(decision: Decision): string {
  return summariseDecision(decision);
}
