/** What `scheduler.policy`, `--compare` and `--sweep policy=` take; docs/policies.md says what each does. */
export const POLICY_NAMES = [
  'spillway',
  'default',
  'affinity',
  'trimaran',
  'trimaran-lvrb',
  'koordinator',
  'random',
] as const;

export type PolicyName = (typeof POLICY_NAMES)[number];
