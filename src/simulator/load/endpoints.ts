import { below } from '../engine/random.ts';
import { type SimPod, serves } from '../model/world.ts';
import { createFifo } from './fifo.ts';
import type { Requests, Server, Service } from './types.ts';

/** The pod that gets the next request; undefined: none is ready. */
export function chooseServer(requests: Requests, service: Service): Server | undefined {
  service.endpoints ??= endpointsOf(requests, service);
  const { endpoints, spec } = service;
  if (endpoints.length === 0) return undefined;
  switch (spec.spread) {
    case 'random':
      return endpoints[below(requests.world.random.load, endpoints.length)];
    case 'roundRobin':
      service.turns += 1;
      return endpoints[service.turns % endpoints.length];
    case 'leastConnections':
      return endpoints.reduce((least, server) => (server.unanswered < least.unanswered ? server : least));
  }
}

function endpointsOf({ world, servers }: Requests, service: Service): readonly Server[] {
  const replicaSet = world.replicaSets.get(service.workload);
  return Array.from(replicaSet?.pods ?? [])
    .filter(serves)
    .map((pod) => {
      const known = servers.get(pod);
      if (known !== undefined) return known;
      const server = createServer(pod, service);
      servers.set(pod, server);
      return server;
    });
}

function createServer(pod: SimPod, service: Service): Server {
  return {
    pod,
    service,
    running: [],
    queue: createFifo(),
    inside: new Set(),
    begun: 0,
    unanswered: 0,
    worked: 0,
    rate: 0,
    restarts: pod.restarts,
    isDown: false,
  };
}
