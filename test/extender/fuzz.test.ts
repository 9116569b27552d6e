import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { HANDLERS } from '../../src/extender/handlers.ts';
import { VERBS } from '../../src/placement/verbs.ts';
import { context, fullEdge, NODES, namesArgs, nodesArgs, scene } from './scene.ts';

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

/** Whatever a question is, it is read or refused: failing open is for defects. */
const SOUND = {
  failedOpen: (_verb: unknown, error: unknown) => {
    throw error;
  },
};

describe('whatever comes in', () => {
  it('of bytes, is answered with 200 or 400 and JSON, and never throws', () => {
    const extender = context(scene(), SOUND);
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
    const extender = context(scene(), SOUND);
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
          const extender = context(full ? fullEdge() : scene(), SOUND);
          const { status, body } = HANDLERS.filter(extender, namesArgs(names, pod));
          expect([200, 400]).toContain(status);
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
