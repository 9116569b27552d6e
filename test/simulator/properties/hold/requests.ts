import type { Request, Requests, Server, Service } from '../../../../src/simulator/load/types.ts';
import type { Cpu } from '../../../../src/simulator/model/cpu.ts';
import { demand, type Property } from './violation.ts';

/** What is known of the requests of a service, counted anew. */
interface Ledger {
  readonly service: Service;
  readonly isBrokenOff: boolean;
  /** The least that one costs, in millicore-milliseconds. */
  readonly leastCost: number;
  readonly sent: Set<Request>;
  /** Since when each is in no pod; undefined: it is in one. Infinity: its node was away, so a time-out ends it. */
  readonly open: Map<Request, number | undefined>;
  cost: number;
  rows: number;
  ended: number;
  answered: number;
  brokenOff: number;
}

/** Of `cpuTime`, by its variation. */
const LEAST_SHARE = { fixed: 1, uniform: 0.5, exponential: 0 } as const;
/** What is due within a fraction of a microsecond is done at once: so much CPU on eight cores. */
const CLOCK_SLACK = 4;
/** What sums of fractions of milliseconds leave. */
const SLACK_MS = 1e-3;

/**
 * Requests are conserved: each that was sent is answered, failed, broken off by its user, or under way, and none
 * is under way for longer than its time-out. Arrivals are never broken off.
 */
export const requestsAreConserved: Property = ({ world, cpu, requests }) => {
  const ledgers = Array.from(
    requests.services.values(),
    (service): Ledger => ({
      service,
      isBrokenOff: world.trace.load.some(
        (load) => load.type === 'virtualUsers' && load.deployment === service.workload,
      ),
      leastCost: service.spec.cpuTime * 1000 * LEAST_SHARE[service.spec.variation],
      cost: 0,
      answered: 0,
      sent: new Set<Request>(),
      open: new Map<Request, number | undefined>(),
      rows: 0,
      ended: 0,
      brokenOff: 0,
    }),
  );
  return () => {
    const { nowMs } = world.timeline;
    for (const ledger of ledgers) {
      const { service, open } = ledger;
      noteSent(service, ledger);
      for (const [request, outsideSinceMs] of open) {
        if (request.open) open.set(request, holdOpen(request, outsideSinceMs, nowMs));
        else open.delete(request);
      }
      noteEnded(service, ledger, nowMs);
      const brokenOff = ledger.sent.size - ledger.ended - open.size;
      demand(
        ledger.isBrokenOff ? brokenOff >= ledger.brokenOff : brokenOff === 0,
        () => `${service.workload}: ${ledger.sent.size} sent, ${ledger.ended} ended, ${open.size} under way`,
      );
      ledger.brokenOff = brokenOff;
      holdCost(ledger, cpu);
    }
    holdServers(requests);
  };
};

/** One under way is in its pod or between it and its user, and never for longer than its time-out. */
function holdOpen(request: Request, outsideSinceMs: number | undefined, nowMs: number): number | undefined {
  const { server, service, sentAtMs } = request;
  const { timeout, roundTrip } = service.spec;
  const lateMs = nowMs - sentAtMs - timeout;
  demand(lateMs <= SLACK_MS, () => `a request is under way ${lateMs} ms after its time-out`);
  const { node } = server.pod;
  if (node?.state !== 'up') return Number.POSITIVE_INFINITY;
  if (server.inside.has(request)) return undefined;
  const sinceMs = outsideSinceMs ?? nowMs;
  const onWayMs = nowMs - sinceMs;
  demand(onWayMs <= roundTrip[node.tier] / 2 + SLACK_MS, () => `a request is nowhere for ${onWayMs} ms`);
  return sinceMs;
}

/** New ones are at the end of the service's list, behind those that were seen before. */
function noteSent({ sent: { items } }: Service, ledger: Ledger): void {
  for (let index = items.length - 1; index >= 0; index -= 1) {
    const request = items[index];
    if (request === undefined || ledger.sent.has(request)) return;
    ledger.sent.add(request);
    ledger.open.set(request, request.sentAtMs);
    ledger.cost += request.cpuMs * 1000;
  }
}

function noteEnded({ log }: Service, ledger: Ledger, nowMs: number): void {
  for (; ledger.rows < log.rows; ledger.rows += 1) {
    const [sentAtMs = 0, endedAtMs = 0] = [log.sentAtMs[ledger.rows], log.endedAtMs[ledger.rows]];
    demand(sentAtMs <= endedAtMs && endedAtMs === nowMs, () => `a request ended at ${endedAtMs}, not now`);
    // Without a tier nobody could take it, and it was not sent.
    if (log.tier[ledger.rows] !== 0) ledger.ended += 1;
    ledger.answered += log.ok[ledger.rows] ?? 0;
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
 * The CPU of a workload is that of its requests: no more than all that were sent cost, and while none is worked
 * on no less than those that were answered cost at least.
 */
function holdCost(ledger: Ledger, { accounts }: Cpu): void {
  const { service, cost, answered, leastCost, sent } = ledger;
  let used = 0;
  let isIdle = true;
  for (const account of accounts.values()) {
    used += account.usedByWorkload.get(service.workload) ?? 0;
    isIdle &&= account.held === undefined;
  }
  const slack = sent.size * CLOCK_SLACK;
  demand(used <= cost + slack, () => `${service.workload} used ${used}, its requests cost ${cost}`);
  const least = answered * leastCost;
  demand(
    !isIdle || used >= least - slack,
    () => `${service.workload} used ${used}, what it answered costs ${least}`,
  );
}
