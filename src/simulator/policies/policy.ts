import type { TierSettings } from '../../picture/picture.ts';
import type { PolicyName } from '../../trace/policy-names.ts';
import type { Trace } from '../../trace/schema.ts';
import type { World } from '../model/world.ts';
import type { Profile } from '../scheduler/plugin.ts';
import { preferEdge } from './affinity.ts';
import { withLoadAware } from './koordinator/plugins.ts';
import { loadVariationRiskBalancing, targetLoadPacking } from './trimaran/plugins.ts';

/** How pods get their nodes. docs/policies.md names the source of each, and what is left out. */
export interface Policy {
  /** The scheduler asks Spillway. */
  readonly asksSpillway: boolean;
  /** What users of the policy write into their objects. */
  readonly traceOf?: (trace: Trace, tiers: TierSettings) => Trace;
  /** The scheduler's plugins; starts what they know beside the cycle. Absent: the default profile. */
  readonly profileOf?: (base: Profile, world: World) => Profile;
}

/** Scorers that Trimaran's documentation disables: they would pull against its own. */
const ALLOCATION_SCORERS: readonly string[] = ['NodeResourcesFit', 'NodeResourcesBalancedAllocation'];

export const POLICIES: Readonly<Record<PolicyName, Policy>> = {
  spillway: { asksSpillway: true },
  default: { asksSpillway: false },
  affinity: { asksSpillway: false, traceOf: preferEdge },
  trimaran: {
    asksSpillway: false,
    profileOf: (base, world) => ({
      filters: base.filters,
      scorers: [...withoutAllocation(base), targetLoadPacking(world)],
    }),
  },
  'trimaran-lvrb': {
    asksSpillway: false,
    profileOf: (base, world) => ({
      filters: base.filters,
      scorers: [...withoutAllocation(base), loadVariationRiskBalancing(world)],
    }),
  },
  koordinator: { asksSpillway: false, profileOf: withLoadAware },
  // Without scores all feasible nodes are equal, and the scheduler draws among equals.
  random: { asksSpillway: false, profileOf: ({ filters }) => ({ filters, scorers: [] }) },
};

function withoutAllocation({ scorers }: Profile): Profile['scorers'] {
  return scorers.filter(({ plugin }) => !ALLOCATION_SCORERS.includes(plugin));
}
