import type { ExtenderObserver } from '../extender/context.ts';

export interface HeldObserver {
  /** Given to the handlers in the place of the observer. */
  readonly observer: ExtenderObserver;
  /** Tells the observer what it has not been told yet. */
  readonly tell: () => void;
}

/**
 * Holds back what an observer is told until the answer is sent: kube-scheduler waits for the answer, while
 * metrics, log and ring can be written as it goes on. Nothing else comes in between: both are done in the
 * same turn of the event loop.
 */
export function holdBack(observer: ExtenderObserver): HeldObserver {
  let held: (() => void)[] = [];
  return {
    observer: {
      asked: (...told) => held.push(() => observer.asked?.(...told)),
      decided: (...told) => held.push(() => observer.decided?.(...told)),
      ranked: (...told) => held.push(() => observer.ranked?.(...told)),
      preempted: (...told) => held.push(() => observer.preempted?.(...told)),
      failedOpen: (...told) => held.push(() => observer.failedOpen?.(...told)),
      rejected: (...told) => held.push(() => observer.rejected?.(...told)),
    },
    tell: () => {
      const telling = held;
      held = [];
      for (const tellOne of telling) tellOne();
    },
  };
}
