/** Kubernetes 1.35 defines it so: a positive decimal integer of any length. What else there is has no order. */
const COMPARABLE = /^[1-9][0-9]*$/;

/** Whether a resourceVersion of a collection comes before another; false where one of them has no order. */
export function isEarlier(version: string, other: string): boolean {
  if (!COMPARABLE.test(version) || !COMPARABLE.test(other)) return false;
  return version.length === other.length ? version < other : version.length < other.length;
}
