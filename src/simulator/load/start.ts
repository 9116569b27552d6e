import { createResponseLog, type Responses } from '../../outcome/responses.ts';
import type { UserCount } from '../../outcome/result.ts';
import type { Load, LoadOf, RequestLoad } from '../../trace/load.ts';
import { schedule } from '../engine/timeline.ts';
import type { Cpu } from '../model/cpu.ts';
import { type Curve, repeated } from '../model/curve.ts';
import { clockMs, type SimNode, type SimPod, serves, type World } from '../model/world.ts';
import { nextArrival } from './arrivals.ts';
import { createFifo } from './fifo.ts';
import { demandMilli, pause, resume } from './nodes.ts';
import { cpuDone, endAll, send } from './request.ts';
import type { Requests, Service } from './types.ts';
import { startUsers } from './users.ts';

/** What came of the requests, by the key of the Deployment that answered. */
export interface Answered {
  readonly responses: ReadonlyMap<string, Responses>;
  readonly users: ReadonlyMap<string, readonly UserCount[]>;
}

/** The requests of the trace, under way. */
export interface StartedRequests {
  readonly requests: Requests;
  /** What came of them until the moment at which it is called. */
  readonly answered: () => Answered;
}

/** Lets users and clients of the trace send their requests. */
export function startRequests(world: World, cpu: Cpu): StartedRequests {
  const loads = world.trace.load.filter(hasRequests);
  const services = new Map(loads.map((load) => [load.deployment, createService(load)]));
  const requests: Requests = {
    world,
    cpu,
    services,
    servers: new Map(),
    nodes: new Map(),
    cpuDone: (request) => cpuDone(requests, request),
  };
  const users = new Map<string, readonly UserCount[]>();
  if (loads.length > 0) {
    cpu.work = {
      demandMilli: (pod) => {
        const server = requests.servers.get(pod);
        return server === undefined ? 0 : demandMilli(server);
      },
      settled: (node) => settled(requests, node),
      servingChanged: (pod) => servingChanged(requests, pod),
    };
  }
  for (const load of loads) {
    const service = services.get(load.deployment);
    if (service === undefined) continue;
    if (load.type === 'virtualUsers') users.set(load.deployment, startUsers(requests, service, load));
    else startArrivals(requests, service, load);
  }
  const answered = () => ({
    responses: new Map(Array.from(services, ([workload, { log }]) => [workload, log])),
    users,
  });
  return { requests, answered };
}

function hasRequests(load: Load): load is RequestLoad {
  return load.type === 'virtualUsers' || load.type === 'arrivals';
}

function createService({ deployment, request }: RequestLoad): Service {
  return {
    workload: deployment,
    spec: request,
    log: createResponseLog(),
    endpoints: undefined,
    turns: 0,
    sent: createFifo(),
    watched: false,
  };
}

function startArrivals(requests: Requests, service: Service, load: LoadOf<'arrivals'>): void {
  const { world } = requests;
  const perSecond = rateCurve(load, clockMs(world.trace.duration));
  const random = load.spacing === 'even' ? undefined : world.random.load;
  const scheduleNext = (fromMs: number) => {
    const atMs = nextArrival(perSecond, fromMs, random);
    if (atMs === undefined) return;
    schedule(world.timeline, atMs, () => {
      send(requests, service, () => {});
      scheduleNext(atMs);
    });
  };
  scheduleNext(clockMs(0));
}

function rateCurve({ between = 'line', repeat, points }: LoadOf<'arrivals'>, untilMs: number): Curve {
  const curve = {
    between,
    points: points.map(({ at, perSecond }) => ({ atMs: clockMs(at), value: perSecond })),
  };
  return repeat === undefined ? curve : repeated(curve, repeat, untilMs);
}

/** Rates are worked out again once what changes at this moment has changed. */
function settled(requests: Requests, node: SimNode): void {
  const work = requests.nodes.get(node);
  if (work === undefined || work.active.size === 0) return;
  schedule(requests.world.timeline, requests.world.timeline.nowMs, () => {
    pause(requests, work);
    if (work.active.size > 0) resume(requests, work);
  });
}

function servingChanged(requests: Requests, pod: SimPod): void {
  const service = requests.services.get(pod.owner?.workload ?? '');
  if (service === undefined) return;
  service.endpoints = undefined;
  const server = requests.servers.get(pod);
  if (server === undefined) return;
  const hasEnded = pod.goneAtMs !== undefined || pod.restarts !== server.restarts;
  if (hasEnded) {
    server.restarts = pod.restarts;
    server.isDown = true;
    endAll(requests, server, true);
  } else if (pod.node?.state !== 'up') endAll(requests, server, false);
  if (serves(pod)) server.isDown = false;
  if (pod.goneAtMs !== undefined) requests.servers.delete(pod);
}
