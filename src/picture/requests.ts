import { parseCpuMilli } from '../placement/quantity.ts';
import type { ContainerObject, PodSpecObject } from './objects.ts';

/**
 * A pod's CPU request as kube-scheduler counts it (k8s.io/component-helpers resource.PodRequests): its
 * containers and sidecars together, or its most demanding init container with the sidecars started before
 * it, whichever is more; a pod-level request replaces both; overhead comes on top. Undefined when nothing
 * requests CPU.
 */
export function podRequestMilli(spec: PodSpecObject): number | undefined {
  const podLevelMilli = cpuMilli(spec.resources?.requests);
  const containersMilli = podLevelMilli ?? containerRequestMilli(spec);
  if (containersMilli === undefined) return undefined;
  return containersMilli + (cpuMilli(spec.overhead) ?? 0);
}

function containerRequestMilli(spec: PodSpecObject): number | undefined {
  const containers = spec.containers ?? [];
  const initContainers = spec.initContainers ?? [];
  const requests = [...containers, ...initContainers].map(requestOf);
  if (requests.every((milli) => milli === undefined)) return undefined;
  let sidecarMilli = 0;
  let initPeakMilli = 0;
  for (const container of initContainers) {
    const milli = requestOf(container) ?? 0;
    if (container.restartPolicy === 'Always') sidecarMilli += milli;
    initPeakMilli = Math.max(
      initPeakMilli,
      container.restartPolicy === 'Always' ? sidecarMilli : sidecarMilli + milli,
    );
  }
  const runningMilli = containers.reduce((sum, container) => sum + (requestOf(container) ?? 0), sidecarMilli);
  return Math.max(runningMilli, initPeakMilli);
}

/** The API server fills a missing request with the limit before a pod is stored; a trace may not have. */
function requestOf({ resources }: ContainerObject): number | undefined {
  return cpuMilli(resources?.requests) ?? cpuMilli(resources?.limits);
}

function cpuMilli(quantities: Readonly<Record<string, string>> | undefined): number | undefined {
  const text = quantities?.['cpu'];
  return text === undefined || text === null ? undefined : parseCpuMilli(String(text));
}
