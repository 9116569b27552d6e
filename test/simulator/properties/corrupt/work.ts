import { addAnswer } from '../../../../src/outcome/responses.ts';
import { endAll } from '../../../../src/simulator/load/request.ts';
import type { SimNode } from '../../../../src/simulator/model/world.ts';
import type { Run } from '../../../../src/simulator/simulate.ts';
import { isInSteps } from '../hold/asked.ts';
import { type Corruption, to } from './corruption.ts';

/** Bugs of the CPU that is used, and of the requests that use it. */
export const WORK_BUGS: readonly Corruption[] = [
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
    what: 'an account is not settled before something changes',
    caughtBy: 'nodesUseWhatIsAsked',
    corrupt: ({ world, cpu: { accounts } }) => {
      const isAsked = (node: SimNode) =>
        world.trace.load.some((load) => load.type === 'recordedCpu' && load.node === node.name);
      const found = Array.from(accounts).find(
        ([node, { settledAtMs }]) =>
          node.state === 'up' && isAsked(node) && settledAtMs < world.timeline.nowMs,
      );
      return to(
        found,
        ([node]) => Object.assign(node, { state: 'lost' }),
        () => world.trace.load.every(isInSteps),
      );
    },
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
        addAnswer(service.log, sentAtMs, run.world.timeline.nowMs, 'edge'),
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
