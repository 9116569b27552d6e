import { describe, expect, it } from 'vitest';
import { buildNode, buildReplica, buildReplicaSet } from '../../../src/simulator/model/build.ts';
import { clockMs, createWorld } from '../../../src/simulator/model/world.ts';
import { simulate } from '../../../src/simulator/simulate.ts';
import { deploymentDocument, nodeDocument, traceDocument, traceOf } from '../traces.ts';

const TIERS = {
  edgeSelector: { matchExpressions: [{ key: 'node-role.kubernetes.io/edge', operator: 'Exists' } as const] },
};

async function replicaOf(podSpec: Record<string, unknown>) {
  const trace = await traceOf(traceDocument({ deployments: [deploymentDocument(1, '1', podSpec)] }));
  const world = createWorld(trace, [], clockMs(0));
  const [deployment] = trace.deployments;
  if (deployment === undefined) throw new Error('no Deployment');
  const replicaSet = buildReplicaSet(world, deployment);
  replicaSet.created = 3;
  return buildReplica(world, replicaSet);
}

describe('a node of the simulation', () => {
  it.each([
    { name: 'edge-1', tier: 'edge' },
    { name: 'cloud-1', tier: 'cloud' },
  ])('has the tier that the selector gives it: $name', async ({ name, tier }) => {
    const trace = await traceOf(traceDocument({ nodes: [nodeDocument(name, '1500m')] }));
    const [node] = trace.nodes.map((object) => buildNode(object, TIERS));
    expect(node).toMatchObject({
      tier,
      unschedulable: false,
      allocatable: { cpuMilli: 1500, memoryBytes: 8 * 1024 ** 3, pods: 110 },
    });
  });
});

describe('a replica', () => {
  it('is named by its Deployment and its number, and owned by the ReplicaSet', async () => {
    const pod = await replicaOf({});
    expect(pod).toMatchObject({ name: 'web-3', namespace: 'fn', owner: { workload: 'fn/web' } });
    expect(pod.uid).toMatch(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
  });

  it.each([
    {
      what: 'without requests: none',
      containers: [{}],
      requests: { cpuMilli: 0, memoryBytes: 0 },
    },
    {
      what: 'one container with, one without',
      containers: [{ resources: { requests: { cpu: '300m', memory: '1Mi' } } }, {}],
      requests: { cpuMilli: 300, memoryBytes: 1024 ** 2 },
    },
    {
      what: 'an explicit 0 is no missing request',
      containers: [{ resources: { requests: { cpu: '0', memory: '0' } } }],
      requests: { cpuMilli: 0, memoryBytes: 0 },
    },
    {
      what: 'a limit stands for a missing request',
      containers: [{ resources: { limits: { cpu: 1, memory: '1Ki' } } }],
      requests: { cpuMilli: 1000, memoryBytes: 1024 },
    },
  ])('counts its requests: $what', async ({ containers, requests }) => {
    expect(await replicaOf({ containers })).toMatchObject({ requests });
  });
});

describe('pods that are there from the start', () => {
  it('take part: their requests hinder others, their CPU counts on their node', async () => {
    const system = {
      metadata: { name: 'agent', namespace: 'kube-system' },
      spec: { nodeName: 'edge-1', containers: [{ resources: { requests: { cpu: '950m' } } }] },
    };
    const load = [{ type: 'recordedCpu', pod: 'kube-system/agent', points: [{ at: '0s', cpu: '40m' }] }];
    const result = simulate(await traceOf(traceDocument({ pods: [system], load })));
    expect(result.pods.map(({ node }) => node)).toEqual(['cloud-1']);
    expect(result.nodes[0]?.measured.at(-1)?.milli).toBe(40);
  });
});
