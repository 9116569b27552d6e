import type { PathKey } from '../reading/problems.ts';
import type { Load } from './load.ts';
import type { Trace } from './schema.ts';

export interface ReferenceProblem {
  readonly path: readonly PathKey[];
  readonly allowed: string;
}

/** What is right by itself and speaks of something that the trace does not have. */
export function referenceProblems(trace: Trace): readonly ReferenceProblem[] {
  const nodes = trace.nodes.map(({ metadata }) => metadata.name);
  // Those that join have names too.
  const everyNode = [...nodes, ...trace.events.flatMap(({ join }) => join?.metadata.name ?? [])];
  const deployments = trace.deployments.map(({ metadata }) => keyOf(metadata));
  const pods = trace.pods.map(({ metadata }) => keyOf(metadata));
  const check = (
    path: readonly PathKey[],
    name: string | undefined,
    known: readonly string[],
    what: string,
  ) =>
    name === undefined || known.includes(name)
      ? []
      : [
          {
            path,
            allowed: `${what} of this trace: ${known.length === 0 ? 'it has none' : known.join(', ')}`,
          },
        ];
  return [
    ...duplicates(nodes, 'nodes'),
    ...duplicates(deployments, 'deployments'),
    ...duplicates(pods, 'pods'),
    ...trace.pods.flatMap(({ spec }, index) =>
      check(['pods', index, 'spec', 'nodeName'], spec.nodeName, nodes, 'a node'),
    ),
    ...trace.horizontalPodAutoscalers.flatMap((object, index) =>
      check(
        ['horizontalPodAutoscalers', index, 'spec', 'scaleTargetRef', 'name'],
        targetKeyOf(object),
        deployments,
        'a Deployment',
      ),
    ),
    ...repeatedTargets(trace),
    ...trace.events.flatMap((event, index) => [
      ...check(
        ['events', index, 'scale', 'deployment'],
        event.scale?.deployment,
        deployments,
        'a Deployment',
      ),
      ...NODE_EVENTS.flatMap((key) => check(['events', index, key], event[key], everyNode, 'a node')),
      ...check(
        ['events', index, 'crash'],
        event.crash === undefined || pods.includes(event.crash) ? undefined : ownerOf(event.crash),
        deployments,
        'a pod, or a Deployment and a number (fn/web-1),',
      ),
      ...(event.at > trace.duration ? [tooLate(['events', index, 'at'])] : []),
    ]),
    ...repeatedJoins(trace),
    ...trace.load.flatMap((load, index) => {
      const { key, name } = targetOf(load);
      const known = { deployment: deployments, pod: pods, node: everyNode }[key];
      return check(['load', index, key], name, known, key === 'deployment' ? 'a Deployment' : `a ${key}`);
    }),
    ...repeatedLoads(trace),
    ...trace.metricsServer.lost.flatMap(({ node }, index) =>
      check(['metricsServer', 'lost', index, 'node'], node, everyNode, 'a node'),
    ),
    ...trace.metricsServer.failures.flatMap(({ node }, index) =>
      check(['metricsServer', 'failures', index, 'node'], node, everyNode, 'a node'),
    ),
    ...trace.expect.flatMap((expectation, index) => [
      ...('workload' in expectation
        ? check(['expect', index, 'workload'], expectation.workload, deployments, 'a Deployment')
        : []),
      ...('node' in expectation
        ? check(['expect', index, 'node'], expectation.node, everyNode, 'a node')
        : []),
      ...(expectation.type === 'pods' && typeof expectation.at === 'number' && expectation.at > trace.duration
        ? [tooLate(['expect', index, 'at'])]
        : []),
    ]),
  ];
}

const NODE_EVENTS = ['cordon', 'uncordon', 'leave', 'lose', 'recover', 'disconnect', 'reconnect'] as const;

/** `namespace/name` of the Deployment that an autoscaler scales. */
export function targetKeyOf({ metadata, spec }: Trace['horizontalPodAutoscalers'][number]): string {
  return keyOf({ namespace: metadata.namespace, name: spec.scaleTargetRef.name });
}

/** Pods of a Deployment are named by their number; what is not named so has none: an empty text. */
function ownerOf(pod: string): string {
  return /^(.+)-\d+$/.exec(pod)?.[1] ?? '';
}

export function keyOf({
  namespace = 'default',
  name,
}: {
  namespace?: string | undefined;
  name: string;
}): string {
  return `${namespace}/${name}`;
}

function duplicates(names: readonly string[], list: string): readonly ReferenceProblem[] {
  return names.flatMap((name, index) =>
    names.indexOf(name) === index
      ? []
      : [{ path: [list, index, 'metadata', 'name'], allowed: 'a name that no other has' }],
  );
}

/** The real controller gives both up, with the reason AmbiguousSelector. */
function repeatedTargets({ horizontalPodAutoscalers }: Trace): readonly ReferenceProblem[] {
  const targets = horizontalPodAutoscalers.map(targetKeyOf);
  return targets.flatMap((target, index) =>
    targets.indexOf(target) === index
      ? []
      : [
          {
            path: ['horizontalPodAutoscalers', index, 'spec', 'scaleTargetRef', 'name'],
            allowed: 'a Deployment that no other autoscaler scales',
          },
        ],
  );
}

/** A node that was deleted may come again under its name. */
function repeatedJoins({ nodes, events }: Trace): readonly ReferenceProblem[] {
  const there = new Set(nodes.map(({ metadata }) => metadata.name));
  const inTime = events
    .map((event, index) => ({ event, index }))
    .sort((left, right) => left.event.at - right.event.at);
  return inTime.flatMap(({ event: { join, leave }, index }) => {
    if (leave !== undefined) there.delete(leave);
    if (join === undefined) return [];
    const { name } = join.metadata;
    if (there.has(name)) {
      return [
        { path: ['events', index, 'join', 'metadata', 'name'], allowed: 'a name that no node has then' },
      ];
    }
    there.add(name);
    return [];
  });
}

function repeatedLoads({ load }: Trace): readonly ReferenceProblem[] {
  const targets = load.map(targetOf);
  return targets.flatMap(({ key, name }, index) =>
    targets.findIndex((target) => target.key === key && target.name === name) === index
      ? []
      : [{ path: ['load', index, key], allowed: 'one load for each Deployment, pod and node' }],
  );
}

/** What a load is the load of. */
function targetOf(load: Load) {
  const { deployment, pod, node } = { pod: undefined, node: undefined, ...load };
  if (deployment !== undefined) return { key: 'deployment', name: deployment } as const;
  return pod === undefined ? ({ key: 'node', name: node } as const) : ({ key: 'pod', name: pod } as const);
}

function tooLate(path: readonly PathKey[]): ReferenceProblem {
  return { path, allowed: 'a time within the duration of the trace' };
}
