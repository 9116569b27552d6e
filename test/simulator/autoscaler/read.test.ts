import { describe, expect, it } from 'vitest';
import { podOf, sampleReader } from '../../../src/simulator/autoscaler/read.ts';
import { buildReplica, buildReplicaSet } from '../../../src/simulator/model/build.ts';
import { clockMs, createWorld, type SimPod } from '../../../src/simulator/model/world.ts';
import { deploymentDocument, type TraceDocument, traceDocument, traceOf } from '../traces.ts';

async function podWith(podSpec: TraceDocument, over: Partial<SimPod> = {}): Promise<SimPod> {
  const trace = await traceOf(traceDocument({ deployments: [deploymentDocument(1, '100m', podSpec)] }));
  const [deployment] = trace.deployments;
  if (deployment === undefined) throw new Error('the trace has no Deployment');
  const world = createWorld(trace, [], clockMs(0));
  const replicaSet = buildReplicaSet(world, deployment);
  const pod = Object.assign(buildReplica(world, replicaSet), over);
  replicaSet.pods.add(pod);
  return pod;
}

const app = { name: 'app', resources: { requests: { cpu: '0.1205' } } };

describe('a pod as the controller sees it', () => {
  it.each([
    {
      name: 'created',
      over: {},
      seen: {
        phase: 'Pending',
        ready: { status: 'False', lastTransitionMs: clockMs(0) },
        startTimeMs: undefined,
      },
    },
    {
      name: 'bound, with whole seconds',
      over: { boundAtMs: clockMs(1999) },
      seen: { phase: 'Pending', deleted: false, startTimeMs: clockMs(1000) },
    },
    {
      name: 'ready, and started again since',
      over: {
        boundAtMs: clockMs(1000),
        startedAtMs: clockMs(9000),
        readyAtMs: clockMs(9900),
        readyChangedAtMs: clockMs(9900),
      },
      seen: {
        phase: 'Running',
        ready: { status: 'True', lastTransitionMs: clockMs(9000) },
        startTimeMs: clockMs(1000),
      },
    },
    { name: 'terminating', over: { terminatingAtMs: clockMs(5000) }, seen: { deleted: true } },
  ])('$name', async ({ over, seen }) => {
    expect(podOf(await podWith({}, over))).toMatchObject(seen);
  });

  it.each([
    {
      name: 'requests',
      podSpec: { containers: [app] },
      seen: { containers: [{ name: 'app', requestMilli: 120.5 }] },
    },
    {
      name: 'a limit stands in for a request',
      podSpec: { containers: [{ name: 'app', resources: { limits: { cpu: '1' } } }] },
      seen: { containers: [{ name: 'app', requestMilli: 1000 }] },
    },
    {
      name: 'no request',
      podSpec: { containers: [{ name: 'app' }] },
      seen: { containers: [{ name: 'app', requestMilli: undefined }], podLevel: undefined },
    },
    {
      name: 'sidecars, and no other init containers',
      podSpec: {
        containers: [app],
        initContainers: [
          { ...app, name: 'init' },
          { ...app, name: 'proxy', restartPolicy: 'Always' },
        ],
      },
      seen: { containers: [{ name: 'app' }], sidecars: [{ name: 'proxy', requestMilli: 120.5 }] },
    },
    {
      name: 'pod-level CPU',
      podSpec: { containers: [app], resources: { requests: { cpu: '2' } } },
      seen: { podLevel: { requestMilli: 2000 } },
    },
    {
      name: 'pod-level memory only',
      podSpec: { containers: [app], resources: { requests: { memory: '1Gi' } } },
      seen: { podLevel: { requestMilli: 120.5 } },
    },
  ])('$name', async ({ podSpec, seen }) => {
    expect(podOf(await podWith(podSpec))).toMatchObject(seen);
  });
});

describe('samples of the pods of a ReplicaSet', () => {
  const time = { timestamp: new Date(clockMs(30_000)).toISOString(), window: '15.5s' };
  it('are those that were served, without those of pods that are gone', async () => {
    const { owner, name } = await podWith({});
    if (owner === undefined) throw new Error('the pod has no owner');
    const containers = [{ name: 'app', usage: { cpu: '1500001n' } }, { name: 'proxy' }];
    const served = {
      nodes: [],
      pods: [
        { metadata: { namespace: 'fn', name }, ...time, containers },
        { metadata: { namespace: 'fn', name: 'gone' }, ...time, containers },
        { metadata: { namespace: 'other', name }, ...time, containers: [] },
      ],
    };
    const read = sampleReader();
    const usage = [
      { name: 'app', usageMilli: 1.500001 },
      { name: 'proxy', usageMilli: undefined },
    ];
    const sample = {
      namespace: 'fn',
      name,
      timestampMs: clockMs(30_000),
      windowMs: 15_500,
      containers: usage,
    };
    expect(read(served, owner)).toEqual({ ok: true, value: [sample] });
    expect(read({ nodes: [], pods: [] }, owner)).toEqual({ ok: true, value: [] });
    expect(read(undefined, owner)).toMatchObject({ ok: false });
  });
});
