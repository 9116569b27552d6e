import { type AnnotationProblems, type Placement, type Policy, readAnnotations } from './annotations.ts';
import { type LabelSelector, matchesSelector } from './selector.ts';

/** Rules apply in order; what a later one sets replaces what an earlier one set. */
export interface PolicyRule {
  /** Undefined: every namespace. */
  readonly namespaces?: readonly string[] | undefined;
  readonly selector?: LabelSelector | undefined;
  readonly policy: Partial<Policy>;
}

export interface PolicySettings {
  readonly placement: Placement;
  readonly rules: readonly PolicyRule[];
  /** A threshold that a pod asks for may not be above it. */
  readonly limitRatio: number;
  /** Its own pods are never placed by itself (kubernetes#91489). */
  readonly ownSelector: LabelSelector;
}

/** What of a pod's object its policy depends on. */
export interface PolicySubject {
  readonly namespace: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  readonly ownerKind?: string | undefined;
  readonly priorityClassName?: string | undefined;
}

export interface PolicyResult {
  readonly policy: Policy;
  readonly problems: AnnotationProblems;
}

export const MIRROR_ANNOTATION = 'kubernetes.io/config.mirror';
const CRITICAL_CLASSES: readonly string[] = ['system-node-critical', 'system-cluster-critical'];

export function resolvePolicy(subject: PolicySubject, settings: PolicySettings): PolicyResult {
  const byDefault: Policy = {
    placement: settings.placement,
    // Replicas of a ReplicaSet stand behind one Service; pods of other controllers have work of their own.
    sharing: subject.ownerKind === 'ReplicaSet' ? 'shared' : 'own',
  };
  const matching = settings.rules.filter((rule) => matchesRule(subject, rule));
  const byRules = matching.map((rule) => rule.policy);
  const { policy: asked, problems } = readAnnotations(subject.annotations, settings.limitRatio);
  const policy: Policy = Object.assign({}, byDefault, ...byRules, asked);
  return { policy: isExempt(subject, settings) ? { ...policy, placement: 'off' } : policy, problems };
}

/** Pods whose node is not a question of load: they pass untouched, whatever their annotations say. */
function isExempt(subject: PolicySubject, settings: PolicySettings): boolean {
  return (
    subject.ownerKind === 'DaemonSet' ||
    MIRROR_ANNOTATION in subject.annotations ||
    CRITICAL_CLASSES.includes(subject.priorityClassName ?? '') ||
    matchesSelector(subject.labels, settings.ownSelector)
  );
}

function matchesRule(subject: PolicySubject, rule: PolicyRule): boolean {
  if (rule.namespaces !== undefined && !rule.namespaces.includes(subject.namespace)) return false;
  return rule.selector === undefined || matchesSelector(subject.labels, rule.selector);
}
