/** A pod, and no other that has its name after it. */
interface PodIdentity {
  readonly uid: string;
  readonly namespace: string;
  readonly name: string;
}

/** What Spillway asks of the cluster, where an operator allows it. There is nothing else that it may ask. */
export type Act =
  | { readonly type: 'evictPod'; readonly pod: PodIdentity; readonly why: string }
  | ({
      readonly type: 'annotatePod';
      readonly pod: PodIdentity;
    } & Annotation)
  | ({
      readonly type: 'annotateNode';
      readonly node: string;
    } & Annotation);

interface Annotation {
  readonly annotation: string;
  /** Undefined: it is taken away. */
  readonly value?: string | undefined;
  readonly why: string;
}

/**
 * What became of an act. `refused`: it may not be now, by an operator's or the cluster's rules, which is no error.
 * `failed`: it could not be done.
 */
export type ActOutcome =
  | { readonly result: 'done' }
  | { readonly result: 'refused' | 'failed'; readonly why: string };

/** The one way out: who carries acts out, and tells of each, once, now or later, what became of it. */
export interface ActPort {
  readonly carryOut: (act: Act, told: (outcome: ActOutcome) => void) => void;
}

export function refuseActs(why: string): ActPort {
  return { carryOut: (_act, told) => told({ result: 'refused', why }) };
}
