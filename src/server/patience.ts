import type { Picture } from '../cluster/picture.ts';
import { isInDoubt } from '../cluster/unseen.ts';
import { uidAskedAbout } from '../extender/read.ts';

/** A watch is a few milliseconds behind the scheduler's; on a busy machine of two cores up to some tens. */
const WAIT_MS = 150;
const LOOK_EVERY_MS = 5;
const MAX_WAITING = 200;

/** Calls back at once, or within a moment, when the pod that is asked about is known. */
export type Patience = (body: Uint8Array, done: () => void) => void;

/**
 * While pods that no watch has shown are not believed (somebody asks about pods that do not exist), a pod that
 * does exist and was asked about a little early would be sent away from the edge for good. So its question waits
 * for the watch, for a moment: whoever lies waits in vain, and holds nothing meanwhile.
 */
export function createPatience(picture: Picture): Patience {
  let waiting = 0;
  return (body, done) => {
    if (!isInDoubt(picture) || waiting >= MAX_WAITING) {
      done();
      return;
    }
    const uid = uidAskedAbout(body);
    if (uid === undefined || picture.pods.has(uid)) {
      done();
      return;
    }
    waiting += 1;
    const untilMs = performance.now() + WAIT_MS;
    const timer = setInterval(() => {
      if (!picture.pods.has(uid) && performance.now() < untilMs) return;
      clearInterval(timer);
      waiting -= 1;
      done();
    }, LOOK_EVERY_MS);
  };
}
