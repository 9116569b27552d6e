import type { DecisionLogger } from './decision-logger.ts';
import type { Metrics } from './metrics.ts';
import type { DecisionRing } from './ring.ts';

/** What the extender is given to speak to: counts, remembers and logs. */
export type ExtenderTelemetry = DecisionLogger;

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
