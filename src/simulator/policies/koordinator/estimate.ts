import type { ContainerObject, PodSpecObject } from '../../../picture/objects.ts';
import { amountOf } from '../../scheduler/requests.ts';
import type { Amount, Percents } from './load-aware.ts';

/** loadaware/estimator/default_estimator.go: of a pod without request and limit. */
const DEFAULT_CPU_MILLI = 250;
const DEFAULT_MEMORY_BYTES = 200 * 1024 * 1024;

/** estimatedPodUsed: the larger of request and limit, scaled, and never above the limit. */
export function estimatePod(spec: PodSpecObject, scalingPercents: Percents): Amount {
  return {
    cpuMilli: estimate(spec, 'cpu', scalingPercents.cpuMilli) ?? DEFAULT_CPU_MILLI,
    memoryBytes: estimate(spec, 'memory', scalingPercents.memoryBytes) ?? DEFAULT_MEMORY_BYTES,
  };
}

function estimate(spec: PodSpecObject, resource: string, scalingPercent: number): number | undefined {
  const limit = sumOf(spec, ({ resources }) => resources?.limits?.[resource], resource);
  const request = sumOf(
    spec,
    // The API server sets a missing request to the limit.
    ({ resources }) => resources?.requests?.[resource] ?? resources?.limits?.[resource],
    resource,
  );
  const larger = Math.max(limit, request);
  if (larger === 0) return undefined;
  const scaled = Math.round((larger * scalingPercent) / 100);
  return limit > 0 ? Math.min(scaled, limit) : scaled;
}

/** k8s.io/kubernetes pkg/api/v1/resource: containers together or the largest init container, and overhead. */
function sumOf(
  { containers = [], initContainers = [], overhead }: PodSpecObject,
  quantity: (container: ContainerObject) => string | undefined,
  resource: string,
): number {
  const amount = (container: ContainerObject) => amountOf(resource, quantity(container) ?? '0');
  const sum = containers.reduce((total, container) => total + amount(container), 0);
  const most = initContainers.reduce((highest, container) => Math.max(highest, amount(container)), sum);
  return most === 0 ? 0 : most + amountOf(resource, overhead?.[resource] ?? '0');
}
