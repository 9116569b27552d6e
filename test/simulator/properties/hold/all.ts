import { clockMs } from '../../../../src/simulator/model/world.ts';
import type { Run } from '../../../../src/simulator/simulate.ts';
import { nodesUseWhatIsAsked } from './asked.ts';
import { cpuIsConserved, demandIsNotExceeded } from './cpu.ts';
import { decisionsAreSound } from './decisions.ts';
import { kubeletsDoTheirWork, silenceIsNoticed } from './kubelet.ts';
import { metricsAreTrue } from './metrics.ts';
import { reservationsEnd, watchersKnowTheWorld } from './picture.ts';
import { countsAreRight, podsAreKept } from './pods.ts';
import { autoscalersKeepBounds, replicasAreReached } from './replicas.ts';
import { requestsAreConserved } from './requests.ts';
import { filtersAreObeyed, requestsFit, schedulerForgetsNoPod } from './scheduling.ts';
import { timeGoesForward } from './time.ts';
import type { Property } from './violation.ts';

export const PROPERTIES = {
  timeGoesForward,
  podsAreKept,
  countsAreRight,
  replicasAreReached,
  autoscalersKeepBounds,
  kubeletsDoTheirWork,
  silenceIsNoticed,
  cpuIsConserved,
  nodesUseWhatIsAsked,
  demandIsNotExceeded,
  metricsAreTrue,
  requestsAreConserved,
  schedulerForgetsNoPod,
  requestsFit,
  filtersAreObeyed,
  decisionsAreSound,
  reservationsEnd,
  watchersKnowTheWorld,
} satisfies Readonly<Record<string, Property>>;

/** All of them, for `simulate`'s `inspect`. What fails says which property it is and when that was. */
export function inspectAll(run: Run): () => void {
  const checks = Object.entries(PROPERTIES).map(([name, property]) => ({ name, check: property(run) }));
  return () => {
    for (const { name, check } of checks) {
      try {
        check();
      } catch (error) {
        const found = error instanceof Error ? error.message : String(error);
        throw new Error(`${name} at ${momentOf(run)}: ${found}`, { cause: error });
      }
    }
  };
}

function momentOf({ world: { timeline, trace } }: Run): string {
  const { nowMs } = timeline;
  return `${(nowMs - clockMs(0)) / 1000}s of ${trace.duration / 1000}s`;
}
