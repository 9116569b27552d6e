import { describe, expect, it } from 'vitest';
import { cpuShares, cpuWeight, podCgroup } from '../../../src/simulator/model/cgroup.ts';
import type { TracePodSpec } from '../../../src/trace/kubernetes.ts';

type Quantities = Record<string, string>;

const container = (requests?: Quantities, limits?: Quantities) => ({
  resources: { ...(requests && { requests }), ...(limits && { limits }) },
});
const specOf = (...containers: TracePodSpec['containers']): TracePodSpec => ({ containers });

describe('the cgroup of a pod', () => {
  it.each([
    { what: 'nothing', milli: 0, shares: 2 },
    { what: 'less than two shares', milli: 1, shares: 2 },
    { what: '130m', milli: 130, shares: 133 },
    { what: 'one CPU', milli: 1000, shares: 1024 },
    { what: 'more than there can be', milli: 300_000, shares: 262_144 },
  ])('has cpu.shares of $shares for $what (helpers_linux.go, MilliCPUToShares)', ({ milli, shares }) => {
    expect(cpuShares(milli)).toBe(shares);
  });

  it.each([
    { shares: 2, weight: 1 },
    { shares: 102, weight: 4 },
    { shares: 133, weight: 5 },
    { shares: 1024, weight: 39 },
    { shares: 262_143, weight: 9999 },
    { shares: 262_144, weight: 10_000 },
  ])('has cpu.weight $weight for $shares shares (cgroup_manager_linux.go)', ({ shares, weight }) => {
    expect(cpuWeight(shares)).toBe(weight);
  });

  const both = { cpu: '1', memory: '1Gi' };
  it.each([
    { what: 'no container asks for anything', spec: specOf({}, {}), qos: 'besteffort' },
    { what: 'a request of zero is none', spec: specOf(container({ cpu: '0' })), qos: 'besteffort' },
    { what: 'memory alone is asked for', spec: specOf(container({ memory: '1Gi' })), qos: 'burstable' },
    { what: 'a limit has no request', spec: specOf(container(undefined, both)), qos: 'guaranteed' },
    { what: 'requests are the limits', spec: specOf(container(both, both)), qos: 'guaranteed' },
    {
      what: 'a request is below its limit',
      spec: specOf(container({ cpu: '500m' }, both)),
      qos: 'burstable',
    },
    { what: 'memory has no limit', spec: specOf(container(both, { cpu: '1' })), qos: 'burstable' },
    { what: 'a second container has none', spec: specOf(container(both, both), {}), qos: 'burstable' },
    {
      what: 'the pod as a whole asks for CPU',
      spec: { ...specOf({}), resources: { requests: { cpu: '1' } } },
      qos: 'burstable',
    },
  ])('is $qos when $what (qos.go, ComputePodQOS)', ({ spec, qos }) => {
    expect(podCgroup(spec).qos).toBe(qos);
  });

  it.each([
    { what: 'no limit', limits: undefined, quotaMilli: Number.POSITIVE_INFINITY },
    { what: 'a limit', limits: { cpu: '250m' }, quotaMilli: 250 },
    { what: 'a limit below 1 ms in 100', limits: { cpu: '2m' }, quotaMilli: 10 },
  ])('has the quota of its first container: $what', ({ limits, quotaMilli }) => {
    const spec = specOf(container({ cpu: '1m' }, limits), container({}, { cpu: '3' }));
    expect(podCgroup(spec).quotaMilli).toBe(quotaMilli);
  });

  it('weighs what all its containers request', () => {
    const spec = specOf(container({ cpu: '600m' }), container({ cpu: '400m' }));
    expect(podCgroup(spec)).toMatchObject({ requestMilli: 1000, weight: 39 });
  });
});
