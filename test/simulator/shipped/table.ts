import {
  load,
  type Mutation,
  policy,
  set,
  threshold,
  withEvent,
  withoutEvent,
  withoutNode,
} from './mutations.ts';

/**
 * For each trace below simulations/, changes with which `simulate` must fail. Together they make each of its
 * expectations fail: a check that cannot fail is none. A trace without a row fails the suite. An expectation for
 * another policy than the trace's own is made to fail by `both(policy('affinity'), …)`.
 */
export const MUTATIONS: Readonly<Record<string, readonly Mutation[]>> = {
  e1: [
    threshold(0.7),
    threshold(0.9),
    policy('default'),
    withoutNode('edge'),
    load(2),
    withEvent('100s', { down: 'extender' }),
    withoutEvent('165s'),
    withoutEvent('555s'),
    withoutEvent('570s'),
    set('kubelet.readiness', '20s'),
  ],
  burst: [
    threshold(0.7),
    policy('default'),
    policy('affinity'),
    withoutNode('edge-small'),
    load(2),
    withEvent('119s', { down: 'extender' }),
    set('events.0.scale.replicas', 39),
  ],
};
