import * as z from 'zod';
import { PLACEMENTS } from '../placement/annotations.ts';
import {
  cpuQuantity,
  describe,
  duration,
  numberFrom,
  oneOf,
  optionalText,
  PATH,
  PATH_ALLOWED,
  ratio,
  section,
  text,
  textOrNumber,
  wholeNumber,
} from '../reading/fields.ts';
import { LABEL_KEY, labelSelector, NAMESPACE, SELECTOR_TEXT } from './selector.ts';
import { server } from './server.ts';

export const API_VERSION = 'spillway.dev/v1alpha1';
export const KIND = 'SpillwayConfiguration';

/** `prefault` throughout: defaults are written here as they would be in the file, and read like it. */
const kubernetes = section(
  {
    kubeconfig: optionalText(
      PATH_ALLOWED,
      PATH,
      "A kubeconfig. With none: $KUBECONFIG, else ~/.kube/config, else the pod's ServiceAccount.",
    ).prefault(''),
  },
  'How to reach the API server.',
);

const tiers = section(
  {
    edgeSelector: labelSelector(
      "Nodes that match are edge, all others cloud. The default is KubeEdge's marker; change it for k3s, OpenYurt or SuperEdge. An empty selector makes every node edge.",
    ).prefault({ matchExpressions: [{ key: 'node-role.kubernetes.io/edge', operator: 'Exists' }] }),
    siteLabel: optionalText(
      'the name of a label',
      LABEL_KEY,
      "The label whose value names an edge node's site. Set it when pods carry spillway.dev/site.",
    ).prefault(''),
  },
  'Which nodes are edge nodes.',
);

const ANNOTATION = 'as the annotation spillway.dev/';

/** The annotations' names in camel case; `placement/annotations.ts` reads the values of both. */
const set = section(
  {
    placement: oneOf(PLACEMENTS, 'Where the pods go.').optional(),
    load: oneOf(['shared', 'own'], 'Whether replicas share one load or each bring their own.').optional(),
    cpuThreshold: textOrNumber(`${ANNOTATION}cpu-threshold`, 'Their own threshold.').optional(),
    cpuEstimate: textOrNumber(
      `${ANNOTATION}cpu-estimate`,
      'CPU each is expected to use until measured.',
    ).optional(),
    edgeShare: textOrNumber(
      `${ANNOTATION}edge-share`,
      "At most this share of a workload's pods at the edge.",
    ).optional(),
    cloudMin: textOrNumber(
      `${ANNOTATION}cloud-min`,
      'So many pods of a workload go to the cloud first.',
    ).optional(),
    site: textOrNumber(`${ANNOTATION}site`, 'The site they prefer.').optional(),
  },
  'What holds for the pods of this rule, unless their annotations say otherwise.',
);

const rule = section(
  {
    namespaces: describe(
      z
        .array(text('the name of a namespace', NAMESPACE, 'A namespace.'), 'a list of namespaces')
        .min(1, 'at least one namespace; leave the key out for all')
        .optional(),
      'The rule is for pods of these namespaces. Absent: of all.',
      'a list of namespaces, at least one',
    ),
    selector: labelSelector('The rule is for pods with these labels. Absent or empty: for all.').optional(),
    set,
  },
  'One rule.',
);

const SPARE_KUBE_SYSTEM = { namespaces: ['kube-system'], set: { placement: 'off' as const } };

const placement = section(
  {
    default: oneOf(PLACEMENTS, 'Where a pod goes that neither a rule nor an annotation speaks of.').prefault(
      'edge-first',
    ),
    threshold: ratio(
      'The share of allocatable CPU up to which an edge node is filled. Lower it where response times at the edge suffer, raise it to use more of the edge.',
    ).prefault(0.8),
    resume: ratio(
      'An edge node that reached its threshold takes pods again once its forecast is below this share. Lower it if pods flap between edge and cloud; a wide gap leaves the edge emptier. Default: threshold − 0.05, or half of a threshold of 0.10 and below. At most threshold.',
    ).optional(),
    limit: ratio(
      'The share that an edge node is never planned above, not even for want of a cloud node. At least threshold.',
    ).prefault(0.95),
    edgeCandidates: oneOf(
      ['one', 'all'],
      "How many edge nodes filter answers. one: the answer is exact and holds for the very next pod. all: the scheduler's other scores have the last word; give the extender a high weight then.",
    ).prefault('one'),
    unknownMetrics: oneOf(
      ['pack-by-requests', 'treat-as-full', 'treat-as-usable'],
      'How an edge node is judged whose CPU is not known. See "When metrics are missing".',
    ).prefault('pack-by-requests'),
    rules: describe(
      z.array(rule, 'a list of rules').max(1000, 'at most 1000 rules').prefault([SPARE_KUBE_SYSTEM]),
      'Settings for namespaces and labels, in order: what a later rule sets replaces what an earlier one set. A list of your own replaces the default, so keep its entry for kube-system.',
      'a list of at most 1000 rules',
    ),
  },
  'How pods are placed.',
);

const load = section(
  {
    lead: duration(
      '0s',
      '10m',
      'How far ahead a rising load is followed. About the time from a scale-up to its pods being ready.',
    ).prefault('15s'),
    requestFactor: numberFrom(
      0.01,
      100,
      'A pod without measured siblings is expected to use its CPU request times this. Lower it where requests are generous.',
    ).prefault(1),
    defaultCpu: cpuQuantity(
      'What a pod without a request and without measured siblings is expected to use.',
    ).prefault('100m'),
    trendBound: numberFrom(
      1,
      10,
      'A rising load is predicted at most at this multiple of what was measured. 1 ignores trends.',
    ).prefault(2),
    saturated: ratio(
      "A node that uses this share of its CPU hides how much more its pods would use: a pod's request is then the least it counts.",
    ).prefault(0.95),
  },
  'How the load of a pod is foreseen.',
);

const metrics = section(
  {
    pollInterval: duration(
      '1s',
      '5m',
      'How often metrics.k8s.io is read. metrics-server as shipped has new figures every 15 s (--metric-resolution); a third of that sees them at most 5 s late. Below ageingAfter.',
    ).prefault('5s'),
    ageingAfter: duration(
      '2s',
      '1h',
      "Without a new sample for longer than this, a node's metrics are ageing. About three times metrics-server's resolution.",
    ).prefault('45s'),
    unknownAfter: duration(
      '3s',
      '24h',
      'Without a new sample for longer than this, they are unknown and unknownMetrics holds. Above ageingAfter.',
    ).prefault('180s'),
    podSelector: optionalText(
      'a label selector as kubectl -l takes it, like app=web,tier!=batch',
      SELECTOR_TEXT,
      'Reads the metrics of matching pods only, for clusters where reading all costs too much. The CPU of the others counts as overhead of their node.',
    ).prefault(''),
    timeout: duration('1s', '5m', 'A read of metrics that takes longer has failed.').prefault('10s'),
  },
  'Reading CPU from metrics.k8s.io.',
);

const reservations = section(
  {
    ttl: duration(
      '1s',
      '1h',
      'A pod that was answered a node and is not bound within this time no longer counts there. Longer than binding takes, volumes and Permit plugins included.',
    ).prefault('30s'),
    max: wholeNumber(
      1,
      1_000_000,
      'So many reservations are held at most; the oldest give way. Well above the pods of one burst.',
    ).prefault(10_000),
  },
  'Pods sent to a node that the API server does not show there yet.',
);

const logging = section(
  {
    level: oneOf(
      ['trace', 'debug', 'info', 'warn', 'error'],
      'The least severe lines written. debug adds a line for every decision.',
    ).prefault('info'),
  },
  'The log: JSON lines on standard output.',
);

const decisions = section(
  {
    keep: wholeNumber(
      0,
      100_000,
      'How many recent decisions /debug/decisions remembers. A decision is kept with at most 50 of its candidates.',
    ).prefault(1000),
  },
  'The decisions kept for questions afterwards.',
);

/** The file: every field as it is written, with its default. */
export const configFile = z
  .strictObject(
    {
      apiVersion: describe(z.literal(API_VERSION, API_VERSION), 'The version of this format.', API_VERSION),
      kind: describe(z.literal(KIND, KIND), 'What this document is.', KIND),
      server: server.prefault({}),
      kubernetes: kubernetes.prefault({}),
      tiers: tiers.prefault({}),
      placement: placement.prefault({}),
      load: load.prefault({}),
      metrics: metrics.prefault({}),
      reservations: reservations.prefault({}),
      logging: logging.prefault({}),
      decisions: decisions.prefault({}),
    },
    `a mapping with apiVersion: ${API_VERSION} and kind: ${KIND}`,
  )
  .describe("Spillway's configuration.");

export type ConfigFile = z.output<typeof configFile>;

/** Fields that rules across fields look at one by one, since others beside them may be wrong. */
export const placementFields = placement.shape;
export const metricsFields = metrics.shape;
