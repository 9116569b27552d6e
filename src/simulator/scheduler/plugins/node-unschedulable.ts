import type { Taint } from '../node-info.ts';
import type { FilterPlugin } from '../plugin.ts';
import { isTolerated } from '../tolerations.ts';

const UNSCHEDULABLE: Taint = { key: 'node.kubernetes.io/unschedulable', effect: 'NoSchedule' };
const REASONS = ['node(s) were unschedulable'];

/** plugins/nodeunschedulable/node_unschedulable.go. */
export const nodeUnschedulable: FilterPlugin = {
  plugin: 'NodeUnschedulable',
  prepare: ({ pod }) => ({
    filter: ({ state }) =>
      state.unschedulable && !isTolerated(UNSCHEDULABLE, pod.tolerations) ? REASONS : undefined,
  }),
  mayHelp: (_pod, event) =>
    (event.type === 'nodeAdded' && !event.node.unschedulable) ||
    (event.type === 'nodeUpdated' && event.before.unschedulable && !event.node.unschedulable),
};
