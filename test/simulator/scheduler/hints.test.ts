import { describe, expect, it } from 'vitest';
import { type ClusterEvent, isNodeEvent } from '../../../src/simulator/scheduler/events.ts';
import { defaultProfile } from '../../../src/simulator/scheduler/profile.ts';
import { node, type PodOptions, podInfo, requesting } from './builders.ts';

const ZONE = 'topology.kubernetes.io/zone';
const FILTERS = new Map(defaultProfile().filters.map((filter) => [filter.plugin, filter]));
const TAINT = [{ key: 'edge', effect: 'NoSchedule' }];
const SSD = { labels: { disk: 'ssd' } };
const BIG = { allocatable: { cpu: '8', memory: '8Gi', pods: '110' } };
const SMALL = { allocatable: { cpu: '1', memory: '8Gi', pods: '110' } };

const added = (options = {}): ClusterEvent => ({ type: 'nodeAdded', node: node('n', options) });
const updated = (before: Parameters<typeof node>[1], after: Parameters<typeof node>[1]): ClusterEvent => ({
  type: 'nodeUpdated',
  before: node('n', before),
  node: node('n', after),
});
const podEvent = (
  type: 'assignedPodAdded' | 'assignedPodUpdated' | 'assignedPodDeleted',
  pod: PodOptions = {},
): ClusterEvent => ({
  type,
  pod: podInfo('other', pod),
});

const WEB: PodOptions = { labels: { app: 'web' } };
const selector = { matchLabels: { app: 'web' } };
const spread: PodOptions = {
  ...WEB,
  topologySpreadConstraints: [
    { maxSkew: 1, topologyKey: ZONE, whenUnsatisfiable: 'DoNotSchedule', labelSelector: selector },
  ],
};
const rules = (kind: 'podAffinity' | 'podAntiAffinity'): PodOptions => ({
  affinity: {
    [kind]: {
      requiredDuringSchedulingIgnoredDuringExecution: [{ topologyKey: ZONE, labelSelector: selector }],
    },
  },
});
const zone = (name: string) => ({ labels: { [ZONE]: name } });

describe('what may help a pod that a plugin refused (EventsToRegister and QueueingHintFn of each)', () => {
  it.each<{ plugin: string; what: string; pod?: PodOptions; event: ClusterEvent; helps: boolean }>([
    { plugin: 'NodeName', what: 'a node came', event: added(), helps: true },
    { plugin: 'NodeName', what: 'labels changed', event: updated({}, SSD), helps: false },
    {
      plugin: 'NodeUnschedulable',
      what: 'a cordoned node came',
      event: added({ unschedulable: true }),
      helps: false,
    },
    {
      plugin: 'NodeUnschedulable',
      what: 'a node was uncordoned',
      event: updated({ unschedulable: true }, {}),
      helps: true,
    },
    { plugin: 'NodeUnschedulable', what: 'a pod went', event: podEvent('assignedPodDeleted'), helps: false },
    { plugin: 'TaintToleration', what: 'a taint went', event: updated({ taints: TAINT }, {}), helps: true },
    { plugin: 'TaintToleration', what: 'a taint came', event: updated({}, { taints: TAINT }), helps: false },
    { plugin: 'TaintToleration', what: 'a tainted node came', event: added({ taints: TAINT }), helps: false },
    {
      plugin: 'NodeAffinity',
      what: 'a node that matches came',
      pod: { nodeSelector: SSD.labels },
      event: added(SSD),
      helps: true,
    },
    {
      plugin: 'NodeAffinity',
      what: 'another node came',
      pod: { nodeSelector: SSD.labels },
      event: added(),
      helps: false,
    },
    {
      plugin: 'NodeAffinity',
      what: 'a node now matches',
      pod: { nodeSelector: SSD.labels },
      event: updated({}, SSD),
      helps: true,
    },
    {
      plugin: 'NodeAffinity',
      what: 'it matched before',
      pod: { nodeSelector: SSD.labels },
      event: updated(SSD, { ...SSD, ...BIG }),
      helps: false,
    },
    { plugin: 'NodeResourcesFit', what: 'a pod went', event: podEvent('assignedPodDeleted'), helps: true },
    {
      plugin: 'NodeResourcesFit',
      what: 'a pod was bound',
      event: podEvent('assignedPodAdded'),
      helps: false,
    },
    {
      plugin: 'NodeResourcesFit',
      what: 'a large node came',
      pod: requesting({ cpu: '2' }),
      event: added(BIG),
      helps: true,
    },
    {
      plugin: 'NodeResourcesFit',
      what: 'a small node came',
      pod: requesting({ cpu: '2' }),
      event: added(SMALL),
      helps: false,
    },
    {
      plugin: 'NodeResourcesFit',
      what: 'a node has grown',
      pod: requesting({ cpu: '2' }),
      event: updated({}, BIG),
      helps: true,
    },
    {
      plugin: 'NodeResourcesFit',
      what: 'in what it does not request',
      pod: requesting({ memory: '1' }),
      event: updated({}, BIG),
      helps: false,
    },
    // buildQueueingHintMap: a plugin that hears of new nodes is woken by changes of taints too.
    {
      plugin: 'NodeResourcesFit',
      what: 'a node was uncordoned',
      pod: requesting({ cpu: '9' }),
      event: updated({ unschedulable: true }, {}),
      helps: true,
    },
    {
      plugin: 'NodeAffinity',
      what: 'a taint came',
      pod: { nodeSelector: SSD.labels },
      event: updated({}, { taints: TAINT }),
      helps: true,
    },
    {
      plugin: 'PodTopologySpread',
      what: 'a matching pod was bound',
      pod: spread,
      event: podEvent('assignedPodAdded', WEB),
      helps: true,
    },
    {
      plugin: 'PodTopologySpread',
      what: 'a matching pod went',
      pod: spread,
      event: podEvent('assignedPodDeleted', WEB),
      helps: true,
    },
    {
      plugin: 'PodTopologySpread',
      what: 'another pod went',
      pod: spread,
      event: podEvent('assignedPodDeleted'),
      helps: false,
    },
    {
      plugin: 'PodTopologySpread',
      what: 'one of another namespace',
      pod: spread,
      event: podEvent('assignedPodDeleted', { ...WEB, namespace: 'other' }),
      helps: false,
    },
    {
      plugin: 'PodTopologySpread',
      what: 'a status changed',
      pod: spread,
      event: podEvent('assignedPodUpdated', WEB),
      helps: false,
    },
    {
      plugin: 'PodTopologySpread',
      what: 'a node with a zone came',
      pod: spread,
      event: added(zone('1')),
      helps: true,
    },
    {
      plugin: 'PodTopologySpread',
      what: 'a node without one came',
      pod: spread,
      event: added(),
      helps: false,
    },
    {
      plugin: 'PodTopologySpread',
      what: 'a node with a zone went',
      pod: spread,
      event: { type: 'nodeDeleted', before: node('n', zone('1')) },
      helps: true,
    },
    {
      plugin: 'PodTopologySpread',
      what: 'a node moved',
      pod: spread,
      event: updated(zone('1'), zone('2')),
      helps: true,
    },
    {
      plugin: 'PodTopologySpread',
      what: 'a node has grown',
      pod: spread,
      event: updated(zone('1'), { ...zone('1'), ...BIG }),
      helps: false,
    },
    {
      plugin: 'InterPodAffinity',
      what: 'a pod that it needs was bound',
      pod: rules('podAffinity'),
      event: podEvent('assignedPodAdded', WEB),
      helps: true,
    },
    {
      plugin: 'InterPodAffinity',
      what: 'a pod that it needs went',
      pod: rules('podAffinity'),
      event: podEvent('assignedPodDeleted', WEB),
      helps: false,
    },
    {
      plugin: 'InterPodAffinity',
      what: 'a pod that it shuns went',
      pod: rules('podAntiAffinity'),
      event: podEvent('assignedPodDeleted', WEB),
      helps: true,
    },
    {
      plugin: 'InterPodAffinity',
      what: 'a pod that shuns it went',
      pod: WEB,
      event: podEvent('assignedPodDeleted', rules('podAntiAffinity')),
      helps: true,
    },
    {
      plugin: 'InterPodAffinity',
      what: 'any node came, for one that shuns others',
      pod: rules('podAntiAffinity'),
      event: added(),
      helps: true,
    },
    {
      plugin: 'InterPodAffinity',
      what: 'a node without the label came',
      pod: rules('podAffinity'),
      event: added(),
      helps: false,
    },
    {
      plugin: 'InterPodAffinity',
      what: 'a node got the label',
      pod: rules('podAffinity'),
      event: updated({}, zone('1')),
      helps: true,
    },
    {
      plugin: 'InterPodAffinity',
      what: 'a node lost the label',
      pod: rules('podAntiAffinity'),
      event: updated(zone('1'), {}),
      helps: true,
    },
  ])('$plugin: $what: $helps', ({ plugin, pod = {}, event, helps }) => {
    expect(FILTERS.get(plugin)?.mayHelp?.(podInfo('waiting', pod), event)).toBe(helps);
  });

  it('no plugin is helped by the status that the scheduler writes itself', () => {
    for (const { mayHelp } of FILTERS.values())
      expect(mayHelp?.(podInfo('waiting'), { type: 'ownStatusUpdated' })).toBe(false);
  });
});

describe('which changes of a node are events (events.go, NodeSchedulingPropertiesChange)', () => {
  it.each([
    { what: 'taints', before: {}, after: { taints: TAINT }, is: true },
    { what: 'labels', before: {}, after: SSD, is: true },
    { what: 'annotations', before: {}, after: { annotations: { a: 'b' } }, is: true },
    { what: 'allocatable', before: {}, after: BIG, is: true },
    { what: 'its condition', before: {}, after: { ready: false }, is: true },
    { what: 'uncordoned', before: { unschedulable: true }, after: {}, is: true },
    { what: 'cordoned', before: {}, after: { unschedulable: true }, is: false },
    { what: 'nothing', before: SSD, after: SSD, is: false },
  ])('$what: $is', ({ before, after, is }) => {
    expect(isNodeEvent(node('n', before), node('n', after))).toBe(is);
  });
});
