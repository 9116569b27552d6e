import { LRUCache } from 'lru-cache';

/** A pod as far as it matters who was asked about it. */
export interface AskedPod {
  readonly uid: string;
  readonly schedulerName: string;
}

export interface AskedPods {
  /** A question about the pod came. */
  readonly asked: (pod: AskedPod, nowMs: number) => void;
  /** @returns whether the pod, which was just bound, is of a scheduler that asks here and was not asked about */
  readonly isUnasked: (pod: AskedPod, nowMs: number) => boolean;
}

/** More than a burst binds before the watch shows the first of it. */
const MAX_PODS = 20_000;
/** A scheduler that has not asked for so long asks no more. */
const ASKS_MS = 600_000;
const MAX_SCHEDULERS = 20;

/**
 * Where a scheduler asks two Spillways in turn (a `urlPrefix` that names a Service), each sees half of the
 * questions and fills the edge by itself: 24 pods where 12 fit. What gives it away is pods that are bound without
 * a question here, by a scheduler that asks here.
 */
export function createAskedPods(): AskedPods {
  const pods = new LRUCache<string, true>({ max: MAX_PODS });
  const schedulers = new LRUCache<string, number>({ max: MAX_SCHEDULERS });
  return {
    asked: ({ uid, schedulerName }, nowMs) => {
      pods.set(uid, true);
      schedulers.set(schedulerName, nowMs);
    },
    isUnasked: ({ uid, schedulerName }, nowMs) => {
      const askedAtMs = schedulers.get(schedulerName);
      if (askedAtMs === undefined || Math.abs(nowMs - askedAtMs) > ASKS_MS) return false;
      return !pods.has(uid);
    },
  };
}
