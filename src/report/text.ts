import type { SimulationResult } from '../outcome/result.ts';
import { explainDecision } from '../placement/explain.ts';
import { eventTable, timeText, verboseLog } from './events.ts';
import { expectationLines } from './expectations.ts';
import { ranText } from './ran.ts';
import { nodeTable } from './summary.ts';

export interface ReportOptions {
  readonly verbose: boolean;
}

/** The report of a run, for a terminal. */
export function textReport(result: SimulationResult, { verbose }: ReportOptions): string {
  const { trace, startMs, endMs } = result;
  const lines = [
    `${trace.name}: ${(endMs - startMs) / 1000} s ${ranText(result)}, seed ${trace.seed}`,
    ...(trace.description === undefined ? [] : [trace.description]),
    '',
    ...eventTable(result),
    '',
    ...nodeTable(result),
    '',
    ...(verbose ? [...verboseLog(result), ''] : []),
    ...expectationLines(result),
  ];
  return `${lines.join('\n')}\n`;
}

/**
 * Every decision about one pod, with all candidates.
 *
 * @param name `nodeinfo-3` or `openfaas-fn/nodeinfo-3`
 * @returns undefined when the run has no such pod
 */
export function explainPod(result: SimulationResult, name: string): string | undefined {
  const pods = result.pods.filter((pod) => pod.name === name || `${pod.namespace}/${pod.name}` === name);
  if (pods.length === 0) return undefined;
  const lines = pods.flatMap((pod) =>
    pod.attempts.flatMap(({ atMs, decision, scores, reasons }) => {
      const made = decision === undefined ? undefined : result.decisions[decision];
      const who = `${pod.namespace}/${pod.name}`;
      return [
        `at ${timeText(result, atMs)}`,
        ...(made === undefined
          ? [`  ${who}: Spillway was not asked`]
          : explainDecision(made).map((line) => `  ${line}`)),
        ...scores.map(
          ({ node, total }) => `    score of ${node}: ${total}${node === pod.node ? ', chosen' : ''}`,
        ),
        ...Object.entries(reasons).map(([reason, nodes]) => `    ${nodes} node(s): ${reason}`),
      ];
    }),
  );
  return `${lines.join('\n')}\n`;
}
