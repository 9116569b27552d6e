import {
  both,
  load,
  type Mutation,
  policy,
  set,
  threshold,
  withEvent,
  withoutEvent,
  withoutNode,
} from './mutations.ts';
import { THESIS_MUTATIONS } from './thesis.ts';

/** Without a stabilization window an autoscaler follows every dip of the load. */
const restless = set(
  'horizontalPodAutoscalers.0.spec.behavior',
  { scaleDown: { stabilizationWindowSeconds: 0 } },
  'no stabilization',
);

/** The load falls for a while in the middle. */
function dip(from: string, low: string, to: string, cpu: string): Mutation {
  const points = [
    { at: from, cpu },
    { at: low, cpu: '100m' },
    { at: to, cpu },
  ];
  return set('load.0.points', points, `a dip of the load at ${low}`);
}

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
  'deaf-autoscaler': [
    set('deployments.0.spec.template.metadata.annotations', { 'spillway.dev/cloud-min': '1' }),
    set('metricsServer.failures', []),
    policy('default'),
    both(withoutNode('cloud-1'), set('metricsServer.failures', [])),
  ],
  'lossy-edge': [
    threshold(0.7),
    policy('default'),
    policy('affinity'),
    withoutNode('edge-2'),
    withoutNode('cloud-1'),
    load(1.1),
    set('metricsServer.failures.1.saturatedAbove', 0.5),
    both(restless, set('metricsServer.failures', []), dip('6m', '8m', '9m', '1600m')),
  ],
  'offline-edge': [
    threshold(0.3),
    policy('default'),
    set('load.0.request.cpuTime', '160ms'),
    withEvent('2m', { disconnect: 'edge-1' }),
    withEvent('100s', { down: 'extender' }),
    withoutEvent('5m'),
    withoutEvent('8m'),
    withoutEvent('15m'),
    set('deployments.0.spec.template.spec.tolerations.2.tolerationSeconds', 300),
    set('load.0.request.roundTrip.cloud', '150ms'),
  ],
  'scale-in': [
    threshold(0.7),
    policy('default'),
    policy('affinity'),
    withoutNode('edge-2'),
    load(2),
    both(restless, dip('5m', '6m', '7m', '2400m')),
  ],
  'two-sites': [
    threshold(0.9),
    policy('default'),
    policy('affinity'),
    withoutNode('cloud-1'),
    load(2),
    set('configuration.tiers.siteLabel', ''),
    withEvent('149s', { down: 'extender' }),
    both(restless, dip('2m', '4m', '5m', '1400m')),
  ],
  day: [
    threshold(0.7),
    policy('default'),
    policy('affinity'),
    withoutNode('cloud-1'),
    load(1.1),
    withEvent('9h', { down: 'extender' }),
    both(restless, dip('1h', '1h3m', '1h6m', '6250m')),
  ],
  ...THESIS_MUTATIONS,
};
