import type { Incident, Scaling } from '../outcome/result.ts';
import type { TierSettings } from '../picture/picture.ts';
import type { TraceEvent } from '../trace/events.ts';
import type { Cpu } from './model/cpu.ts';
import { crashPod } from './model/kubelet.ts';
import { type MetricsServer, restartMetricsServer, stopMetricsServer } from './model/metrics-server.ts';
import { joinNode, loseNode, regainNode, removeNode } from './model/nodes.ts';
import { scaleTo } from './model/workloads.ts';
import { tellNode, type World } from './model/world.ts';

/** The parts of a run that an event can change. */
export interface Affected {
  readonly world: World;
  readonly cpu: Cpu;
  readonly metricsServer: MetricsServer;
  readonly tiers: TierSettings;
  readonly scalings: Scaling[];
  readonly incidents: Incident[];
}

/** Lets an event of the trace happen. What speaks of a node or pod that is not there (any more) does nothing. */
export function applyEvent(affected: Affected, event: TraceEvent): void {
  if (event.scale !== undefined) applyScale(affected, event.scale);
  else if (event.down !== undefined || event.up !== undefined) applyService(affected, event);
  else if (event.crash !== undefined) applyCrash(affected, event.crash);
  else applyToNode(affected, event);
}

function applyScale(
  { world, cpu, scalings }: Affected,
  { deployment, replicas: to }: NonNullable<TraceEvent['scale']>,
): void {
  const replicaSet = world.replicaSets.get(deployment);
  if (replicaSet === undefined) return;
  const { workload, replicas: from } = replicaSet;
  scalings.push({ atMs: world.timeline.nowMs, workload, from, to });
  scaleTo(world, cpu, replicaSet, to);
}

function applyService(affected: Affected, { down, up }: TraceEvent): void {
  const { world, metricsServer } = affected;
  const service = down ?? up ?? '';
  if (service === 'extender') world.extender.available = up !== undefined;
  else if (down !== undefined) stopMetricsServer(world, metricsServer);
  else restartMetricsServer(metricsServer);
  note(affected, service, down === undefined ? 'is up again' : 'is down');
}

function applyCrash(affected: Affected, key: string): void {
  const { world, cpu } = affected;
  for (const pod of world.pods.values()) {
    if (`${pod.namespace}/${pod.name}` !== key) continue;
    if (crashPod(world, cpu, pod)) note(affected, key, 'crashed');
  }
}

function applyToNode(affected: Affected, event: TraceEvent): void {
  const { world, cpu, tiers } = affected;
  const { cordon, uncordon, join, leave, lose, recover, disconnect, reconnect } = event;
  if (join !== undefined) {
    joinNode(world, cpu, join, tiers);
    note(affected, join.metadata.name, 'joined');
    return;
  }
  const name = cordon ?? uncordon ?? leave ?? lose ?? recover ?? disconnect ?? reconnect ?? '';
  const node = world.nodes.get(name);
  if (node === undefined) return;
  if (cordon !== undefined || uncordon !== undefined) {
    node.unschedulable = cordon !== undefined;
    tellNode(world, node, 'changed');
    note(affected, name, cordon === undefined ? 'was uncordoned' : 'was cordoned');
  } else if (leave !== undefined) {
    removeNode(world, cpu, node);
    note(affected, name, 'was deleted');
  } else if (lose !== undefined || disconnect !== undefined) {
    loseNode(world, cpu, node, lose === undefined ? 'disconnected' : 'lost');
    note(affected, name, lose === undefined ? 'was disconnected' : 'was lost');
  } else {
    regainNode(world, cpu, node);
    note(affected, name, 'is back');
  }
}

function note({ world, incidents }: Affected, object: string, what: string): void {
  incidents.push({ atMs: world.timeline.nowMs, object, what: `${object} ${what}` });
}
