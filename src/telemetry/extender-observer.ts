import type { Tier } from '../placement/types.ts';
import { type AskedPod, createAskedPods } from './asked-pods.ts';
import type { DecisionLogger } from './decision-logger.ts';
import type { Metrics } from './metrics.ts';
import type { DecisionRing } from './ring.ts';

/** What the extender is given to speak to: counts, remembers and logs. */
export type ExtenderTelemetry = Omit<DecisionLogger, 'boundUnasked'>;

/** Told of pods that were bound: by what was asked about they are known, or not. */
export interface BindingTelemetry {
  readonly asked: (pod: AskedPod) => void;
  readonly podBound: (pod: BoundPod, tier: Tier) => void;
}

interface BoundPod extends AskedPod {
  readonly namespace: string;
  readonly name: string;
}

export function createBindingTelemetry(
  metrics: Pick<Metrics, 'boundUnasked'>,
  logger: Pick<DecisionLogger, 'boundUnasked'>,
  now: () => number,
): BindingTelemetry {
  const pods = createAskedPods();
  return {
    asked: (pod) => pods.asked(pod, now()),
    podBound: (pod, tier) => {
      if (!pods.isUnasked(pod, now())) return;
      metrics.boundUnasked(tier);
      logger.boundUnasked(pod, tier);
    },
  };
}

export function createExtenderTelemetry(
  metrics: Metrics['extender'],
  ring: DecisionRing,
  logger: DecisionLogger,
): ExtenderTelemetry {
  return {
    decided: (decision, verb, problems) => {
      metrics.decided(decision, verb, problems);
      ring.push(decision);
      logger.decided(decision, verb, problems);
    },
    ranked: (pod, ranking) => {
      metrics.ranked(pod, ranking);
      logger.ranked(pod, ranking);
    },
    preempted: (pod, asked, kept) => {
      metrics.preempted(pod, asked, kept);
      logger.preempted(pod, asked, kept);
    },
    failedOpen: (verb, error) => {
      metrics.failedOpen(verb, error);
      logger.failedOpen(verb, error);
    },
    // Counted by the server, by the status code that it answers.
    rejected: logger.rejected,
  };
}
