import { connectExtender, ExtenderLost } from '../live/live-extender.ts';
import type { SimulationResult } from '../outcome/result.ts';
import { POLICIES } from '../simulator/policies/policy.ts';
import { type SimulateOptions, simulate } from '../simulator/simulate.ts';
import { policyName } from '../trace/policy.ts';
import type { Trace } from '../trace/schema.ts';

export type LiveOutcome =
  | { readonly kind: 'ran'; readonly result: SimulationResult }
  /** It did not come to a run. */
  | { readonly kind: 'refused'; readonly message: string }
  /** The extender did not hold out to the end. */
  | { readonly kind: 'lost'; readonly message: string };

/** Runs a trace with a live extender at `url` in the place of the one in this process. */
export async function simulateLive(
  trace: Trace,
  url: string,
  progress: SimulateOptions['progress'],
): Promise<LiveOutcome> {
  const policy = policyName(trace);
  if (!POLICIES[policy].asksSpillway) {
    return { kind: 'refused', message: `--extender: the policy ${policy} asks no extender` };
  }
  const live = await connectExtender(url);
  if (!live.ok) return { kind: 'refused', message: `--extender: ${live.message}` };
  try {
    return { kind: 'ran', result: simulate(trace, { progress, openLink: live.openLink }) };
  } catch (error) {
    if (!(error instanceof ExtenderLost)) throw error;
    return { kind: 'lost', message: `--extender: the run with ${url} was given up: ${error.message}` };
  } finally {
    await live.close();
  }
}
