import type { SimReplicaSet } from '../../../../src/simulator/model/world.ts';
import { demand, type Property } from './violation.ts';

/** A ReplicaSet creates what is missing, one pod a millisecond: longer than this nothing is missing unmoved. */
const CREATION_MS = 1 + 1e-3;

/** A ReplicaSet has at once no more pods than it should, and soon no fewer. */
export const replicasAreReached: Property = ({ world }) => {
  const looks = new Map<
    SimReplicaSet,
    { readonly active: number; readonly replicas: number; atMs: number }
  >();
  return () => {
    const { nowMs } = world.timeline;
    for (const replicaSet of world.replicaSets.values()) {
      const { active, replicas, workload } = replicaSet;
      demand(active <= replicas, () => `${workload} has ${active} active pods of ${replicas}`);
      const look = looks.get(replicaSet);
      const isSame = look !== undefined && look.active === active && look.replicas === replicas;
      if (isSame && active < replicas) {
        demand(nowMs - look.atMs <= CREATION_MS, () => `${workload} waits at ${active} pods of ${replicas}`);
      } else if (!isSame || active === replicas) {
        looks.set(replicaSet, { active, replicas, atMs: nowMs });
      }
    }
  };
};

/** From its first sync on an autoscaler keeps its Deployment within its bounds, but for one that is at 0. */
export const autoscalersKeepBounds: Property = ({ world, autoscalers }) => {
  const specs = new Map(
    world.trace.horizontalPodAutoscalers.map(({ metadata: { namespace, name }, spec }) => [
      `${namespace}/${name}`,
      spec,
    ]),
  );
  return () => {
    for (const { autoscaler, workload, syncs } of autoscalers) {
      const replicas = world.replicaSets.get(workload)?.replicas;
      if (syncs.length === 0 || replicas === undefined || replicas === 0) continue;
      const { minReplicas = 1, maxReplicas } = specs.get(autoscaler) ?? { maxReplicas: 0 };
      demand(
        minReplicas <= replicas && replicas <= maxReplicas,
        () => `${workload} has ${replicas} replicas, its autoscaler allows ${minReplicas} to ${maxReplicas}`,
      );
    }
  };
};
