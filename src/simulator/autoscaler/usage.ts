import type { Generation } from './settings.ts';
import type { AutoscaledPod, ContainerRequest, PodSample, Read } from './types.ts';

export interface PodUsage {
  readonly milli: number;
  readonly timestampMs: number;
  readonly windowMs: number;
}

/** By the name of the pod. */
export type PodUsages = ReadonlyMap<string, PodUsage>;

/**
 * metrics/client.go, GetResourceMetric with getPodMetrics and getContainerMetrics.
 *
 * @param container undefined: all containers of a pod together
 */
export function podUsages(
  samples: Read<readonly PodSample[]>,
  container: string | undefined,
  generation: Generation,
): Read<PodUsages> {
  if (!samples.ok) {
    return failed(`unable to fetch metrics from resource metrics API: ${samples.error}`);
  }
  if (samples.value.length === 0) return failed('no metrics returned from resource metrics API');
  const usages = new Map<string, PodUsage>();
  for (const sample of samples.value) {
    const { namespace, name, timestampMs, windowMs, containers } = sample;
    const counted = container === undefined ? containers : containers.filter((one) => one.name === container);
    if (container !== undefined && counted.length === 0 && !generation.containerMayLackMetrics) {
      const where = `container ${container} not present in metrics for pod ${namespace}/${name}`;
      return failed(`failed to get container metrics: ${where}`);
    }
    const milli = sumOf(counted.map(({ usageMilli }) => usageMilli));
    if (milli !== undefined) usages.set(name, { milli, timestampMs, windowMs });
  }
  return { ok: true, value: usages };
}

/**
 * Requests of pods by name, in whole millicores: replica_calculator.go, calculateRequests. One container
 * without a request is an error, also of a pod that then does not count.
 */
export function podRequests(
  pods: readonly AutoscaledPod[],
  container: string | undefined,
  generation: Generation,
): Read<ReadonlyMap<string, number>> {
  const requests = new Map<string, number>();
  for (const pod of pods) {
    const request = podRequest(pod, container, generation);
    if (!request.ok) return request;
    requests.set(pod.name, request.value);
  }
  return { ok: true, value: requests };
}

function podRequest(
  pod: AutoscaledPod,
  container: string | undefined,
  { podLevelRequests, sidecarsHaveRequests }: Generation,
): Read<number> {
  if (podLevelRequests && container === undefined && pod.podLevel !== undefined) {
    const { requestMilli } = pod.podLevel;
    return requestMilli === undefined
      ? failed(`missing pod-level request for cpu in Pod ${pod.name}`)
      : { ok: true, value: Math.ceil(requestMilli) };
  }
  const containers = sidecarsHaveRequests ? [...pod.containers, ...pod.sidecars] : pod.containers;
  if (container === undefined) return sumOfRequests(containers, pod.name);
  const named = containers.find(({ name }) => name === container);
  return named === undefined
    ? failed(`container ${container} not found in Pod ${pod.name}`)
    : sumOfRequests([named], pod.name);
}

function sumOfRequests(containers: readonly ContainerRequest[], pod: string): Read<number> {
  const without = containers.find(({ requestMilli }) => requestMilli === undefined);
  if (without !== undefined) {
    return failed(`missing request for cpu in container ${without.name} of Pod ${pod}`);
  }
  return { ok: true, value: sumOf(containers.map(({ requestMilli }) => requestMilli)) ?? 0 };
}

/** Undefined when there is nothing to add, or something of it is not known. */
function sumOf(amounts: readonly (number | undefined)[]): number | undefined {
  if (amounts.length === 0) return undefined;
  let sum = 0;
  for (const milli of amounts) {
    if (milli === undefined) return undefined;
    sum += Math.ceil(milli);
  }
  return sum;
}

export function failed(error: string): { readonly ok: false; readonly error: string } {
  return { ok: false, error };
}
