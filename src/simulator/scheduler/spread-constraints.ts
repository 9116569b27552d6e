import type { LabelSelector } from '../../placement/selector.ts';
import type { TracePodSpec } from '../../trace/kubernetes.ts';
import { type Labels, labelsAt, type Selector, selectorOf } from './selectors.ts';

export const HOSTNAME = 'kubernetes.io/hostname';
const ZONE = 'topology.kubernetes.io/zone';

/** A topology spread constraint with its defaults (plugins/podtopologyspread/common.go). */
export interface SpreadConstraint {
  readonly topologyKey: string;
  readonly maxSkew: number;
  readonly minDomains: number;
  readonly selector: Selector;
  /** Nodes that the pod's node affinity or selector rules out are not counted. */
  readonly honorsAffinity: boolean;
  /** Nor are those with taints that it does not tolerate. */
  readonly honorsTaints: boolean;
}

export interface SpreadConstraints {
  /** `DoNotSchedule`: the filter's. */
  readonly hard: readonly SpreadConstraint[];
  /** `ScheduleAnyway`: the scorer's. */
  readonly soft: readonly SpreadConstraint[];
  /** The system's, since the pod has none: nodes without one of the labels are scored by the others. */
  readonly areDefaults: boolean;
}

/** plugins/podtopologyspread/plugin.go, systemDefaultConstraints; both are `ScheduleAnyway`. */
const SYSTEM_DEFAULTS = [
  { topologyKey: HOSTNAME, maxSkew: 3 },
  { topologyKey: ZONE, maxSkew: 5 },
] as const;

/** @param selector what the pod's controller and Services select; the defaults need one */
export function spreadConstraints(
  { topologySpreadConstraints = [] }: TracePodSpec,
  labels: Labels,
  selector: LabelSelector | undefined,
): SpreadConstraints {
  if (topologySpreadConstraints.length === 0) {
    return { hard: [], soft: defaultConstraints(selector), areDefaults: true };
  }
  const of = (action: 'DoNotSchedule' | 'ScheduleAnyway') =>
    topologySpreadConstraints
      .filter(({ whenUnsatisfiable }) => whenUnsatisfiable === action)
      .map(({ topologyKey, maxSkew, minDomains = 1, ...constraint }) => ({
        topologyKey,
        maxSkew,
        minDomains,
        selector: selectorOf(constraint.labelSelector, labelsAt(labels, constraint.matchLabelKeys)),
        honorsAffinity: constraint.nodeAffinityPolicy !== 'Ignore',
        honorsTaints: constraint.nodeTaintsPolicy === 'Honor',
      }));
  return { hard: of('DoNotSchedule'), soft: of('ScheduleAnyway'), areDefaults: false };
}

/** buildDefaultConstraints: none for a pod that nothing selects. */
function defaultConstraints(owners: LabelSelector | undefined): readonly SpreadConstraint[] {
  const selector = selectorOf(owners);
  if (owners === undefined || selector.isEmpty) return [];
  return SYSTEM_DEFAULTS.map(({ topologyKey, maxSkew }) => ({
    topologyKey,
    maxSkew,
    minDomains: 1,
    selector,
    honorsAffinity: true,
    honorsTaints: false,
  }));
}
