import { podRequestMilli } from '../../picture/requests.ts';
import { parseCpuMilli } from '../../placement/quantity.ts';
import type { TracePodSpec } from '../../trace/kubernetes.ts';

/** What the kubelet writes into a pod's cgroup, as far as it decides who gets how much CPU. */
export interface PodCgroup {
  readonly qos: 'guaranteed' | 'burstable' | 'besteffort';
  readonly requestMilli: number;
  /** cpu.weight, between pods of one QoS class. */
  readonly weight: number;
  /** cpu.max as millicores; Infinity: none. */
  readonly quotaMilli: number;
}

type Container = TracePodSpec['containers'][number];

const MIN_SHARES = 2;
const MAX_SHARES = 262_144;
const MIN_QUOTA_MILLI = 10;
const CPU_AND_MEMORY = ['cpu', 'memory'] as const;

/**
 * pkg/kubelet/cm/helpers_linux.go, ResourceConfigForPod. The quota is that of the pod's first container: its
 * load is what the simulator speaks of, and the pod's own quota is the sum of all.
 */
export function podCgroup(spec: TracePodSpec): PodCgroup {
  const qos = qosOf(spec);
  const requestMilli = podRequestMilli(spec) ?? 0;
  const limitMilli = amount(spec.containers[0]?.resources?.limits?.['cpu']);
  return {
    qos,
    requestMilli,
    weight: cpuWeight(qos === 'besteffort' ? MIN_SHARES : cpuShares(requestMilli)),
    quotaMilli: limitMilli === 0 ? Number.POSITIVE_INFINITY : Math.max(MIN_QUOTA_MILLI, limitMilli),
  };
}

/** pkg/kubelet/cm/helpers_linux.go, MilliCPUToShares. */
export function cpuShares(milli: number): number {
  return Math.min(MAX_SHARES, Math.max(MIN_SHARES, Math.floor((Math.ceil(milli) * 1024) / 1000)));
}

/**
 * pkg/kubelet/cm/cgroup_manager_linux.go, getCPUWeight: cgroup v2, in whole numbers, so 100m weighs 4 and 130m
 * weighs 5. The other formula, of runc 1.3.2 and later, is for the containers within a pod.
 */
export function cpuWeight(shares: number): number {
  return shares >= MAX_SHARES ? 10_000 : 1 + Math.floor(((shares - 2) * 9999) / 262_142);
}

/** pkg/apis/core/v1/helper/qos/qos.go, ComputePodQOS; limits of a pod as a whole are not looked at. */
function qosOf(spec: TracePodSpec): PodCgroup['qos'] {
  const containers = [...spec.containers, ...(spec.initContainers ?? [])];
  const ofThePod = spec.resources?.requests;
  if (CPU_AND_MEMORY.some((name) => amount(ofThePod?.[name]) > 0)) return 'burstable';
  if (containers.every(asksForNothing)) return 'besteffort';
  return containers.every(hasWhatItMayUse) ? 'guaranteed' : 'burstable';
}

function asksForNothing({ resources }: Container): boolean {
  return CPU_AND_MEMORY.every(
    (name) => amount(resources?.requests?.[name]) === 0 && amount(resources?.limits?.[name]) === 0,
  );
}

/** The API server fills in a missing request with the limit. */
function hasWhatItMayUse({ resources }: Container): boolean {
  return CPU_AND_MEMORY.every((name) => {
    const limit = amount(resources?.limits?.[name]);
    return limit > 0 && amount(resources?.requests?.[name] ?? resources?.limits?.[name]) === limit;
  });
}

function amount(quantity: string | undefined): number {
  return quantity === undefined ? 0 : (parseCpuMilli(quantity) ?? 0);
}
