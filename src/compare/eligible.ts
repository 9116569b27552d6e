import { clockMs } from '../simulator/model/world.ts';
import { createNodeInfo, nodeState } from '../simulator/scheduler/node-info.ts';
import { nodeAffinityFilter } from '../simulator/scheduler/plugins/node-affinity.ts';
import { taintTolerationFilter } from '../simulator/scheduler/plugins/taint-toleration.ts';
import { createPodInfo } from '../simulator/scheduler/pod-info.ts';
import { keyOf } from '../trace/references.ts';
import type { Trace } from '../trace/schema.ts';

/** Whether the spec of a workload's pods lets them go to a node: its taints, node selector and node affinity. */
export function createEligibility(trace: Trace): (workload: string, node: string) => boolean {
  const joined = trace.events.flatMap(({ join }) => join ?? []);
  const nodes = new Map(
    [...trace.nodes, ...joined].map((object) => [object.metadata.name, createNodeInfo(nodeState(object))]),
  );
  const filters = new Map(
    trace.deployments.map(({ metadata, spec }) => {
      const { name, namespace = 'default' } = metadata;
      const { labels = {}, annotations = {} } = spec.template.metadata ?? {};
      const identity = { uid: '', name, namespace, labels, annotations, spec: spec.template.spec };
      const cycle = { pod: createPodInfo(identity, undefined), nodes: [], nowMs: clockMs(0) };
      const prepared = [taintTolerationFilter, nodeAffinityFilter].map(({ prepare }) => prepare(cycle));
      return [keyOf(metadata), prepared];
    }),
  );
  return (workload, node) => {
    const info = nodes.get(node);
    if (info === undefined) return false;
    return (filters.get(workload) ?? []).every((prepared) => prepared?.filter(info) === undefined);
  };
}
