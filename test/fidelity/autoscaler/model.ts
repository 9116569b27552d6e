import { settingsOf } from '../../../src/simulator/autoscaler/settings.ts';
import { specOf } from '../../../src/simulator/autoscaler/spec.ts';
import { type AutoscalerState, NEW_AUTOSCALER } from '../../../src/simulator/autoscaler/state.ts';
import { type AutoscalerEvent, syncAutoscaler } from '../../../src/simulator/autoscaler/sync.ts';
import type { AutoscalerInput } from '../../../src/simulator/autoscaler/types.ts';
import { autoscalerObject } from '../../../src/trace/autoscaler.ts';
import type { AutoscalerCase } from './cases.ts';
import { type Clock, podOfModel, samplesOfModel } from './objects.ts';

/** A sync of the real controller that is to be played. */
export interface SyncMoment {
  readonly atMs: number;
  /** Which look at the metrics it was; a sync that read none has the number of the next. */
  readonly look: number;
}

export interface ModelStep {
  readonly state: AutoscalerState;
  readonly events: readonly AutoscalerEvent[];
}

/** What client-go says of a 503. */
const NO_ANSWER = 'the server is currently unable to handle the request (get pods.metrics.k8s.io)';

/**
 * Plays a case in the simulator's model: as a trace would have the objects, at the times at which the real
 * controller synced. It goes by what it asks for itself, so that one difference leads to others.
 */
export function playModel(
  one: AutoscalerCase,
  moments: readonly SyncMoment[],
  clock: Clock,
  downscaleStabilizationMs: number,
): readonly ModelStep[] {
  const settings = settingsOf('1.36', { downscaleStabilizationMs });
  const spec = specOf(autoscalerObject.parse({ metadata: { name: 'web' }, spec: one.spec }));
  const pods = one.pods.map((pod) => podOfModel(pod, clock));
  let state = NEW_AUTOSCALER;
  let replicas = one.replicas;
  return moments.map(({ atMs, look }) => {
    const samples = samplesOfModel(one, look, clock);
    const input: AutoscalerInput = {
      replicas:
        replicas === undefined
          ? { ok: false, error: 'deployments.apps "web" not found' }
          : { ok: true, value: replicas },
      pods,
      samples: samples === undefined ? { ok: false, error: NO_ANSWER } : { ok: true, value: samples },
    };
    const result = syncAutoscaler(state, { spec, input, nowMs: atMs, settings });
    state = result.state;
    replicas = result.scaleTo ?? replicas;
    return { state, events: result.events };
  });
}
