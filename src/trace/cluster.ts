import * as z from 'zod';
import { describe, oneOf, section, wholeNumber } from '../reading/fields.ts';
import { moment, nodeName, positiveSpan, ratio, span } from './fields.ts';
import { POLICY_NAMES } from './policy-names.ts';

/** How the parts of the cluster behave that Spillway works with. */

export const metricsServer = section(
  {
    resolution: positiveSpan('The time between two scrapes (--metric-resolution).').prefault('15s'),
    phase: span('The first scrape after the start; later ones follow by the resolution.').prefault('5s'),
    delay: span('How long after a scrape the API serves it.').prefault('1s'),
    freshContainers: oneOf(
      ['kubelet', 'kwok'],
      'When a fresh container is served. kubelet: at its first scrape, if it then ran for 10 s and less than the resolution, else at its second. kwok: at its third.',
    ).prefault('kubelet'),
    lost: describe(
      z
        .array(
          section(
            {
              node: nodeName('The node that can not be scraped.'),
              from: moment('From this moment on ...'),
              to: moment('... to before this one.'),
            },
            'Scrapes that fail.',
          ),
          'a list of node, from, to',
        )
        .prefault([]),
      'Scrapes that fail: the node loses its points and is served again after two good scrapes.',
      'a list of node, from, to',
    ),
    failures: describe(
      z
        .array(
          section(
            {
              tier: oneOf(['edge', 'cloud'], 'Only nodes of this tier.').optional(),
              node: nodeName('Only this node.').optional(),
              probability: ratio('How many of the scrapes fail, drawn for each.').prefault(1),
              saturatedAbove: ratio(
                'Only while the node uses more than this share of its CPU, over the time since the last scrape.',
              ).optional(),
            },
            'Scrapes that fail by chance, or under load.',
          ),
          'a list of tier, node, probability, saturatedAbove',
        )
        .prefault([]),
      'Scrapes that fail by chance, or because the node is too busy to answer.',
      'a list of tier, node, probability, saturatedAbove',
    ),
  },
  'metrics-server.',
);

export const kubelet = section(
  {
    startUp: span('From the binding of a pod to its containers running.').prefault('1s'),
    startUpJitter: span('Up to so much more, drawn for each pod.').prefault('0s'),
    readiness: span('From running to ready.').prefault('1s'),
    termination: span('From the deletion of a pod to its end.').prefault('2s'),
  },
  'How pods start and end on their node.',
);

export const nodeController = section(
  {
    gracePeriod: positiveSpan(
      'How long after a node was last heard of it is taken for unreachable (--node-monitor-grace-period).',
    ).prefault('40s'),
  },
  'What the control plane makes of nodes that are silent.',
);

export const autoscaling = section(
  {
    syncPeriod: positiveSpan(
      'The time between two looks at an autoscaler (--horizontal-pod-autoscaler-sync-period).',
    ).prefault('15s'),
    syncDuration: span(
      'How long a look takes. The next one is due a period after its end, so that they come later and later; 10 to 15 ms of a small Deployment.',
    ).prefault('10ms'),
    phase: span(
      'The first look after the start; later ones follow by the period and the duration of each.',
    ).prefault('0s'),
  },
  'The controller of HorizontalPodAutoscalers.',
);

export const scheduler = section(
  {
    extender: oneOf(
      ['spillway', 'none'],
      'Whether the scheduler asks Spillway. none: policy default, where policy is absent.',
    ).prefault('spillway'),
    policy: oneOf(
      POLICY_NAMES,
      'How pods get their nodes; docs/policies.md says what each does. All but spillway do without the extender. Absent: spillway.',
    ).optional(),
    extenderWeight: wholeNumber(1, 1000, "The extender's weight in the scheduler's configuration.").prefault(
      20,
    ),
    ignorable: describe(
      z.boolean('true or false').prefault(false),
      'What happens when the extender does not answer or answers with an error. false: the attempt fails. true: it goes on as if there were no extender.',
      'true or false',
    ),
    percentageOfNodesToScore: wholeNumber(
      0,
      100,
      'From 100 nodes on the scheduler stops looking once this share of all nodes can take the pod. 0: a share that shrinks from 50 to 5 as the cluster grows.',
    ).prefault(100),
    scoringStrategy: oneOf(
      ['LeastAllocated', 'MostAllocated'],
      'How NodeResourcesFit scores: emptier nodes first, or fuller ones.',
    ).prefault('LeastAllocated'),
    cycle: span('The time that one scheduling cycle takes.').prefault('2ms'),
    binding: span('From the decision to the pod being bound in the API: binding is asynchronous.').prefault(
      '15ms',
    ),
    watch: span('How long after a change the watches of the API server tell of it.').prefault('5ms'),
  },
  'kube-scheduler.',
).refine(({ extender, policy }) => extender !== 'none' || policy !== 'spillway', {
  message: 'not spillway with extender none',
  path: ['policy'],
});
