import type { NodeInfo, NodeState } from '../node-info.ts';
import type { FilterPlugin, ScorePlugin } from '../plugin.ts';
import type { PodInfo } from '../pod-info.ts';
import { hasUntoleratedTaint, isTolerated } from '../tolerations.ts';
import { normalizeScores } from './normalize.ts';

const PLUGIN = 'TaintToleration';
const REASONS = ['node(s) had untolerated taint(s)'];

/** plugins/tainttoleration/taint_toleration.go, Filter and isSchedulableAfterNodeChange. */
export const taintTolerationFilter: FilterPlugin = {
  plugin: PLUGIN,
  prepare: ({ pod }) => ({ filter: ({ state }) => (keepsAway(state, pod) ? REASONS : undefined) }),
  mayHelp: (pod, event) =>
    (event.type === 'nodeAdded' && !keepsAway(event.node, pod)) ||
    (event.type === 'nodeUpdated' && keepsAway(event.before, pod) && !keepsAway(event.node, pod)),
};

/** Score: the fewer PreferNoSchedule taints that the pod does not tolerate, the better. */
export const taintTolerationScorer: ScorePlugin = {
  plugin: PLUGIN,
  weight: 3,
  prepare: ({ pod }) => {
    const tolerations = pod.tolerations.filter(
      ({ effect = '' }) => effect === '' || effect === 'PreferNoSchedule',
    );
    return {
      score: ({ state }: NodeInfo) => {
        let intolerable = 0;
        for (const taint of state.taints) {
          if (taint.effect === 'PreferNoSchedule' && !isTolerated(taint, tolerations)) intolerable += 1;
        }
        return intolerable;
      },
      normalize: (scores) => normalizeScores(scores, 'reversed'),
    };
  },
};

function keepsAway({ taints }: NodeState, { tolerations }: PodInfo): boolean {
  return taints.length > 0 && hasUntoleratedTaint(taints, tolerations);
}
