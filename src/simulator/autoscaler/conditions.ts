/** Of an autoscaler's status. */
export interface Condition {
  readonly type: ConditionType;
  readonly status: 'True' | 'False';
  readonly reason: string;
  readonly message: string;
  readonly lastTransitionMs: number;
}

export type ConditionType = 'AbleToScale' | 'ScalingActive' | 'ScalingLimited';

/** horizontal.go, setConditionInList: the time changes only with the status. */
export function withCondition(
  conditions: readonly Condition[],
  condition: Omit<Condition, 'lastTransitionMs'>,
  nowMs: number,
): readonly Condition[] {
  const index = conditions.findIndex(({ type }) => type === condition.type);
  const before = conditions[index];
  if (before === undefined) return [...conditions, { ...condition, lastTransitionMs: nowMs }];
  const { status, lastTransitionMs } = before;
  return conditions.with(index, {
    ...condition,
    lastTransitionMs: status === condition.status ? lastTransitionMs : nowMs,
  });
}
