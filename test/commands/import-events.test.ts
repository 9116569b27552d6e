import { describe, expect, it } from 'vitest';
import { simulate } from '../../src/simulator/simulate.ts';
import { deployment, node, pod } from '../recorder/scene.ts';
import { traceOf } from '../simulator/traces.ts';
import { deleted, event, rescaled, run, START_MS, scaled, scheduled } from './import-files.ts';

describe('replica changes', () => {
  it.each([
    { what: 'up and down', events: [scaled(0, 'from 1 to 4'), scaled(90, 'from 4 to 2')], sizes: [1, 4, 2] },
    {
      what: 'in whatever order they were printed',
      events: [scaled(90, 'from 4 to 2'), scaled(0, 'from 1 to 4')],
      sizes: [1, 4, 2],
    },
    {
      what: 'told by the autoscaler too: once',
      events: [rescaled(0, 4), scaled(0, 'from 1 to 4'), rescaled(90, 2), scaled(91, 'from 4 to 2')],
      sizes: [1, 4, 2],
    },
    { what: 'a Deployment that was new', events: [scaled(0, 'from 0 to 3')], sizes: [0, 3] },
    {
      what: 'an old text: the first size is not known',
      events: [scaled(0, 'to 4')],
      sizes: [1, 4],
      note: 'no event says how many',
    },
    {
      what: 'by the autoscaler only',
      events: [rescaled(0, 4)],
      sizes: [1, 4],
      note: 'no event says how many',
    },
    {
      what: 'none: as the Deployment is',
      events: [event(0, 'Node/edge-1', 'NodeSchedulable')],
      sizes: [2],
    },
    {
      what: 'a rollout: both ReplicaSets together',
      events: [
        scaled(0, 'from 0 to 1', 'web-new'),
        scaled(1, 'from 3 to 2'),
        scaled(2, 'from 1 to 2', 'web-new'),
        scaled(3, 'from 2 to 1'),
      ],
      sizes: [3, 4, 3, 4, 3],
    },
    {
      what: 'of a Deployment that is not given',
      events: [scaled(0, 'from 1 to 4'), scaled(5, 'from 1 to 9', 'db-1', 'db')],
      sizes: [1, 4],
      note: 'Events of Deployments that are not given are left out: fn/db',
    },
  ])('$what', async ({ events, sizes, note }) => {
    const { code, err, document } = await run({ events });
    expect({ code, err }).toEqual({ code: 0, err: expect.stringContaining(note ?? 'is written') });
    const trace = await traceOf(document());
    const scales = trace.events.flatMap(({ scale }) => scale?.replicas ?? []);
    expect([trace.deployments[0]?.spec.replicas, ...scales]).toEqual(sizes);
    expect(() => simulate(trace)).not.toThrow();
  });

  it('an autoscaler of another name is found by its object', async () => {
    const hpa = {
      apiVersion: 'autoscaling/v2',
      kind: 'HorizontalPodAutoscaler',
      metadata: { name: 'web', namespace: 'fn' },
      spec: { scaleTargetRef: { kind: 'Deployment', name: 'server' }, maxReplicas: 9 },
    };
    const { document } = await run({
      events: [rescaled(0, 4)],
      deployments: [deployment(2, { name: 'server' })],
      hpas: [hpa],
    });
    const { events, horizontalPodAutoscalers } = await traceOf(document());
    expect(events).toMatchObject([{ at: 60_000, scale: { deployment: 'fn/server', replicas: 4 } }]);
    expect(horizontalPodAutoscalers).toHaveLength(1);
  });
});

describe('nodes', () => {
  it.each([
    {
      what: 'was silent',
      events: [event(100, 'Node/edge-1', 'NodeNotReady'), event(160, 'Node/edge-1', 'NodeReady')],
      found: [
        ['disconnect', 20],
        ['reconnect', 120],
      ],
    },
    {
      what: 'was rebooted',
      events: [
        event(100, 'Node/edge-1', 'NodeNotReady'),
        event(160, 'Node/edge-1', 'Rebooted'),
        event(161, 'Node/edge-1', 'NodeReady'),
      ],
      found: [
        ['lose', 20],
        ['recover', 121],
      ],
    },
    {
      what: 'was uncordoned',
      events: [event(100, 'Node/edge-1', 'NodeSchedulable')],
      found: [['uncordon', 60]],
    },
    { what: 'was removed', events: [event(100, 'Node/edge-1', 'RemovingNode')], found: [['leave', 60]] },
    { what: 'became ready', events: [event(100, 'Node/edge-1', 'NodeReady')], found: [['join', 60]] },
  ])('one that $what', async ({ events, found }) => {
    const { document } = await run({ events });
    const trace = await traceOf(document());
    expect(trace.events.map(({ at, ...what }) => [Object.keys(what)[0], at / 1000])).toEqual(found);
    expect(() => simulate(trace)).not.toThrow();
  });

  it.each([
    { created: -3600, found: [] },
    { created: 99, found: [] },
    { created: 130, found: [['join', 90]] },
  ])('created at $created s, where the first event was at 100 s: $found', async ({ created, found }) => {
    const young = node('edge-2');
    const creationTimestamp = new Date(START_MS + created * 1000).toISOString();
    const nodes = [node('edge-1'), { ...young, metadata: { ...young.metadata, creationTimestamp } }];
    const { document } = await run({ events: [scaled(100, 'from 1 to 2')], nodes });
    const { events } = await traceOf(document());
    const others = events.filter(({ scale }) => scale === undefined);
    expect(others.map(({ at, join }) => [join && 'join', at / 1000])).toEqual(found);
  });

  it('that are not given are named', async () => {
    const { err } = await run({ events: [event(100, 'Node/edge-7', 'NodeNotReady')] });
    expect(err).toContain('note: Events of nodes that are not given are left out: edge-7.');
  });
});

describe('where pods went', () => {
  const events = [
    scaled(0, 'from 0 to 2'),
    scheduled(0.5, 'web-7d4b9-aaaaa', 'edge-1'),
    scheduled(0.6, 'web-7d4b9-bbbbb', 'cloud-1'),
    scaled(120, 'from 2 to 1'),
    deleted(120, 'web-7d4b9-bbbbb'),
  ];

  it('is told, and expected where that was asked for', async () => {
    const { err, document } = await run({ events }, true);
    expect(err).toContain('fn/web: 1 edge, 0 cloud');
    const exactly = (document().expect as readonly Record<string, unknown>[]).map(({ at, tier, exactly }) => [
      at,
      tier,
      exactly,
    ]);
    expect(exactly).toEqual(
      expect.arrayContaining([
        ['179s', 'edge', 1],
        ['179s', 'cloud', 1],
        ['end', 'edge', 1],
        ['end', 'cloud', 0],
      ]),
    );
  });

  it('pods of others are on their nodes', async () => {
    const others = [
      pod('agent', { nodeName: 'edge-1', namespace: 'kube-system' }),
      pod('web-7d4b9-ccccc', { nodeName: 'edge-1' }),
    ];
    const { document } = await run({ events, pods: others });
    expect((await traceOf(document())).pods.map(({ metadata }) => metadata.name)).toEqual(['agent']);
  });
});

describe('what is not valid: 2, with file and place', () => {
  const events = [scaled(0, 'from 1 to 4')];
  it.each([
    {
      what: 'no JSON',
      files: { events: '{"items": [' },
      problem: /^events.json: found .*line 1.*, allowed: JSON or YAML, as kubectl prints it/s,
    },
    {
      what: 'another kind',
      files: { events: node('a') },
      problem: /^events.json: found .*, allowed: a list of objects of the kind Event/,
    },
    {
      what: 'no events of use',
      files: { events: [event(0, 'Pod/a', 'Pulled')] },
      problem: /^events.json: found 1 events, allowed: some that a trace has a use for/,
    },
    {
      what: 'a message',
      files: { events: [scaled(0, 'at once')] },
      problem:
        /^events.json: items\[0\].message: found "Scaled up replica set web-7d4b9 at once", allowed: like/,
    },
    {
      what: 'files in the wrong place',
      files: { events, nodes: [{ ...deployment(1), kind: 'Deployment' }] },
      problem: /^nodes.json: items\[0\].kind: found "Deployment", allowed: Node/,
    },
    {
      what: 'a node without CPU',
      files: { events, nodes: [{ ...node('a'), status: { allocatable: {}, conditions: [] } }] },
      problem: /^nodes.json: items\[0\].status.allocatable: found {}, allowed: quantities, cpu among them/,
    },
    {
      what: 'no name',
      files: { events, pods: [{ kind: 'Pod' }] },
      problem: /^pods.json: items\[0\].metadata.name: found nothing, allowed: a name/,
    },
    {
      what: 'an old autoscaler',
      files: { events, hpas: [{ apiVersion: 'autoscaling/v1', metadata: { name: 'web' } }] },
      problem: /^hpas.json: items\[0\].apiVersion: found "autoscaling\/v1", allowed: autoscaling\/v2/,
    },
  ])('$what', async ({ files, problem }) => {
    const { code, err } = await run(files);
    expect(code).toBe(2);
    expect(err).toMatch(problem);
  });
});
