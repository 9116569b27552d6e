import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Picture } from '../cluster/picture.ts';
import type { MetricsLook } from '../cluster/records.ts';
import { sampleSteps } from '../cluster/samples.ts';
import type { Logger } from '../telemetry/logger.ts';

/** Takes samples one after the other, a step at a turn of the event loop: questions come in between. */
export function createSampleTaker(picture: Picture, log: Logger): (look: MetricsLook) => void {
  let before = Promise.resolve();
  return (look) => {
    before = before
      .then(() => take(picture, look))
      .catch((error: unknown) => log.error({ error }, 'sample could not be taken'));
  };
}

async function take(picture: Picture, look: MetricsLook): Promise<void> {
  const steps = sampleSteps(picture, look, Date.now());
  while (steps.next().done !== true) await nextTurn();
}
