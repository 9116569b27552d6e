import type { AutoscalerResult, SimulationResult } from '../outcome/result.ts';
import type { Decision } from '../placement/decision.ts';
import { workloadResults } from '../simulator/load/workloads.ts';
import { closeAccounts } from '../simulator/model/cpu.ts';
import { clockMs } from '../simulator/model/world.ts';
import { resultOf } from '../simulator/record.ts';
import { traceConfig } from '../simulator/simulate.ts';
import { checkRehearsal } from './expectations.ts';
import type { Shadow } from './shadow.ts';

/**
 * What came of a rehearsal: the same value as a simulation has, so that reports and comparisons read both.
 *
 * @param decisions undefined: nobody told of them
 */
export function rehearsalResult(
  shadow: Shadow,
  decisions: readonly Decision[] | undefined,
  autoscalers: readonly AutoscalerResult[],
): SimulationResult {
  const { trace, cpu, recorder, world } = shadow;
  closeAccounts(cpu);
  const own = (decisions ?? []).flatMap((decision) => decisionInTrace(shadow, decision) ?? []);
  for (const [index, { pod, atMs, nodes }] of own.entries()) {
    const result = nodes.length > 0 ? 'assumed' : 'unschedulable';
    const attempts = recorder.pods.get(shadow.pods.get(pod.uid) ?? NOBODY);
    attempts?.push({ atMs, result, decision: index, scores: [], reasons: {} });
  }
  const { thresholdRatio } = traceConfig(trace).placement;
  const { responses, users } = shadow.load.answered();
  const run = {
    ...resultOf(recorder, world, cpu, thresholdRatio),
    on: 'cluster' as const,
    decisions: own,
    autoscalers,
    workloads: workloadResults(cpu, { responses, users }),
  };
  const expectations = checkRehearsal(trace, { ...run, responses }, decisions !== undefined);
  return { ...run, expectations };
}

/** No pod of the run: a key that nothing is found by. */
const NOBODY = {} as never;

/** With the names and the clock of the trace; undefined: of a pod that is not the trace's. */
function decisionInTrace({ pods }: Shadow, decision: Decision): Decision | undefined {
  const pod = pods.get(decision.pod.uid);
  if (pod === undefined) return undefined;
  return { ...decision, pod: { uid: pod.uid, namespace: pod.namespace, name: pod.name } };
}

/** What a decision's time is on the clock of the result. */
export function onClock(decision: Decision, startMs: number): Decision {
  return { ...decision, atMs: clockMs(decision.atMs - startMs) };
}
