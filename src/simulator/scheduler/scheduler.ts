import { nodeJson } from '../model/objects.ts';
import type { SimPod, World } from '../model/world.ts';
import { EXTENDER } from './cycle.ts';
import type { Extender } from './extender.ts';
import { nodeState } from './node-info.ts';
import { createNodes, nodeJoined } from './nodes.ts';
import type { Profile } from './plugin.ts';
import { createQueue, type SchedulingQueue } from './queue.ts';
import { know, place, type Scheduler, type SchedulerObserver } from './state.ts';
import { tellQueue } from './turns.ts';
import { watchCluster } from './watching.ts';

/** SchedulerPopFromBackoffQ is on by default since 1.33. */
const POPS_FROM_BACKOFF_SINCE = 33;

export interface SchedulerOptions {
  readonly extender: Extender | undefined;
  readonly observer: SchedulerObserver;
  readonly onBound: (pod: SimPod) => void;
  readonly profile: Profile;
}

/**
 * A stand-in for kube-scheduler: one pod at a time, binding asynchronously, pods that no node took retried
 * when something happens that may help them. docs/scheduler-model.md says what it leaves out.
 */
export function startScheduler(
  world: World,
  { extender, observer, onBound, profile }: SchedulerOptions,
): Scheduler {
  const { extenderWeight, ignorable, percentageOfNodesToScore } = world.trace.scheduler;
  const random = world.random.scheduler;
  const scheduler: Scheduler = {
    world,
    settings: { profile, percentageOfNodesToScore, extender, extenderWeight, ignorable, random },
    observer,
    onBound,
    queue: createQueue({
      popsFromBackoff: Number(world.trace.kubernetesVersion.split('.')[1]) >= POPS_FROM_BACKOFF_SINCE,
      mayHelp: mayHelpWith(profile),
    }),
    nodes: createNodes(),
    pods: new Map(),
    templates: new Map(),
    startMs: world.timeline.nowMs,
    startIndex: 0,
    busyUntilMs: world.timeline.nowMs,
    turnAtMs: undefined,
    flushAtMs: undefined,
  };
  for (const node of world.nodes.values()) {
    nodeJoined(scheduler.nodes, nodeState(nodeJson(node)));
    const info = scheduler.nodes.infos.get(node.name);
    for (const pod of node.pods) place(know(scheduler, pod), info);
  }
  watchCluster(scheduler);
  profile.watch?.((plugin) => tellQueue(scheduler, { type: 'pluginObjectChanged', plugin }));
  return scheduler;
}

/** The plugins' hints; whom the extender refused, any event may help (framework.go, defaultEnqueueExtension). */
function mayHelpWith({ filters }: Profile): SchedulingQueue['settings']['mayHelp'] {
  const hints = new Map(filters.map(({ plugin, mayHelp }) => [plugin, mayHelp]));
  return (pod, rejectors, event) =>
    Array.from(rejectors).some((plugin) => plugin === EXTENDER || (hints.get(plugin)?.(pod, event) ?? true));
}
