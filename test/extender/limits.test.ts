import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { HANDLERS } from '../../src/extender/handlers.ts';
import type { Verb } from '../../src/placement/verbs.ts';
import { UNPRINTABLE, unicode } from '../text/unicode.ts';
import { context, NODES, namesArgs, nodesArgs, podObject, scene } from './scene.ts';

const LONG = 'x'.repeat(254);
const LONGEST = 'x'.repeat(253);
const FOUND = 'found 254 characters, allowed at most 253';
/** Of four known nodes. */
const MOST_NODES = 1008;
const MOST_VICTIMS = 10_440;

function many(count: number): readonly string[] {
  return Array.from({ length: count }, (_, index) => `node-${index}`);
}

function withMetadata(over: Readonly<Record<string, unknown>>): string {
  const pod = podObject();
  return namesArgs(NODES, { ...pod, metadata: { ...pod.metadata, ...over } });
}

function victimsArgs(victims: Readonly<Record<string, unknown>>, key = 'NodeNameToMetaVictims'): string {
  return JSON.stringify({ Pod: podObject(), [key]: victims });
}

function victimsOn(nodes: number, inAll: number): string {
  const Pods = Array.from({ length: inAll / nodes }, (_, index) => ({ UID: `uid-${index}` }));
  return victimsArgs(Object.fromEntries(many(nodes).map((name) => [name, { Pods }])));
}

describe('a question that is larger than the cluster', () => {
  it.each<[string, Verb, string, string]>([
    ['a long pod', 'filter', withMetadata({ name: LONG }), `Pod.metadata.name: ${FOUND}`],
    ['a long namespace', 'filter', withMetadata({ namespace: LONG }), `Pod.metadata.namespace: ${FOUND}`],
    ['a long UID', 'prioritize', withMetadata({ uid: LONG }), `Pod.metadata.uid: ${FOUND}`],
    [
      'a long UID of an owner',
      'filter',
      withMetadata({ ownerReferences: [{ uid: 'x' }, { uid: LONG, controller: true }] }),
      `Pod.metadata.ownerReferences[1].uid: ${FOUND}`,
    ],
    [
      'a UID of an owner that is no text',
      'filter',
      withMetadata({ ownerReferences: [{ uid: { deep: LONG }, controller: true }] }),
      'Pod.metadata.ownerReferences[0].uid: found an object, allowed a text',
    ],
    [
      'an annotation that is no text',
      'filter',
      withMetadata({ annotations: { 'example.com/x': [], 'spillway.dev/x': [LONG] } }),
      'Pod.metadata.annotations.spillway.dev/x: found a list, allowed a text',
    ],
    ['a long node', 'filter', namesArgs(['edge-1', LONG]), `NodeNames[1]: ${FOUND}`],
    [
      'a long node object',
      'prioritize',
      nodesArgs(['edge-1', LONG]),
      `Nodes.items[1].metadata.name: ${FOUND}`,
    ],
    [
      'too many names',
      'filter',
      namesArgs(many(MOST_NODES + 1)),
      `NodeNames: found ${MOST_NODES + 1} names, allowed at most ${MOST_NODES}`,
    ],
    [
      'too many nodes',
      'prioritize',
      nodesArgs(many(MOST_NODES + 1)),
      `Nodes.items: found ${MOST_NODES + 1} nodes, allowed at most ${MOST_NODES}`,
    ],
    [
      'too many nodes with victims',
      'preempt',
      victimsOn(MOST_NODES + 1, 0),
      `NodeNameToMetaVictims: found ${MOST_NODES + 1} nodes, allowed at most ${MOST_NODES}`,
    ],
    [
      'too many victims on one node',
      'preempt',
      victimsOn(1, MOST_VICTIMS + 1),
      `NodeNameToMetaVictims: found ${MOST_VICTIMS + 1} victims, allowed at most ${MOST_VICTIMS}`,
    ],
    [
      'too many victims on all nodes together',
      'preempt',
      victimsOn(4, MOST_VICTIMS + 4),
      `NodeNameToMetaVictims: found ${MOST_VICTIMS + 4} victims, allowed at most ${MOST_VICTIMS}`,
    ],
    [
      'a long node with victims',
      'preempt',
      victimsArgs({ [LONG]: null }, 'NodeNameToVictims'),
      `NodeNameToVictims.${'x'.repeat(63)}…: ${FOUND}`,
    ],
    [
      'a victim with a long UID',
      'preempt',
      victimsArgs({ 'edge-1': { Pods: [{ UID: LONG }] } }),
      `NodeNameToMetaVictims.edge-1.Pods[0].UID: ${FOUND}`,
    ],
  ])('is refused: %s', (_what, verb, body, error) => {
    const rejected: string[] = [];
    const extender = context(scene(), { rejected: (_verb, reason) => rejected.push(reason) });
    expect(HANDLERS[verb](extender, body)).toEqual({ status: 400, body: JSON.stringify({ error }) });
    expect(rejected).toEqual([error]);
    expect(extender.picture.pods.size, 'nothing is kept of it').toBe(0);
  });

  it.each<[string, Verb, string]>([
    ['names', 'filter', namesArgs(many(MOST_NODES))],
    ['nodes', 'filter', nodesArgs(many(MOST_NODES))],
    ['victims', 'preempt', victimsOn(4, MOST_VICTIMS)],
    ['nodes with victims', 'preempt', victimsOn(MOST_NODES, 0)],
    ['characters of a node', 'filter', namesArgs([LONGEST])],
    [
      'characters of a pod',
      'filter',
      withMetadata({
        name: LONGEST,
        namespace: LONGEST,
        uid: LONGEST,
        ownerReferences: [{ uid: LONGEST, controller: true }],
      }),
    ],
  ])('is answered with as many %s as are allowed', (_what, verb, body) => {
    expect(HANDLERS[verb](context(scene()), body).status).toBe(200);
  });

  it('may be as much larger as there are nodes', () => {
    const body = namesArgs(many(MOST_NODES + 2));
    const made = scene();
    expect(HANDLERS.filter(context(made), body).status).toBe(400);
    const cloud = made.nodes.get('cloud-1');
    if (cloud !== undefined) made.nodes.set('cloud-3', { ...cloud, name: 'cloud-3' });
    expect(HANDLERS.filter(context(made), body).status).toBe(200);
  });
});

describe('a question of odd JSON', () => {
  it.each<[string, string, readonly string[]]>([
    [
      'with keys twice: the last one counts',
      namesArgs(['edge-1']).replace(/}$/, ',"NodeNames":["edge-2"]}'),
      ['edge-2'],
    ],
    [
      'with a prototype of its own: it is a key like any other',
      namesArgs(['edge-1']).replace('{', '{"__proto__":{"Pod":null,"NodeNames":[]},'),
      ['edge-1'],
    ],
    [
      'with a pod nested as deep as a body is long',
      namesArgs(['edge-1']).replace(
        '"phase":"Pending"',
        `"phase":"Pending","deep":${'['.repeat(500_000)}${']'.repeat(500_000)}`,
      ),
      ['edge-1'],
    ],
    [
      'with half a pair of surrogates in the name of an unmanaged pod and of a node',
      namesArgs(['\ud800'], podObject('\udfff', { 'spillway.dev/placement': 'off' })),
      ['\ud800'],
    ],
  ])('%s', (_what, body, expected) => {
    const reply = HANDLERS.filter(context(scene()), body);
    expect(reply.status).toBe(200);
    expect(JSON.parse(reply.body).NodeNames).toEqual(expected);
  });
});

describe('what is said of a question that cannot be read', () => {
  it('is short and fit to show, whatever it holds', () => {
    const text = fc.oneof(unicode, fc.constant(LONG), fc.constant('\u009b'.repeat(40)));
    const questions = fc.oneof(
      text.map((wrong) => ['filter', { Pod: wrong }] as const),
      text.map((wrong) => ['filter', { Pod: podObject(), NodeNames: wrong }] as const),
      text.map((wrong) => ['prioritize', { Pod: podObject(), Nodes: { items: wrong } }] as const),
      text.map(
        (node) =>
          ['preempt', { Pod: podObject(), NodeNameToMetaVictims: { [node]: { Pods: node } } }] as const,
      ),
    );
    fc.assert(
      fc.property(questions, ([verb, question]) => {
        const { status, body } = HANDLERS[verb](context(scene()), JSON.stringify(question));
        expect(status).toBe(400);
        expect(body.length).toBeLessThan(700);
        expect(body).not.toMatch(UNPRINTABLE);
        expect(JSON.parse(body).error).not.toMatch(UNPRINTABLE);
      }),
    );
  });
});
