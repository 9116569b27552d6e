import type { Profile } from './plugin.ts';
import { nodeAffinityFilter, nodeAffinityScorer } from './plugins/node-affinity.ts';
import { nodeName } from './plugins/node-name.ts';
import { nodeUnschedulable } from './plugins/node-unschedulable.ts';
import { podAffinityFilter } from './plugins/pod-affinity.ts';
import { podAffinityScorer } from './plugins/pod-affinity-score.ts';
import {
  balancedAllocationScorer,
  resourcesFitScorer,
  type ScoringStrategy,
} from './plugins/resource-scores.ts';
import { resourcesFitFilter } from './plugins/resources-fit.ts';
import { taintTolerationFilter, taintTolerationScorer } from './plugins/taint-toleration.ts';
import { topologySpreadFilter } from './plugins/topology-spread.ts';
import { topologySpreadScorer } from './plugins/topology-spread-score.ts';

/**
 * The default profile, in its order and with its weights (pkg/scheduler/apis/config/v1/default_plugins.go).
 * What it leaves out is in docs/scheduler-model.md.
 */
export function defaultProfile(strategy: ScoringStrategy = 'LeastAllocated'): Profile {
  return {
    filters: [
      nodeUnschedulable,
      nodeName,
      taintTolerationFilter,
      nodeAffinityFilter,
      resourcesFitFilter,
      topologySpreadFilter,
      podAffinityFilter,
    ],
    scorers: [
      taintTolerationScorer,
      nodeAffinityScorer,
      resourcesFitScorer(strategy),
      topologySpreadScorer,
      podAffinityScorer,
      balancedAllocationScorer,
    ],
  };
}
