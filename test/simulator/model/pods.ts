import type { SimNode, SimPod } from '../../../src/simulator/model/world.ts';

export function simNode(name: string, over: Partial<SimNode> = {}): SimNode {
  return {
    name,
    object: {
      metadata: { name },
      status: { allocatable: { cpu: '4' }, conditions: [{ type: 'Ready', status: 'True' }] },
    },
    tier: name.startsWith('edge') ? 'edge' : 'cloud',
    annotations: {},
    unschedulable: false,
    state: 'up',
    silentSinceMs: undefined,
    ready: 'True',
    readyChangedAtMs: undefined,
    allocatable: { cpuMilli: 4000, memoryBytes: 8_000_000_000, pods: 110 },
    pods: new Set(),
    ...over,
  };
}

/** A pod that was just created. */
export function simPod(name: string, over: Partial<SimPod> = {}): SimPod {
  return {
    uid: name,
    name,
    namespace: 'fn',
    owner: undefined,
    labels: {},
    annotations: {},
    spec: { containers: [{}] },
    requests: { cpuMilli: 100, memoryBytes: 0 },
    createdAtMs: 0,
    node: undefined,
    boundAtMs: undefined,
    startedAtMs: undefined,
    readyAtMs: undefined,
    readyChangedAtMs: 0,
    kubelet: { starts: 0, containers: 'waiting' },
    restarts: 0,
    terminatingAtMs: undefined,
    goneAtMs: undefined,
    ...over,
  };
}
