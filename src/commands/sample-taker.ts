import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Picture } from '../picture/picture.ts';
import type { MetricsLook } from '../picture/records.ts';
import { sampleSteps } from '../picture/samples.ts';

/**
 * Takes a sample, a step at a turn of the event loop: questions come in between.
 *
 * @returns resolves when it is taken; the poller waits for it before it looks again
 */
export async function takeSample(picture: Picture, look: MetricsLook): Promise<void> {
  const steps = sampleSteps(picture, look, Date.now());
  while (steps.next().done !== true) await nextTurn();
}
