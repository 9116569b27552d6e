import type { TraceEvent } from '../trace/events.ts';
import type { TraceDeployment } from '../trace/kubernetes.ts';
import type { PolicyName } from '../trace/policy-names.ts';
import type { Trace } from '../trace/schema.ts';

/** Policies that a cluster has: the scheduler that asks Spillway, or the default one. */
export const REHEARSED_POLICIES = [
  'spillway',
  'default',
  'affinity',
] as const satisfies readonly PolicyName[];
export type RehearsedPolicy = (typeof REHEARSED_POLICIES)[number];

/** What a cluster can be asked for by its API, and KWOK by a node's Lease. */
const EVENTS = [
  'scale',
  'cordon',
  'uncordon',
  'join',
  'leave',
  'lose',
  'recover',
  'disconnect',
  'reconnect',
] as const;

/** Who runs the services of a cluster can stop them; its API cannot. */
const SERVICE_EVENTS = ['down', 'up'] as const;

/**
 * What of a trace cannot be done on a cluster, a line for each: it is refused before anything is created,
 * since a run that leaves some of it out would say nothing of the trace.
 *
 * @param withServices whether metrics-server and Spillway can be taken down and up
 */
export function refusals(trace: Trace, withServices: boolean): readonly string[] {
  const allowed = withServices ? [...EVENTS, ...SERVICE_EVENTS] : EVENTS;
  return [
    ...trace.deployments.flatMap((deployment, index) => templateRefusals(deployment, index)),
    ...trace.events.flatMap((event, index) => eventRefusal(event, index, allowed) ?? []),
  ];
}

/** The API takes these from objects of their own, which a trace does not have. */
function templateRefusals({ spec }: TraceDeployment, index: number): readonly string[] {
  const { overhead, priority = 0, priorityClassName } = spec.template.spec;
  const path = `deployments[${index}].spec.template.spec`;
  return [
    ...(overhead === undefined ? [] : [`${path}.overhead: found some, allowed on a cluster: none`]),
    ...(priority === 0 || priorityClassName !== undefined
      ? []
      : [`${path}.priority: found ${priority}, allowed on a cluster: a priorityClassName that it has`]),
  ];
}

function eventRefusal(
  event: TraceEvent,
  index: number,
  allowed: readonly (keyof TraceEvent)[],
): string | undefined {
  if (allowed.some((key) => event[key] !== undefined)) return undefined;
  const kind = Object.keys(event).find((key) => key !== 'at') ?? '';
  return `events[${index}].${kind}: found ${kind}, allowed on a cluster: ${allowed.join(', ')}`;
}
