import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { VERBS } from '../../src/extender/context.ts';
import { HANDLERS } from '../../src/extender/handlers.ts';
import { context, fullEdge, NODES, namesArgs, nodesArgs, podObject, scene } from './scene.ts';

const verb = fc.constantFrom(...VERBS);
/** Keys and texts that mean something, so that random objects get beyond the first check. */
const word = fc.constantFrom(
  'Pod',
  'Nodes',
  'NodeNames',
  'NodeNameToVictims',
  'NodeNameToMetaVictims',
  'metadata',
  'name',
  'uid',
  'namespace',
  'spec',
  'status',
  'annotations',
  'labels',
  'ownerReferences',
  'containers',
  'conditions',
  'items',
  'Pods',
  'UID',
  'spillway.dev/placement',
  '__proto__',
  'constructor',
  'edge-1',
  'off',
);
const json = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 5 },
    fc.oneof(word, fc.string(), fc.double(), fc.boolean(), fc.constant(null)),
    fc.array(tie('value'), { maxLength: 4 }),
    fc.dictionary(
      fc.oneof({ weight: 4, arbitrary: word }, { weight: 1, arbitrary: fc.string() }),
      tie('value'),
      { maxKeys: 5 },
    ),
  ),
})).value;

describe('whatever comes in', () => {
  it('of bytes, is answered with 200 or 400 and JSON, and never throws', () => {
    const extender = context(scene());
    fc.assert(
      fc.property(verb, fc.uint8Array({ maxLength: 300 }), (asked, bytes) => {
        const { status, body } = HANDLERS[asked](extender, bytes);
        expect([200, 400]).toContain(status);
        expect(JSON.parse(body)).toBeTypeOf('object');
      }),
      { numRuns: 500 },
    );
  });

  it('of JSON, is answered with 200 or 400 and JSON, and never throws', () => {
    const extender = context(scene());
    fc.assert(
      fc.property(verb, json, (asked, value) => {
        const { status, body } = HANDLERS[asked](extender, JSON.stringify(value) ?? '');
        expect([200, 400]).toContain(status);
        expect(JSON.parse(body)).toBeTypeOf('object');
      }),
      { numRuns: 1000 },
    );
  });

  it('of a pod under a name, is answered from the nodes asked for and no other', () => {
    fc.assert(
      fc.property(
        json,
        fc.subarray([...NODES, 'unknown', '__proto__']),
        fc.boolean(),
        (rest, names, full) => {
          const pod = {
            ...Object(rest),
            metadata: { ...Object(Object(rest).metadata), name: 'web-1', uid: 'uid', namespace: 'default' },
          };
          const { status, body } = HANDLERS.filter(
            context(full ? fullEdge() : scene()),
            namesArgs(names, pod),
          );
          expect(status).toBe(isAllTexts(pod.metadata) ? 200 : 400);
          for (const name of JSON.parse(body).NodeNames ?? []) expect(names).toContain(name);
        },
      ),
      { numRuns: 500 },
    );
  });

  it('of a cut-off question, is answered with 400', () => {
    const extender = context(scene());
    const whole = [namesArgs(), nodesArgs()];
    fc.assert(
      fc.property(fc.constantFrom(...whole), fc.nat(), (body, at) => {
        expect(HANDLERS.filter(extender, body.slice(0, at % body.length)).status).toBe(400);
      }),
    );
    expect(extender.picture.pods.size).toBe(0);
  });
});

/** What placement reads or keeps as a text is one. */
function isAllTexts({ annotations, ownerReferences }: Record<string, unknown>): boolean {
  const ours = Object.entries(isRecord(annotations) ? annotations : {}).filter(([key]) =>
    key.startsWith('spillway.dev/'),
  );
  const uids = (Array.isArray(ownerReferences) ? ownerReferences : []).map((owner) => owner?.uid ?? '');
  return [...ours.map(([, value]) => value), ...uids].every((value) => typeof value === 'string');
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

describe('what is kept', () => {
  it('of questions is only what was reserved', () => {
    const made = fullEdge();
    for (let count = 0; count < 50; count += 1)
      HANDLERS.filter(context(made), namesArgs(NODES, podObject(`web-${count}`)));
    expect([made.pods.size, made.reservations.size], 'an overflow to two nodes reserves nothing').toEqual([
      0, 0,
    ]);
  });
});
