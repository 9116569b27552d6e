import type { Request, Requests, Server, Service } from '../../../../src/simulator/load/types.ts';
import { demand, isAtMost, type Property } from './violation.ts';

/**
 * Requests are conserved: each that was sent is answered, failed, broken off by its user, or under way, and none
 * is under way for longer than its time-out. Arrivals are never broken off.
 */
export const requestsAreConserved: Property = ({ world, requests }) => {
  const ledgers = Array.from(requests.services.values(), (service) => ({
    service,
    isBrokenOff: world.trace.load.some(
      (load) => load.type === 'virtualUsers' && load.deployment === service.workload,
    ),
    sent: new Set<Request>(),
    open: new Set<Request>(),
    rows: 0,
    ended: 0,
    brokenOff: 0,
  }));
  return () => {
    const { nowMs } = world.timeline;
    for (const ledger of ledgers) {
      const { service, open } = ledger;
      noteSent(service, ledger);
      for (const request of open) {
        if (!request.open) open.delete(request);
        const lateMs = nowMs - request.sentAtMs - service.spec.timeout;
        demand(
          !request.open || lateMs <= 1e-3,
          () => `a request is under way ${lateMs} ms after its time-out`,
        );
      }
      noteEnded(service, ledger, nowMs);
      const brokenOff = ledger.sent.size - ledger.ended - open.size;
      demand(
        ledger.isBrokenOff ? brokenOff >= ledger.brokenOff : brokenOff === 0,
        () => `${service.workload}: ${ledger.sent.size} sent, ${ledger.ended} ended, ${open.size} under way`,
      );
      ledger.brokenOff = brokenOff;
    }
    holdServers(requests);
  };
};

/** New ones are at the end of the service's list, behind those that were seen before. */
function noteSent({ sent: { items } }: Service, ledger: { sent: Set<Request>; open: Set<Request> }): void {
  for (let index = items.length - 1; index >= 0; index -= 1) {
    const request = items[index];
    if (request === undefined || ledger.sent.has(request)) return;
    ledger.sent.add(request);
    ledger.open.add(request);
  }
}

function noteEnded({ log }: Service, ledger: { rows: number; ended: number }, nowMs: number): void {
  for (; ledger.rows < log.rows; ledger.rows += 1) {
    const [sentAtMs = 0, endedAtMs = 0] = [log.sentAtMs[ledger.rows], log.endedAtMs[ledger.rows]];
    demand(sentAtMs <= endedAtMs && endedAtMs === nowMs, () => `a request ended at ${endedAtMs}, not now`);
    // Without a tier nobody could take it, and it was not sent.
    if (log.tier[ledger.rows] !== 0) ledger.ended += 1;
  }
}

/** What a pod knows of its requests adds up, and one that ended or is not reached has none. */
function holdServers({ servers }: Requests): void {
  for (const [pod, server] of servers) {
    const { inside, begun, running, queue, service, unanswered } = server;
    const waiting = queue.items.length - queue.first;
    demand(
      inside.size === begun + waiting && running.length <= begun,
      () => `${pod.name}: ${inside.size} inside, ${begun} begun, ${running.length} run, ${waiting} wait`,
    );
    const { concurrency } = service.spec;
    demand(concurrency === 0 || begun <= concurrency, () => `${pod.name} works on ${begun} at once`);
    demand(unanswered >= openInside(server), () => `${pod.name} counts ${unanswered} unanswered requests`);
    const isReached = pod.node?.state === 'up' && pod.goneAtMs === undefined;
    demand(isReached || inside.size === 0, () => `${pod.name} works on requests and is not there`);
  }
}

function openInside({ inside }: Server): number {
  let open = 0;
  for (const request of inside) if (request.open) open += 1;
  return open;
}

/**
 * CPU of requests is what their work costs: no less than those that were answered cost, and no more than all
 * that were sent did. Held at the end, when all accounts are settled.
 */
export function holdCostOfRequests(
  { cpu, requests }: Parameters<Property>[0],
  sent: readonly Request[],
): void {
  for (const service of requests.services.values()) {
    const { workload } = service;
    let used = 0;
    for (const account of cpu.accounts.values()) used += account.usedByWorkload.get(workload) ?? 0;
    let cost = 0;
    for (const request of sent) if (request.service === service) cost += request.cpuMs * 1000;
    demand(isAtMost(used, cost), () => `${workload} used ${used}, its requests cost ${cost}`);
  }
}
