import type { PolicyName } from './policy-names.ts';
import type { Trace } from './schema.ts';

/** The policy of a trace; without an extender and without a policy the default profile decides. */
export function policyName({ scheduler }: Trace): PolicyName {
  return scheduler.policy ?? (scheduler.extender === 'none' ? 'default' : 'spillway');
}

/** The trace with a policy in the place of its own. */
export function withPolicy(trace: Trace, policy: PolicyName): Trace {
  return { ...trace, scheduler: { ...trace.scheduler, extender: 'spillway', policy } };
}
