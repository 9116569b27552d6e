import { projectNode } from '../../cluster/project.ts';
import type { SimPod } from '../model/world.ts';
import type { NodeInfo } from './books.ts';

/** One of the scheduler's in-tree filter plugins. The texts are those of its events. */
export interface Filter {
  readonly plugin: string;
  /** Undefined: the node passes. */
  readonly refusal: (pod: SimPod, info: NodeInfo) => string | undefined;
}

type Toleration = NonNullable<SimPod['spec']['tolerations']>[number];
interface Taint {
  readonly key: string;
  readonly value?: string | undefined;
  readonly effect: string;
}

/** The node controller puts it on a node whose Ready condition is not True; a trace may not have it. */
const NOT_READY: Taint = { key: 'node.kubernetes.io/not-ready', effect: 'NoSchedule' };
const UNSCHEDULABLE: Taint = { key: 'node.kubernetes.io/unschedulable', effect: 'NoSchedule' };

export const FILTERS: readonly Filter[] = [
  {
    plugin: 'NodeUnschedulable',
    refusal: (pod, { node }) =>
      node.unschedulable && !isTolerated(pod, UNSCHEDULABLE) ? 'node(s) were unschedulable' : undefined,
  },
  {
    plugin: 'TaintToleration',
    refusal: (pod, { node }) => {
      const taints: readonly Taint[] = node.object.spec?.taints ?? [];
      const all = projectNode(node.object).ready ? taints : [...taints, NOT_READY];
      const hindering = all.filter(({ effect }) => effect === 'NoSchedule' || effect === 'NoExecute');
      return hindering.every((taint) => isTolerated(pod, taint))
        ? undefined
        : 'node(s) had untolerated taint(s)';
    },
  },
  {
    plugin: 'NodeAffinity',
    refusal: (pod, { node }) => {
      const labels = node.object.metadata.labels ?? {};
      const selector = Object.entries(pod.spec.nodeSelector ?? {});
      return selector.every(([key, value]) => labels[key] === value)
        ? undefined
        : "node(s) didn't match Pod's node affinity/selector";
    },
  },
  { plugin: 'NodeResourcesFit', refusal: lacking },
];

/** pkg/scheduler/framework/plugins/noderesources/fit.go: by requests, never by what is used. */
function lacking({ requests }: SimPod, info: NodeInfo): string | undefined {
  const { allocatable } = info.node;
  if (info.pods.size + 1 > allocatable.pods) return 'Too many pods';
  if (requests.cpuMilli > 0 && requests.cpuMilli > allocatable.cpuMilli - info.requestedCpuMilli) {
    return 'Insufficient cpu';
  }
  if (
    requests.memoryBytes > 0 &&
    requests.memoryBytes > allocatable.memoryBytes - info.requestedMemoryBytes
  ) {
    return 'Insufficient memory';
  }
  return undefined;
}

/** k8s.io/api core/v1 toleration.go, Toleration.ToleratesTaint. */
function isTolerated({ spec }: SimPod, taint: Taint): boolean {
  return (spec.tolerations ?? []).some((toleration) => tolerates(toleration, taint));
}

function tolerates(
  { key = '', operator = 'Equal', value = '', effect = '' }: Toleration,
  taint: Taint,
): boolean {
  if (effect !== '' && effect !== taint.effect) return false;
  if (key !== '' && key !== taint.key) return false;
  if (operator === 'Exists') return true;
  return operator === 'Equal' && key !== '' && value === (taint.value ?? '');
}
