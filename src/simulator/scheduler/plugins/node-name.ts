import { taintsChanged } from '../events.ts';
import type { FilterPlugin } from '../plugin.ts';

const REASONS = ["node(s) didn't match the requested node name"];

/** plugins/nodename/node_name.go. */
export const nodeName: FilterPlugin = {
  plugin: 'NodeName',
  prepare: ({ pod }) => {
    const { nodeName: name = '' } = pod.spec;
    if (name === '') return undefined;
    return { filter: ({ state }) => (state.name === name ? undefined : REASONS) };
  },
  mayHelp: (_pod, event) =>
    event.type === 'nodeAdded' || (event.type === 'nodeUpdated' && taintsChanged(event.before, event.node)),
};
