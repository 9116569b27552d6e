import { joinNode } from '../../simulator/model/nodes.ts';
import { traceConfig } from '../../simulator/simulate.ts';
import type { TraceEvent } from '../../trace/events.ts';
import { nodeOf, overheadPod } from '../objects.ts';
import { nodeGone, overheadMilliAtStart } from '../shadow.ts';
import { silenceEventOf } from '../silence.ts';
import type { Rehearsal } from './rehearsal.ts';
import { applySilence, type Silences } from './silence.ts';
import type { Stage } from './stage.ts';

/** Lets an event of the trace happen on the cluster. What was refused at the start does not come here. */
export async function applyTraceEvent(
  rehearsal: Rehearsal,
  stage: Stage,
  silences: Silences,
  event: TraceEvent,
): Promise<void> {
  const { cluster, id, trace, host } = rehearsal;
  const { shadow } = stage;
  const silence = silenceEventOf(event);
  if (silence !== undefined) return applySilence(rehearsal, stage, silences, silence);
  const { scale, cordon, uncordon, join, leave, down, up } = event;
  const { world, cpu, recorder } = shadow;
  const note = (object: string, what: string) =>
    recorder.incidents.push({ atMs: world.timeline.nowMs, object, what: `${object} ${what}` });
  if (scale !== undefined) {
    const [namespace, name] = scale.deployment.split('/');
    const path = `/apis/apps/v1/namespaces/${namespace}/deployments/${name}/scale`;
    await cluster.patch(path, { spec: { replicas: scale.replicas } });
  } else if (cordon !== undefined || uncordon !== undefined) {
    const node = cordon ?? uncordon ?? '';
    await cluster.patch(`/api/v1/nodes/${node}`, { spec: { unschedulable: cordon !== undefined } });
    note(node, cordon === undefined ? 'was uncordoned' : 'was cordoned');
  } else if (join !== undefined) {
    await cluster.create(nodeOf(join, id));
    joinNode(world, cpu, join, traceConfig(trace).tiers);
    await cluster.create(
      overheadPod(join.metadata.name, id, overheadMilliAtStart(shadow, join.metadata.name)),
    );
    note(join.metadata.name, 'joined');
  } else if (leave !== undefined) {
    await cluster.remove(`/api/v1/nodes/${leave}`);
    nodeGone(shadow, leave);
    note(leave, 'was deleted');
  } else if (down !== undefined) {
    await host.services?.down(down);
    note(down, 'is down');
  } else if (up !== undefined) {
    await host.services?.up(up);
    note(up, 'is up again');
  }
}
