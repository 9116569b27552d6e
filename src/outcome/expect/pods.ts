import type { ExpectationOf } from '../../trace/expectations.ts';
import type { Divergence, PodResult } from '../result.ts';
import type { Outcome, Run } from './check.ts';
import { boundsText, byBinding, excess, isBoundAt, lastDecisionOf, podsOf, sinceStart } from './select.ts';

type PodsExpectation = ExpectationOf<'pods'>;

export function checkPods(expectation: PodsExpectation, run: Run): Outcome {
  const candidates = podsOf(run, expectation.workload);
  const matching = candidates.filter((pod) => isAt(pod, expectation));
  const span = spanOf(expectation, run);
  // The count changes only when a pod is bound or begins to terminate.
  const moments = [
    span.fromMs,
    ...matching.flatMap(({ boundAtMs, terminatingAtMs }) => [boundAtMs ?? [], terminatingAtMs ?? []].flat()),
  ].filter((atMs) => atMs >= span.fromMs && atMs <= span.toMs);
  const counts = [...new Set(moments)]
    .sort((left, right) => left - right)
    .map((atMs) => ({ atMs, count: matching.filter((pod) => isBoundAt(pod, atMs)).length }));
  const wrong = counts.find(({ count }) => excess(count, expectation) !== 0);
  const found =
    wrong === undefined
      ? rangeText(counts.map(({ count }) => count))
      : `${wrong.count} at ${sinceStart(run, wrong.atMs)}`;
  const base = { expected: expectedText(expectation, run), held: wrong === undefined, found };
  if (wrong === undefined) return base;
  const off = excess(wrong.count, expectation);
  const diverged =
    off > 0
      ? firstTooMany(matching, wrong.count - off, wrong.atMs)
      : firstElsewhere(candidates, expectation, -off, wrong.atMs);
  return { ...base, diverged };
}

export function checkPeakReplicas(expectation: ExpectationOf<'peakReplicas'>, run: Run): Outcome {
  const pods = podsOf(run, expectation.workload);
  const exists = (pod: PodResult, atMs: number) =>
    pod.createdAtMs <= atMs && (pod.terminatingAtMs === undefined || atMs < pod.terminatingAtMs);
  let peak = { count: 0, atMs: run.startMs };
  for (const { createdAtMs: atMs } of pods) {
    const count = pods.filter((pod) => exists(pod, atMs)).length;
    if (count > peak.count) peak = { count, atMs };
  }
  const whose = expectation.workload === undefined ? '' : ` of ${expectation.workload}`;
  const held = excess(peak.count, expectation) === 0;
  return {
    expected: `${boundsText(expectation)}${whose} at the peak`,
    held,
    found: `${peak.count} at ${sinceStart(run, peak.atMs)}`,
    ...(!held && {
      diverged: { atMs: peak.atMs, what: 'replicas come from the events of the trace; no decision did it' },
    }),
  };
}

function rangeText(counts: readonly number[]): string {
  const [least, most] = [Math.min(...counts), Math.max(...counts)];
  return least === most ? String(least) : `${least} to ${most}`;
}

function isAt(pod: PodResult, { tier, node }: PodsExpectation): boolean {
  return (tier === undefined || pod.tier === tier) && (node === undefined || pod.node === node);
}

function spanOf({ at, from, to }: PodsExpectation, { startMs, endMs }: Run) {
  if (typeof at === 'number') return { fromMs: startMs + at, toMs: startMs + at };
  if (from === undefined && to === undefined) return { fromMs: endMs, toMs: endMs };
  return { fromMs: startMs + (from ?? 0), toMs: to === undefined ? endMs : startMs + to };
}

function expectedText(expectation: PodsExpectation, run: Run): string {
  const { workload, tier, node } = expectation;
  const whose = workload === undefined ? '' : ` of ${workload}`;
  const where = [tier === undefined ? '' : ` in tier ${tier}`, node === undefined ? '' : ` on ${node}`].join(
    '',
  );
  return `${boundsText(expectation)}${whose}${where} ${whenText(spanOf(expectation, run), run)}`;
}

function whenText({ fromMs, toMs }: ReturnType<typeof spanOf>, run: Run): string {
  if (fromMs !== toMs) return `from ${sinceStart(run, fromMs)} to ${sinceStart(run, toMs)}`;
  return fromMs === run.endMs ? 'at the end' : `at ${sinceStart(run, fromMs)}`;
}

/** The pod that made it one too many. */
function firstTooMany(matching: readonly PodResult[], allowed: number, atMs: number): Divergence {
  const extra = matching.filter((pod) => isBoundAt(pod, atMs)).sort(byBinding)[allowed];
  if (extra === undefined) return { atMs, what: 'no single pod is to blame' };
  return {
    atMs: extra.boundAtMs ?? atMs,
    what: `${extra.namespace}/${extra.name} went to ${extra.node} as number ${allowed + 1}`,
    decision: lastDecisionOf(extra),
  };
}

/**
 * The first pod that should have gone there and went elsewhere, or nowhere. Pods come to the edge first: what
 * the edge misses is the first that it did not get; what the cloud misses are the last that the edge got.
 */
function firstElsewhere(
  candidates: readonly PodResult[],
  expectation: PodsExpectation,
  missing: number,
  atMs: number,
): Divergence {
  const there = (pod: PodResult) => pod.createdAtMs <= atMs && (pod.terminatingAtMs ?? atMs + 1) > atMs;
  const elsewhere = candidates
    .filter((pod) => there(pod) && !(isAt(pod, expectation) && isBoundAt(pod, atMs)))
    .sort((left, right) => left.createdAtMs - right.createdAtMs);
  const other = elsewhere[expectation.tier === 'cloud' ? Math.max(0, elsewhere.length - missing) : 0];
  if (other === undefined) return { atMs, what: 'there were no other pods: the events made no more' };
  const where = other.node === undefined ? 'was not placed' : `went to ${other.node}`;
  return {
    atMs: other.boundAtMs ?? other.createdAtMs,
    what: `${other.namespace}/${other.name} ${where}`,
    decision: lastDecisionOf(other),
  };
}
