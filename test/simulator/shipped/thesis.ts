import { both, load, type Mutation, policy, set, threshold, withEvent, withoutNode } from './mutations.ts';

const TEMPLATE = 'deployments.0.spec.template';

/** The pods may go to the other side too. */
const anywhere = set(`${TEMPLATE}.spec.affinity`, {}, 'no affinity');
/** For want of another node Spillway fills the edge above its threshold, up to its limit. */
const overloaded = both(both(withoutNode('cloud-1'), withoutNode('cloud-2')), threshold(0.4));
/** The scheduler goes on without Spillway. */
const unasked = both(set('scheduler.ignorable', true), withEvent('70s', { down: 'extender' }));

function maxReplicas(count: number): Mutation {
  return set('horizontalPodAutoscalers.0.spec.maxReplicas', count, `at most ${count} replicas`);
}

function requests(cpu: string): Mutation {
  return set(`${TEMPLATE}.spec.containers.0.resources.requests.cpu`, cpu, `requests of ${cpu}`);
}

function cpuTime(duration: string): Mutation {
  return set('load.0.request.cpuTime', duration, `${duration} of CPU a request`);
}

function wait(duration: string): Mutation {
  return set('load.0.request.wait', duration, `${duration} of waiting a request`);
}

function affinity(mutation: Mutation): Mutation {
  return both(policy('affinity'), mutation);
}

export const THESIS_MUTATIONS: Readonly<Record<string, readonly Mutation[]>> = {
  'thesis/nodeinfo-base-cloud': [anywhere, maxReplicas(1), wait('100ms'), wait('200ms')],
  'thesis/nodeinfo-base-edge': [
    anywhere,
    maxReplicas(3),
    affinity(maxReplicas(3)),
    requests('100m'),
    wait('100ms'),
    threshold(0.5),
  ],
  'thesis/nodeinfo-e1': [
    affinity(withoutNode('edge')),
    affinity(set('metricsServer.failures', [])),
    withoutNode('edge'),
    overloaded,
    unasked,
    wait('200ms'),
    maxReplicas(5),
    affinity(maxReplicas(5)),
  ],
  'thesis/gzip-compression-base-cloud': [maxReplicas(1), requests('200m'), cpuTime('1s'), cpuTime('100ms')],
  'thesis/gzip-compression-base-edge': [maxReplicas(1), anywhere, cpuTime('1s'), threshold(0.4)],
  'thesis/gzip-compression-e1': [
    withoutNode('edge'),
    maxReplicas(1),
    requests('200m'),
    cpuTime('1s'),
    cpuTime('100ms'),
    overloaded,
    unasked,
  ],
  'thesis/dd-base-cloud': [maxReplicas(1), requests('200m'), wait('2s')],
  'thesis/dd-base-edge': [maxReplicas(1), anywhere, wait('2s'), threshold(0.4)],
  'thesis/dd-e1': [
    withoutNode('edge'),
    maxReplicas(1),
    wait('4s'),
    cpuTime('50ms'),
    load(0.2),
    overloaded,
    unasked,
  ],
  'thesis/shasum-base-cloud': [maxReplicas(1), cpuTime('400ms'), wait('2s'), wait('100ms')],
  'thesis/shasum-base-edge': [requests('100m'), maxReplicas(1), wait('2s'), wait('100ms'), threshold(0.4)],
  'thesis/shasum-e1': [
    affinity(withoutNode('edge')),
    affinity(maxReplicas(1)),
    withoutNode('edge'),
    overloaded,
    unasked,
    threshold(0.4),
  ],
};
