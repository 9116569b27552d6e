import { bucketsOf, summarise } from '../../outcome/responses.ts';
import type { WorkloadResult } from '../../outcome/result.ts';
import type { Cpu } from '../model/cpu.ts';
import type { Answered } from './start.ts';

/** What came of the loads of Deployments that users make: in the order of the trace. */
export function workloadResults(cpu: Cpu, { responses, users }: Answered): readonly WorkloadResult[] {
  const { world } = cpu;
  const { nowMs } = world.timeline;
  const demanded = cpu.load.demanded?.(nowMs) ?? new Map<string, number>();
  return world.trace.load.flatMap((load): readonly WorkloadResult[] => {
    if (load.type === 'recordedCpu') return [];
    const workload = load.deployment;
    const answers = responses.get(workload);
    const asked = demanded.get(workload);
    return [
      {
        workload,
        users: (users.get(workload) ?? []).filter(({ atMs }) => atMs <= nowMs),
        responses: answers === undefined ? [] : bucketsOf(answers),
        summary: answers && summarise(answers),
        unservedCpuSeconds: asked === undefined ? undefined : unserved(cpu, workload, asked),
      },
    ];
  });
}

function unserved({ accounts }: Cpu, workload: string, asked: number): number {
  let used = 0;
  for (const { usedByWorkload } of accounts.values()) used += usedByWorkload.get(workload) ?? 0;
  // From millicore-milliseconds to core-seconds; what is left of the summing of fractions is none.
  return Math.max(0, Math.round((asked - used) / 1e3) / 1e3);
}
