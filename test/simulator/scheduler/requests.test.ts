import { describe, expect, it } from 'vitest';
import { amountOf, podAmounts } from '../../../src/simulator/scheduler/requests.ts';
import type { TracePodSpec } from '../../../src/trace/kubernetes.ts';

const container = (cpu: string, memory: string, restartPolicy?: string) => ({
  resources: { requests: { cpu, memory } },
  ...(restartPolicy !== undefined && { restartPolicy }),
});
const MIB = 1024 * 1024;

describe('what a pod requests (component-helpers resource.PodRequests)', () => {
  it.each<{ what: string; spec: TracePodSpec; cpuMilli: number; memoryBytes: number }>([
    {
      what: 'containers add up',
      spec: { containers: [container('100m', '1000'), container('200m', '500')] },
      cpuMilli: 300,
      memoryBytes: 1500,
    },
    {
      what: 'the most demanding init container, of each resource',
      spec: {
        containers: [container('100m', '1000')],
        initContainers: [container('2', '10'), container('1', '3000')],
      },
      cpuMilli: 2000,
      memoryBytes: 3000,
    },
    {
      what: 'a sidecar runs with the containers, and with the init containers after it',
      spec: {
        containers: [container('100m', '10')],
        initContainers: [container('150m', '0'), container('50m', '5', 'Always'), container('200m', '0')],
      },
      cpuMilli: 250,
      memoryBytes: 15,
    },
    {
      what: 'pod-level requests replace the containers’, overhead comes on top',
      spec: {
        containers: [container('100m', '10')],
        resources: { requests: { cpu: '1' } },
        overhead: { cpu: '50m', memory: '1' },
      },
      cpuMilli: 1050,
      memoryBytes: 11,
    },
    {
      what: 'a limit stands for a missing request, as the API server has it',
      spec: { containers: [{ resources: { requests: { cpu: '100m' }, limits: { cpu: '1', memory: '7' } } }] },
      cpuMilli: 100,
      memoryBytes: 7,
    },
  ])('$what', ({ spec, cpuMilli, memoryBytes }) => {
    expect(podAmounts(spec).requests).toMatchObject({ cpuMilli, memoryBytes });
  });

  it.each<{ what: string; spec: TracePodSpec; nonZero: readonly number[]; incoming: readonly number[] }>([
    {
      what: 'a container without requests counts 100m and 200Mi, an explicit 0 is 0',
      spec: { containers: [{}, container('0', '0')] },
      nonZero: [100, 200 * MIB],
      incoming: [100, 200 * MIB],
    },
    {
      what: 'pod-level requests count in a node’s sum, not for the pod that is to be placed',
      spec: { containers: [{}], resources: { requests: { cpu: '1' } } },
      nonZero: [1000, 200 * MIB],
      incoming: [100, 200 * MIB],
    },
  ])('for scores $what', ({ spec, nonZero, incoming }) => {
    const amounts = podAmounts(spec);
    expect([amounts.nonZero.cpuMilli, amounts.nonZero.memoryBytes]).toEqual(nonZero);
    expect([amounts.incoming.cpuMilli, amounts.incoming.memoryBytes]).toEqual(incoming);
  });

  it('keeps extended resources and huge pages apart, and leaves out what no node counts', () => {
    const requests = {
      'example.com/gpu': '2',
      'hugepages-2Mi': '4Mi',
      'ephemeral-storage': '1Ki',
      other: '1',
    };
    expect(podAmounts({ containers: [{ resources: { requests } }] }).requests).toEqual({
      cpuMilli: 0,
      memoryBytes: 0,
      ephemeralStorageBytes: 1024,
      scalars: new Map([
        ['example.com/gpu', 2],
        ['hugepages-2Mi', 4 * MIB],
      ]),
    });
  });
});

describe('quantities are whole, rounded up (resource.Quantity, Value and MilliValue)', () => {
  it.each([
    ['cpu', '100m', 100],
    ['cpu', '0.0001', 1],
    ['cpu', '1n', 1],
    ['memory', '0.5', 1],
    ['memory', '1500m', 2],
    ['memory', '7654321Ki', 7_838_024_704],
    ['memory', '3900Mi', 4_089_446_400],
    ['memory', '1e9', 1_000_000_000],
  ])('%s %s is %i', (resource, quantity, amount) => {
    expect(amountOf(resource, quantity)).toBe(amount);
  });
});
