import type { AnnotationProblem } from '../placement/annotations.ts';
import type { Decision } from '../placement/decision.ts';
import { explainDecision, summariseDecision } from '../placement/explain.ts';
import type { Ranking } from '../placement/rank.ts';
import { reasonText } from '../placement/reasons.ts';
import type { Tier } from '../placement/types.ts';
import type { Verb } from './labels.ts';
import type { Logger } from './logger.ts';
import { createThrottle } from './throttle.ts';

interface PodReference {
  readonly namespace: string;
  readonly name: string;
}

/** Fits the extender's observer. */
export interface DecisionLogger {
  readonly decided: (decision: Decision, verb: 'filter', problems: readonly AnnotationProblem[]) => void;
  readonly ranked: (pod: PodReference, ranking: Ranking) => void;
  readonly preempted: (pod: PodReference, asked: readonly string[], kept: readonly string[]) => void;
  readonly failedOpen: (verb: Verb, error: unknown) => void;
  readonly rejected: (verb: Verb, reason: string) => void;
  readonly boundUnasked: (pod: PodReference & { readonly schedulerName: string }, tier: Tier) => void;
}

const ONCE_EVERY_MS = 60_000;
const MAX_KEYS = 2000;

/**
 * What of the decisions an operator reads. At `info`, what is out of the ordinary, once a minute each with
 * the number of times it happened: why pods overflow, which pod stays pending or went above the threshold.
 * At `debug` a line for every answer, at `trace` one for every candidate.
 */
export function createDecisionLogger(logger: Logger, now: () => number): DecisionLogger {
  const throttle = createThrottle(ONCE_EVERY_MS, MAX_KEYS);
  return {
    decided: (decision, _verb, problems) => {
      logDecision(logger, decision);
      const notable = notableEvent(decision);
      const times = notable && throttle(notable.key, decision.atMs);
      if (times !== undefined) logger.info({ ...notable?.fields, times }, notable?.message);
      for (const problem of problems) {
        // The pods of a workload share their mistakes.
        const key = `annotation ${decision.pod.namespace} ${problem.annotation} ${problem.found}`;
        const problemTimes = throttle(key, decision.atMs);
        if (problemTimes === undefined) continue;
        logger.warn({ pod: podName(decision.pod), ...problem, times: problemTimes }, 'annotation ignored');
      }
    },
    ranked: (pod, { first, scores }) => {
      logger.debug({ pod: podName(pod), first, nodes: scores.length }, 'prioritized');
    },
    preempted: (pod, asked, kept) => {
      logger.debug({ pod: podName(pod), asked: asked.length, kept: kept.length }, 'preemption answered');
    },
    boundUnasked: (pod, tier) => {
      const times = throttle(`unasked ${tier}`, now());
      if (times === undefined) return;
      const fields = { pod: podName(pod), scheduler: pod.schedulerName, tier, times };
      logger.warn(
        fields,
        'pods were bound without a question: does their scheduler ask another Spillway too?',
      );
    },
    failedOpen: (verb, error) => {
      const times = throttle(`failed open ${verb} ${String(error)}`, now());
      if (times !== undefined) logger.error({ verb, error, times }, 'internal error, candidates passed');
    },
    rejected: (verb, reason) => {
      // Numbers in a reason, like a body's length, make no event of its own.
      const times = throttle(`rejected ${verb} ${reason.replace(/\d+/g, '#')}`, now());
      if (times !== undefined) logger.warn({ verb, reason, times }, 'question not answered');
    },
  };
}

function logDecision(logger: Logger, decision: Decision): void {
  if (!logger.isLevelEnabled('debug')) return;
  const { pod, result, reason, nodes, estimate, candidates } = decision;
  const fields = {
    pod: podName(pod),
    result,
    reason,
    // One node is the edge's answer; of many, how many there were says enough.
    node: nodes.length === 1 ? nodes[0] : undefined,
    nodes: nodes.length,
    candidates: candidates.length,
    estimateMilli: estimate.milli,
    estimateSource: estimate.source,
  };
  logger.debug(fields, summariseDecision(decision));
  if (!logger.isLevelEnabled('trace')) return;
  for (const line of explainDecision(decision).slice(1)) logger.trace({ pod: fields.pod }, line.trim());
}

interface Notable {
  readonly key: string;
  readonly message: string;
  readonly fields: Readonly<Record<string, unknown>>;
}

function notableEvent({ pod, result, reason, nodes }: Decision): Notable | undefined {
  const name = podName(pod);
  switch (result) {
    case 'overflow':
      return {
        key: `overflow ${reason}`,
        message: `pods overflow to the cloud: ${reasonText(reason)}`,
        fields: { reason, pod: name },
      };
    case 'pending':
      return {
        key: `pending ${name} ${reason}`,
        message: `pod stays pending: ${reasonText(reason)}`,
        fields: { reason, pod: name },
      };
    case 'overload':
      return {
        key: `overload ${nodes[0]}`,
        message: 'edge node filled above its threshold, for want of a cloud node',
        fields: { reason, pod: name, node: nodes[0] },
      };
    default:
      return undefined;
  }
}

function podName({ namespace, name }: PodReference): string {
  return `${namespace}/${name}`;
}
