import type { PodResult, SimulationResult } from '../outcome/result.ts';
import type { Decision } from '../placement/decision.ts';
import { summariseDecision } from '../placement/explain.ts';
import { reasonText } from '../placement/reasons.ts';
import { type Column, formatTable } from '../text/table.ts';

/** One line of the table: what happened when. */
interface Row {
  readonly atMs: number;
  readonly cells: readonly string[];
}

const COLUMNS: readonly Column[] = [
  { title: 'time', align: 'right' },
  { title: 'event', align: 'left' },
  { title: 'node', align: 'left' },
  { title: 'edge CPU: forecast → with it', align: 'left' },
  { title: 'why', align: 'left' },
];

/** What went where and when. */
export function eventTable(result: SimulationResult): readonly string[] {
  const rows = [
    ...result.scalings.map((scaling): Row => {
      const { atMs, workload, from, to } = scaling;
      return { atMs, cells: [`scale ${workload} ${from} → ${to}`] };
    }),
    ...result.pods.flatMap((pod) => podRows(result, pod)),
    ...deletionRows(result),
  ];
  // Stable: what happens at the same time stays in the order above.
  const sorted = rows.sort((left, right) => left.atMs - right.atMs);
  return formatTable(
    COLUMNS,
    sorted.map(({ atMs, cells }) => [timeText(result, atMs), ...cells]),
  );
}

/** Seconds since the start, to the millisecond: a burst's decisions are two of them apart. */
export function timeText({ startMs }: Pick<SimulationResult, 'startMs'>, atMs: number): string {
  return ((atMs - startMs) / 1000).toFixed(3);
}

function podRows(result: SimulationResult, pod: PodResult): readonly Row[] {
  return pod.attempts.map((attempt, index) => {
    const decision = attempt.decision === undefined ? undefined : result.decisions[attempt.decision];
    const assumed = attempt.result === 'assumed';
    const where = assumed ? `${pod.node ?? '?'} (${pod.tier ?? '?'})` : 'pending';
    const retry = index === 0 ? '' : `, attempt ${index + 1}`;
    return {
      atMs: attempt.atMs,
      cells: [
        `  place ${pod.name}${retry}`,
        where,
        decision === undefined ? '' : edgeText(decision),
        whyText(attempt, decision),
      ],
    };
  });
}

/** Spillway's reason; the scheduler's where it left out nodes before Spillway was asked. */
function whyText({ reasons }: PodResult['attempts'][number], decision: Decision | undefined): string {
  const leftOut = Object.entries(reasons).map(([reason, nodes]) => `${nodes} node(s): ${reason}`);
  if (decision === undefined) return leftOut.join(', ');
  const why = reasonText(decision.reason);
  return decision.reason === 'no-edge-candidate' ? [why, ...leftOut].join('; ') : why;
}

/** The edge node that was chosen, or the one that came nearest to taking the pod. */
function edgeText({ candidates }: Decision): string {
  const edge = candidates.filter(({ tier }) => tier === 'edge');
  const room = ({ thresholdMilli = 0, forecastMilli = 0 }: (typeof edge)[number]) =>
    thresholdMilli - forecastMilli;
  const shown =
    edge.find(({ verdict }) => verdict === 'answered') ??
    [...edge].sort((left, right) => room(right) - room(left))[0];
  if (shown === undefined) return 'no edge node to ask';
  const { node, forecastMilli = 0, estimateMilli = 0, thresholdMilli = 0 } = shown;
  const name = edge.length === 1 ? '' : `${node} `;
  const afterMilli = forecastMilli + estimateMilli;
  const sign = afterMilli > thresholdMilli + 1e-6 ? '>' : '≤';
  const [before, after, threshold] = [forecastMilli, afterMilli, thresholdMilli].map(Math.round);
  return `${name}${before}m → ${after}m ${sign} ${threshold}m`;
}

/** Deletions at the same time, one line a node. */
function deletionRows({ pods }: SimulationResult): readonly Row[] {
  const groups = new Map<string, PodResult[]>();
  for (const pod of pods) {
    if (pod.terminatingAtMs === undefined) continue;
    const key = `${pod.terminatingAtMs} ${pod.node ?? ''}`;
    groups.set(key, [...(groups.get(key) ?? []), pod]);
  }
  return Array.from(groups.values(), (group): Row => {
    const names = group.map(({ name }) => name).join(', ');
    const [first] = group;
    const where = first?.node === undefined ? 'pending' : `${first.node} (${first.tier})`;
    const count = `  delete ${group.length} ${group.length === 1 ? 'pod' : 'pods'}`;
    return { atMs: first?.terminatingAtMs ?? 0, cells: [count, where, '', names] };
  });
}

/** Every decision in one line, and every pod's steps: `--verbose`. */
export function verboseLog(result: SimulationResult): readonly string[] {
  const steps = result.pods.flatMap((pod) =>
    (
      [
        ['created', pod.createdAtMs],
        ['bound', pod.boundAtMs],
        ['started', pod.startedAtMs],
        ['ready', pod.readyAtMs],
        ['terminating', pod.terminatingAtMs],
        ['gone', pod.goneAtMs],
      ] as const
    ).flatMap(([step, atMs]) =>
      atMs === undefined ? [] : [{ atMs, text: `${pod.namespace}/${pod.name} ${step}` }],
    ),
  );
  const samples = result.nodes.flatMap(({ name, measured }) =>
    measured.map(({ atMs, milli, sampleEndMs, windowMs }) => ({
      atMs,
      text: `metrics of ${name}: ${Math.round(milli)}m over ${windowMs / 1000} s to ${timeText(result, sampleEndMs)}`,
    })),
  );
  const decisions = result.decisions.map((decision) => ({
    atMs: decision.atMs,
    text: summariseDecision(decision),
  }));
  return [...steps, ...samples, ...decisions]
    .sort((left, right) => left.atMs - right.atMs)
    .map(({ atMs, text }) => `${timeText(result, atMs).padStart(10)}  ${text}`);
}
