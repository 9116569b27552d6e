import { endAll } from '../../../../src/simulator/load/request.ts';
import { addResponse } from '../../../../src/simulator/load/responses.ts';
import type { Run } from '../../../../src/simulator/simulate.ts';
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
  {
    what: 'CPU is used that nobody used',
    caughtBy: 'cpuIsConserved',
    corrupt: (run) => toUsed(run, (account) => (account.used += 1)),
  },
  {
    what: 'CPU that was used is forgotten',
    caughtBy: 'cpuIsConserved',
    corrupt: (run) => toUsed(run, (account) => (account.used *= 0.999)),
  },
  {
    what: 'a node uses more CPU than it has',
    caughtBy: 'cpuIsConserved',
    corrupt: (run) =>
      toUsed(run, (account) => {
        account.used += 1e9;
        account.usedByOverhead += 1e9;
      }),
  },
  {
    what: 'pods use more than was asked of them',
    caughtBy: 'demandIsNotExceeded',
    corrupt: ({ world, cpu }) => {
      const load = world.trace.load.find(({ type }) => type === 'demand');
      const [account] = cpu.accounts.values();
      if (load?.type !== 'demand' || account === undefined) return false;
      // Taken from the system's part: the sum stays what it was.
      account.usedByOverhead -= 1e10;
      account.usedByWorkload.set(load.deployment, 1e10 + (account.usedByWorkload.get(load.deployment) ?? 0));
      return true;
    },
  },
  {
    what: 'metrics of a node are above what it has',
    caughtBy: 'metricsAreTrue',
    corrupt: ({ world: { metricsApi } }) =>
      to(
        metricsApi.served,
        (served) => {
          const nodes = served.nodes.map((node) => ({ ...node, usage: { cpu: '1000' } }));
          metricsApi.served = { ...served, nodes };
        },
        ({ nodes }) => nodes.length > 0,
      ),
  },
  {
    what: 'metrics of pods are above those of their node',
    caughtBy: 'metricsAreTrue',
    corrupt: ({ world: { metricsApi } }) =>
      to(
        metricsApi.served,
        (served) => {
          const nodes = served.nodes.map((node) => ({ ...node, usage: { cpu: '0' } }));
          metricsApi.served = { ...served, nodes };
        },
        ({ pods }) => pods.some(({ containers }) => containers?.[0]?.usage?.['cpu']?.length === 10),
      ),
  },
  {
    what: 'a request is forgotten',
    caughtBy: 'requestsAreConserved',
    corrupt: (run) => to(openRequest(run), (request) => request.server.inside.delete(request)),
  },
  {
    what: 'a request ends and nobody hears of it',
    caughtBy: 'requestsAreConserved',
    corrupt: (run) =>
      to(openRequest(run, 'arrivals'), (request) => {
        request.open = false;
      }),
  },
  {
    what: 'answers are lost on their way',
    caughtBy: 'requestsAreConserved',
    corrupt: (run) => to(openRequest(run), ({ server }) => endAll(run.requests, server, false)),
  },
  {
    what: 'a request is answered twice',
    caughtBy: 'requestsAreConserved',
    corrupt: (run) =>
      to(openRequest(run, 'arrivals'), ({ service, sentAtMs }) =>
        addResponse(service.log, sentAtMs, run.world.timeline.nowMs, 'edge', true),
      ),
  },
  {
    what: 'a request is never timed out',
    caughtBy: 'requestsAreConserved',
    corrupt: (run) =>
      to(openRequest(run), (request) => {
        Object.assign(request, { sentAtMs: request.sentAtMs - 60_000 });
      }),
  },
];

function openRequest({ world, requests }: Run, type?: 'arrivals') {
  const servers = Array.from(requests.servers.values()).filter(
    ({ service }) =>
      type === undefined ||
      world.trace.load.some((load) => load.type === type && load.deployment === service.workload),
  );
  return servers.flatMap(({ inside }) => Array.from(inside)).find(({ open }) => open);
}

function toUsed(
  { cpu: { accounts } }: Run,
  corrupt: (account: { used: number; usedByOverhead: number }) => void,
): boolean {
  const used = Array.from(accounts.values()).find((account) => account.used > 1000);
  return to(used, corrupt);
}
