import { uidAskedAbout } from '../extender/read.ts';
import type { Picture } from '../picture/picture.ts';
import { isInDoubt } from '../picture/unseen.ts';

/** A watch is a few milliseconds behind the scheduler's; on a busy machine of two cores up to some tens. */
const WAIT_MS = 150;
const LOOK_EVERY_MS = 5;
/** Of questions that wait: they are held in memory meanwhile. */
const MAX_WAITING_BYTES = 16 * 1024 * 1024;
/** What the shortest body may keep alive: as much as Node reads at a time. */
const READ_BYTES = 65_536;

/** Calls back at once, or within a moment, when the pod that is asked about is known. */
export type Patience = (body: Uint8Array, done: () => void) => void;

/**
 * While pods that no watch has shown are not believed (somebody asks about pods that do not exist), a pod that
 * does exist and was asked about a little early would be sent away from the edge for good. So its question waits
 * for the watch, for a moment: whoever lies waits in vain, and holds nothing meanwhile.
 */
export function createPatience(picture: Picture): Patience {
  let waitingBytes = 0;
  return (body, done) => {
    const bytes = Math.max(body.length, READ_BYTES);
    if (!isInDoubt(picture) || waitingBytes + bytes > MAX_WAITING_BYTES) {
      done();
      return;
    }
    const uid = uidAskedAbout(body);
    if (uid === undefined || picture.pods.has(uid)) {
      done();
      return;
    }
    waitingBytes += bytes;
    const untilMs = performance.now() + WAIT_MS;
    const timer = setInterval(() => {
      if (!picture.pods.has(uid) && performance.now() < untilMs) return;
      clearInterval(timer);
      waitingBytes -= bytes;
      done();
    }, LOOK_EVERY_MS);
  };
}
