import { afterEach, describe, expect, it } from 'vitest';
import type { ExtenderContext, ExtenderObserver } from '../../src/extender/context.ts';
import type { Picture } from '../../src/picture/picture.ts';
import type { Verb } from '../../src/placement/verbs.ts';
import {
  context,
  edgeFullByOnePod,
  fullEdge,
  MANY,
  manyNodes,
  NODES,
  namesArgs,
  nodeObject,
  nodesArgs,
  podObject,
  scene,
} from '../extender/scene.ts';

export interface Reply {
  readonly status: number;
  readonly body: string;
}

/** One way to reach the extender. */
export interface Target {
  readonly post: (verb: Verb, body: string) => Promise<Reply>;
  readonly close: () => Promise<void>;
}

/** What kube-scheduler relies on, held against the extender however it is reached. */
export function describeConformance(way: string, open: (context: ExtenderContext) => Promise<Target>): void {
  describe(`the extender's contract, ${way}`, () => {
    let target: Target | undefined;

    async function ask(
      made: Picture,
      verb: Verb,
      body: string,
      observer: ExtenderObserver = {},
    ): Promise<{ status: number; answer: unknown }> {
      target = await open(context(made, observer));
      const { status, body: text } = await target.post(verb, body);
      return { status, answer: JSON.parse(text) };
    }

    afterEach(async () => {
      await target?.close();
      target = undefined;
    });

    const pod = podObject();
    const off = podObject('web-1', { 'spillway.dev/placement': 'off' });
    const edgeOnly = podObject('web-1', { 'spillway.dev/placement': 'edge-only' });
    const cloudOnly = podObject('web-1', { 'spillway.dev/placement': 'cloud-only' });

    it.each([
      ['one edge node that fits', scene, [NODES, pod], ['edge-1']],
      ['the edge node that is fuller', () => scene({ 'edge-2': 1000 }), [NODES, pod], ['edge-2']],
      ['every cloud node when the edge is full', fullEdge, [NODES, pod], ['cloud-1', 'cloud-2']],
      ['only nodes that were asked for', scene, [['cloud-2'], pod], ['cloud-2']],
      [
        'every edge node where so configured',
        () => scene({}, { edgeCandidates: 'all' }),
        [NODES, pod],
        ['edge-1', 'edge-2'],
      ],
      ['all as asked for an unmanaged pod', fullEdge, [[...NODES, 'unknown'], off], [...NODES, 'unknown']],
      ['the known ones of unknown nodes', scene, [['unknown', 'cloud-1'], pod], ['cloud-1']],
      ['no node, explicitly, when none is left', fullEdge, [NODES, edgeOnly], []],
      ['no node, explicitly, when none was asked', scene, [[], pod], []],
      ['one of 5000 nodes', manyNodes, [MANY, pod], ['edge-1']],
      ['5000 nodes for an unmanaged pod', manyNodes, [MANY, off], MANY],
    ] as const)('filter answers %s', async (_what, made, [names, asked], expected) => {
      const byName = await ask(made(), 'filter', namesArgs(names, asked));
      expect(byName.status).toBe(200);
      expect(byName.answer).toMatchObject({ NodeNames: expect.toSatisfy(sameMembers(expected)) });
      expect(byName.answer).not.toHaveProperty('Error');
      await target?.close();
      const byObject = await ask(made(), 'filter', nodesArgs(names, asked));
      expect(byObject.status).toBe(200);
      const { Nodes: list } = byObject.answer as { Nodes: { items: { metadata: { name: string } }[] } };
      expect(list.items.map(({ metadata }) => metadata.name)).toSatisfy(sameMembers(expected));
    });

    it('filter gives back whole node objects as they were sent', async () => {
      const { answer } = await ask(fullEdge(), 'filter', nodesArgs());
      expect(answer).toEqual({ Nodes: { items: ['cloud-1', 'cloud-2'].map(nodeObject) } });
    });

    it('filter leaves out the reasons while a node is left, since nobody reads them', async () => {
      const { answer } = await ask(scene(), 'filter', namesArgs());
      expect(answer).toEqual({ NodeNames: ['edge-1'] });
    });

    it.each([
      ['names', namesArgs, 'NodeNames'],
      ['objects', nodesArgs, 'Nodes'],
    ] as const)('filter says of every node why not, by %s', async (_mode, args, key) => {
      const { answer } = await ask(fullEdge(), 'filter', args([...NODES, 'unknown'], edgeOnly));
      expect(answer).toEqual({
        [key]: key === 'Nodes' ? { items: [] } : [],
        FailedNodes: { 'edge-1': 'edge CPU above limit', 'edge-2': 'edge CPU above limit' },
        FailedAndUnresolvableNodes: {
          'cloud-1': 'placement excludes cloud nodes',
          'cloud-2': 'placement excludes cloud nodes',
          unknown: 'node not seen yet',
        },
      });
    });

    it('filter keeps preemption away where the tier is wrong', async () => {
      const { answer } = await ask(scene(), 'filter', namesArgs(['edge-1', 'edge-2'], cloudOnly));
      expect(answer).toMatchObject({
        FailedNodes: {},
        FailedAndUnresolvableNodes: {
          'edge-1': 'placement excludes edge nodes',
          'edge-2': 'placement excludes edge nodes',
        },
      });
    });

    it('filter names an annotation that could not be read, in a text that is the same for every node', async () => {
      const wrong = podObject('web-1', {
        'spillway.dev/placement': 'edge-only',
        'spillway.dev/cpu-threshold': 'much',
      });
      const { answer } = await ask(fullEdge(), 'filter', namesArgs(NODES, wrong));
      const text = 'edge CPU above limit (invalid annotation ignored: spillway.dev/cpu-threshold)';
      expect(answer).toMatchObject({ FailedNodes: { 'edge-1': text, 'edge-2': text } });
    });

    it.each([
      ['names', namesArgs],
      ['objects', nodesArgs],
    ] as const)(
      'prioritize scores every node asked with a whole number from 0 to 10, by %s',
      async (_mode, args) => {
        const made = fullEdge();
        const { status, answer } = await ask(made, 'prioritize', args([...NODES, 'unknown']));
        expect(status).toBe(200);
        const scores = answer as readonly { readonly Host: string; readonly Score: number }[];
        expect(scores.map(({ Host }) => Host)).toSatisfy(sameMembers([...NODES, 'unknown']));
        for (const { Score } of scores)
          expect(Score).toSatisfy((score: number) => Number.isInteger(score) && score >= 0 && score <= 10);
        expect(Math.max(...scores.map(({ Score }) => Score))).toBe(10);
      },
    );

    it('prioritize answers an empty list when no node was asked', async () => {
      expect(await ask(scene(), 'prioritize', namesArgs([]))).toEqual({ status: 200, answer: [] });
    });

    const victims = { 'edge-1': { Pods: [{ UID: 'uid-victim' }], NumPDBViolations: 1 } };
    it.each([
      ['identifiers', { NodeNameToVictims: null, NodeNameToMetaVictims: victims }],
      [
        'whole pods',
        {
          NodeNameToVictims: { 'edge-1': { Pods: [podObject('victim')], NumPDBViolations: 1 } },
          NodeNameToMetaVictims: null,
        },
      ],
    ])('preempt accepts a node that the victims make room on, sent as %s', async (_mode, args) => {
      const answer = await ask(edgeFullByOnePod(), 'preempt', JSON.stringify({ Pod: pod, ...args }));
      expect(answer).toEqual({ status: 200, answer: { NodeNameToMetaVictims: victims } });
    });

    it.each([
      ['no victims', { Pods: [], NumPDBViolations: 0 }],
      ['victims that are null', { Pods: null, NumPDBViolations: 0 }],
      ['no entry', null],
    ])('preempt accepts a node with %s where the pod fits', async (_what, entry) => {
      const args = { Pod: pod, NodeNameToMetaVictims: { 'edge-2': entry } };
      const { answer } = await ask(scene(), 'preempt', JSON.stringify(args));
      expect(answer).toEqual({ NodeNameToMetaVictims: { 'edge-2': { Pods: [], NumPDBViolations: 0 } } });
    });

    it('preempt refuses a node that filter would refuse again', async () => {
      const args = { Pod: pod, NodeNameToMetaVictims: { ...victims, 'edge-2': victims['edge-1'] } };
      const { answer } = await ask(fullEdge(), 'preempt', JSON.stringify(args));
      expect(answer).toEqual({ NodeNameToMetaVictims: {} });
    });

    it.each([
      ['filter', namesArgs([...NODES, 'unknown']), { NodeNames: [...NODES, 'unknown'] }],
      ['filter', nodesArgs(), { Nodes: { items: NODES.map(nodeObject) } }],
      ['prioritize', namesArgs(), NODES.map((Host) => ({ Host, Score: 0 }))],
      [
        'preempt',
        JSON.stringify({ Pod: pod, NodeNameToMetaVictims: victims }),
        { NodeNameToMetaVictims: victims },
      ],
    ] as const)('%s fails open on an internal error, and says so', async (verb, body, expected) => {
      const failures: string[] = [];
      const observer: ExtenderObserver = {
        failedOpen: (failed, error) => failures.push(`${failed}: ${error}`),
      };
      const { status, answer } = await ask(brokenPicture(), verb, body, observer);
      expect(status).toBe(200);
      expect(answer).toEqual(expected);
      expect(failures).toEqual([`${verb}: Error: broken picture`]);
    });

    it.each(['filter', 'prioritize'] as const)(
      '%s survives nodes nested deeper than they can be written',
      async (verb) => {
        const deep = `${'['.repeat(50_000)}${']'.repeat(50_000)}`;
        const body = nodesArgs(['cloud-1']).replace('"podCIDR":"10.0.0.0/24"', `"deep":${deep}`);
        const { status } = await ask(fullEdge(), verb, body);
        expect(status).toBe(verb === 'filter' ? 400 : 200);
      },
    );

    it.each(GARBAGE)('refuses a body: %s', async (_what, verb, body, error) => {
      const rejected: string[] = [];
      const observer: ExtenderObserver = { rejected: (_verb, reason) => rejected.push(reason) };
      const made = scene();
      expect(await ask(made, verb, body, observer)).toEqual({ status: 400, answer: { error } });
      expect(rejected).toEqual([error]);
      expect(made.pods.size, 'nothing is kept of it').toBe(0);
    });
  });
}

const GARBAGE: readonly (readonly [string, Verb, string, string])[] = [
  ['empty', 'filter', '', 'body: found nothing, allowed a JSON object'],
  ['no JSON', 'filter', '{"Pod":', 'body: found 7 bytes that are no JSON, allowed a JSON object'],
  ['a list', 'filter', '[]', 'body: found a list, allowed a JSON object'],
  ['null', 'prioritize', 'null', 'body: found null, allowed a JSON object'],
  ['no Pod', 'filter', '{"NodeNames":[]}', 'Pod: found nothing, allowed an object'],
  ['keys in lower case', 'filter', '{"pod":{},"nodenames":[]}', 'Pod: found nothing, allowed an object'],
  ['no metadata', 'filter', '{"Pod":{},"NodeNames":[]}', 'Pod.metadata: found nothing, allowed an object'],
  [
    'no name',
    'filter',
    '{"Pod":{"metadata":{"generateName":"x-"}},"NodeNames":[]}',
    'Pod.metadata.name: found nothing, allowed a text that is not empty',
  ],
  [
    'a UID that is a number',
    'filter',
    '{"Pod":{"metadata":{"name":"x","uid":7}},"NodeNames":[]}',
    'Pod.metadata.uid: found 7, allowed a text',
  ],
  [
    'neither nodes nor names',
    'filter',
    '{"Pod":{"metadata":{"name":"x"}},"Nodes":null,"NodeNames":null}',
    'NodeNames: found null, allowed a list of node names, or a NodeList under Nodes',
  ],
  [
    'names that are no list',
    'filter',
    '{"Pod":{"metadata":{"name":"x"}},"NodeNames":"edge-1"}',
    'NodeNames: found "edge-1", allowed a list of node names',
  ],
  [
    'a name that is no text',
    'prioritize',
    '{"Pod":{"metadata":{"name":"x"}},"NodeNames":["edge-1",{}]}',
    'NodeNames[1]: found an object, allowed a text',
  ],
  [
    'a node without a name',
    'filter',
    '{"Pod":{"metadata":{"name":"x"}},"Nodes":{"items":[{"metadata":{}}]}}',
    'Nodes.items[0].metadata.name: found nothing, allowed a text',
  ],
  [
    'no victims by node',
    'preempt',
    '{"Pod":{"metadata":{"name":"x"}}}',
    'NodeNameToVictims: found nothing, allowed victims by node name',
  ],
  [
    'a victim without a UID',
    'preempt',
    '{"Pod":{"metadata":{"name":"x"}},"NodeNameToMetaVictims":{"edge-1":{"Pods":[{}]}}}',
    'NodeNameToMetaVictims.edge-1.Pods[0].UID: found nothing, allowed a text',
  ],
];

/** A picture with a defect: every question about it throws. */
function brokenPicture(): Picture {
  const nodes = new Map();
  nodes.get = () => {
    throw new Error('broken picture');
  };
  return { ...scene(), nodes };
}

function sameMembers(expected: readonly string[]): (found: readonly string[]) => boolean {
  const sorted = expected.toSorted();
  return (found) =>
    found.length === sorted.length && found.toSorted().every((name, index) => name === sorted[index]);
}
