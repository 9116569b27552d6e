import { type Corruption, otherNode, runningPod, to, waitingPod } from './corruption.ts';

/** Bugs of the simulated cluster itself. */
export const MODEL_BUGS: readonly Corruption[] = [
  {
    what: 'the clock is put back',
    caughtBy: 'timeGoesForward',
    corrupt: ({ world: { timeline } }) => {
      timeline.nowMs -= 1;
      return true;
    },
  },
  {
    what: 'something was due and did not happen',
    caughtBy: 'timeGoesForward',
    corrupt: ({ world: { timeline } }) => {
      const [next] = timeline.queue;
      if (next === undefined) return false;
      timeline.nowMs = next.atMs + 1;
      return true;
    },
  },
  {
    what: 'a pod is lost',
    caughtBy: 'podsAreKept',
    corrupt: (run) => to(runningPod(run), ({ uid }) => run.world.pods.delete(uid)),
  },
  {
    what: 'a waiting pod is lost everywhere',
    caughtBy: 'podsAreKept',
    corrupt: (run) =>
      to(waitingPod(run), (pod) => {
        run.world.pods.delete(pod.uid);
        pod.owner?.pods.delete(pod);
      }),
  },
  {
    what: 'a pod is on two nodes',
    caughtBy: 'podsAreKept',
    corrupt: (run) => to(otherNode(run, runningPod(run)), ([pod, node]) => node.pods.add(pod)),
  },
  {
    what: 'a pod moves to another node',
    caughtBy: 'podsAreKept',
    corrupt: (run) =>
      to(otherNode(run, runningPod(run)), ([pod, node]) => {
        pod.node?.pods.delete(pod);
        node.pods.add(pod);
        pod.node = node;
      }),
  },
  {
    what: 'a pod that is not bound is on a node',
    caughtBy: 'podsAreKept',
    corrupt: (run) => to(otherNode(run, waitingPod(run)), ([pod, node]) => node.pods.add(pod)),
  },
  {
    what: 'a pod is ready before it starts',
    caughtBy: 'podsAreKept',
    corrupt: (run) =>
      to(runningPod(run), (pod) => {
        pod.readyAtMs = pod.createdAtMs - 1;
      }),
  },
  {
    what: 'a ReplicaSet miscounts its pods',
    caughtBy: 'countsAreRight',
    corrupt: (run) =>
      to(runningPod(run)?.owner, (owner) => {
        owner.active -= 1;
      }),
  },
  {
    what: 'a ReplicaSet miscounts those that serve',
    caughtBy: 'countsAreRight',
    corrupt: (run) =>
      to(runningPod(run)?.owner, (owner) => {
        owner.serving += 1;
      }),
  },
  {
    what: 'a scale-down deletes too few pods',
    caughtBy: 'replicasAreReached',
    corrupt: (run) =>
      to(runningPod(run)?.owner, (owner) => {
        owner.replicas = owner.active - 1;
      }),
  },
  {
    what: 'a scale-up creates too few pods',
    caughtBy: 'replicasAreReached',
    corrupt: (run) =>
      to(runningPod(run)?.owner, (owner) => {
        owner.replicas = owner.active + 1;
      }),
  },
  {
    what: 'an autoscaler goes beyond its bounds',
    caughtBy: 'autoscalersKeepBounds',
    corrupt: ({ world, autoscalers }) =>
      to(
        autoscalers.find(({ syncs }) => syncs.length > 0),
        ({ workload }) => {
          const replicaSet = world.replicaSets.get(workload);
          if (replicaSet === undefined) return;
          // As if its pods had followed: the ReplicaSet itself does nothing wrong.
          replicaSet.replicas = replicaSet.active;
          world.trace.horizontalPodAutoscalers.forEach(({ spec }) => {
            spec.minReplicas = spec.maxReplicas = replicaSet.active + 1;
          });
        },
        (found) => (world.replicaSets.get(found.workload)?.active ?? 0) > 0,
      ),
  },
];
