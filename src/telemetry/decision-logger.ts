import type { AnnotationProblems } from '../placement/annotations.ts';
import type { Decision } from '../placement/decision.ts';
import { explainDecision, summariseDecision } from '../placement/explain.ts';
import type { Ranking } from '../placement/rank.ts';
import { reasonText } from '../placement/reasons.ts';
import type { Tier } from '../placement/types.ts';
import type { Verb } from '../placement/verbs.ts';
import { printable } from '../text/printable.ts';
import { createLineLimit } from './line-limit.ts';
import type { Logger } from './logger.ts';

interface PodReference {
  readonly namespace: string;
  readonly name: string;
}

/** Fits the extender's observer. */
export interface DecisionLogger {
  readonly decided: (decision: Decision, verb: 'filter', problems: AnnotationProblems) => void;
  readonly ranked: (pod: PodReference, ranking: Ranking) => void;
  readonly preempted: (pod: PodReference, asked: readonly string[], kept: readonly string[]) => void;
  readonly failedOpen: (verb: Verb, error: unknown) => void;
  readonly rejected: (verb: Verb, reason: string) => void;
  readonly boundUnasked: (pod: PodReference & { readonly schedulerName: string }, tier: Tier) => void;
}

/** Names, which may be anybody's: real ones are rarely above 63 characters. */
const MAX_FIELD_CHARACTERS = 200;
/** A decision in one line, with the names of a namespace, a pod and a node. */
const MAX_MESSAGE_CHARACTERS = 1000;

/**
 * What of the decisions an operator reads. At `info`, what is out of the ordinary, once a minute each with
 * the number of times it happened: why pods overflow, which pod stays pending or went above the threshold.
 * At `debug` a line for every answer, at `trace` one for every candidate.
 */
export function createDecisionLogger(logger: Logger, now: () => number): DecisionLogger {
  const limits = {
    overflow: createLineLimit(logger, 'overflow'),
    pending: createLineLimit(logger, 'pending'),
    overload: createLineLimit(logger, 'overload'),
    annotations: createLineLimit(logger, 'annotations'),
    failures: createLineLimit(logger, 'failures'),
    rejections: createLineLimit(logger, 'rejections'),
    unasked: createLineLimit(logger, 'unasked'),
  };
  return {
    decided: (decision, _verb, { shown, further }) => {
      logDecision(logger, decision);
      const pod = podName(decision.pod);
      const notable = notableEvent(decision, pod);
      const times = notable && limits[notable.kind](notable.key, decision.atMs);
      if (times !== undefined) logger.info({ ...notable?.fields, times }, notable?.message);
      for (const problem of shown) {
        // The pods of a workload share their mistakes.
        const key = `${decision.pod.namespace} ${problem.annotation} ${problem.found}`;
        const problemTimes = limits.annotations(key, decision.atMs);
        if (problemTimes === undefined) continue;
        const more = further === 0 ? undefined : further;
        logger.warn({ pod, ...problem, further: more, times: problemTimes }, 'annotation ignored');
      }
    },
    ranked: (pod, { first, scores }) => {
      logger.debug({ pod: podName(pod), first: first && nameOf(first), nodes: scores.length }, 'prioritized');
    },
    preempted: (pod, asked, kept) => {
      logger.debug({ pod: podName(pod), asked: asked.length, kept: kept.length }, 'preemption answered');
    },
    boundUnasked: (pod, tier) => {
      const times = limits.unasked(tier, now());
      if (times === undefined) return;
      const fields = { pod: podName(pod), scheduler: nameOf(pod.schedulerName), tier, times };
      logger.warn(
        fields,
        'pods were bound without a question: does their scheduler ask another Spillway too?',
      );
    },
    failedOpen: (verb, error) => {
      const times = limits.failures(`${verb} ${String(error)}`, now());
      if (times !== undefined) logger.error({ verb, error, times }, 'internal error, candidates passed');
    },
    rejected: (verb, reason) => {
      // Numbers in a reason, like a body's length, make no event of its own.
      const times = limits.rejections(`${verb} ${reason.replace(/\d+/g, '#')}`, now());
      if (times === undefined) return;
      logger.warn({ verb, reason: printable(reason, MAX_FIELD_CHARACTERS), times }, 'question not answered');
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
    node: nodes.length === 1 ? nameOf(nodes[0]) : undefined,
    nodes: nodes.length,
    candidates: candidates.length,
    estimateMilli: estimate.milli,
    estimateSource: estimate.source,
  };
  logger.debug(fields, printable(summariseDecision(decision), MAX_MESSAGE_CHARACTERS));
  if (!logger.isLevelEnabled('trace')) return;
  for (const line of explainDecision(decision).slice(1)) {
    logger.trace({ pod: fields.pod }, printable(line.trim(), MAX_MESSAGE_CHARACTERS));
  }
}

interface Notable {
  readonly kind: 'overflow' | 'pending' | 'overload';
  readonly key: string;
  readonly message: string;
  readonly fields: Readonly<Record<string, unknown>>;
}

function notableEvent({ result, reason, nodes }: Decision, pod: string): Notable | undefined {
  switch (result) {
    case 'overflow':
      return {
        kind: result,
        key: reason,
        message: `pods overflow to the cloud: ${reasonText(reason)}`,
        fields: { reason, pod },
      };
    case 'pending':
      return {
        kind: result,
        key: `${reason} ${pod}`,
        message: `pod stays pending: ${reasonText(reason)}`,
        fields: { reason, pod },
      };
    case 'overload':
      return {
        kind: result,
        key: `${nodes[0]}`,
        message: 'edge node filled above its threshold, for want of a cloud node',
        fields: { reason, pod, node: nameOf(nodes[0]) },
      };
    default:
      return undefined;
  }
}

function podName({ namespace, name }: PodReference): string {
  return nameOf(`${namespace}/${name}`);
}

function nameOf(name: string | undefined): string {
  return printable(name ?? '', MAX_FIELD_CHARACTERS);
}
