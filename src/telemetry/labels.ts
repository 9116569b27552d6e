import { ANNOTATION_NAMES, ANNOTATION_PREFIX } from '../placement/annotations.ts';
import type { Decision } from '../placement/decision.ts';

/** The answers that are none: not to be read, not for this client, too large, not ready or too slow. */
export const ERROR_CODES = ['400', '403', '413', '503'] as const;

export type CertificateUse = 'server' | 'client-ca';

/** The tier that a decision sent its pod to. `passed` leaves that to the scheduler. */
const TIER_OF_RESULT = {
  passed: 'none',
  edge: 'edge',
  overflow: 'cloud',
  cloud: 'cloud',
  overload: 'edge',
  pending: 'none',
} as const satisfies Readonly<Record<Decision['result'], string>>;

export function decisionTier(result: Decision['result']): 'edge' | 'cloud' | 'none' {
  return TIER_OF_RESULT[result];
}

const ERROR_NAMES: readonly string[] = ['TypeError', 'RangeError', 'ReferenceError', 'SyntaxError', 'Error'];

/** The kind of an internal error. Its message may name pods, so it belongs in the log. */
export function errorCause(error: unknown): string {
  if (!(error instanceof Error)) return 'other';
  return ERROR_NAMES.includes(error.name) ? error.name : 'other';
}

/** A pod may carry any annotation below our prefix: the ones we do not know share this label value. */
export const UNKNOWN_ANNOTATION = 'unknown';

export function annotationLabel(annotation: string): string {
  const name = annotation.slice(ANNOTATION_PREFIX.length);
  return ANNOTATION_NAMES.includes(name) ? name : UNKNOWN_ANNOTATION;
}

export const WATCHED_RESOURCES = ['nodes', 'pods', 'replicasets'] as const;
export const WATCH_CAUSES = ['ended', 'expired', 'refused', 'stalled', 'broken', 'rewound'] as const;

/** Every label value is a series that Prometheus keeps for hours: an unforeseen cause makes none of its own. */
export function watchCause(cause: string): string {
  return WATCH_CAUSES.find((known) => known === cause) ?? 'other';
}
