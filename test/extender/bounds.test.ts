import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { encodeDecision } from '../../src/extender/encode.ts';
import { HANDLERS } from '../../src/extender/handlers.ts';
import { readAnnotations } from '../../src/placement/annotations.ts';
import type { Decision } from '../../src/placement/decision.ts';
import { REASONS, type Reason } from '../../src/placement/reasons.ts';
import { policy } from '../builders.ts';
import { UNPRINTABLE, unicode } from '../text/unicode.ts';
import { HOSTILE_PODS, hostileQuestion } from './hostile.ts';
import { context, MANY, manyNodes, podObject } from './scene.ts';

/** A reason, and a note with three names of 63 characters, each cut, and how many more there are. */
const MAX_TEXT_CHARACTERS = 64 + 3 * 66 + 58;
/** Quotes, a colon, a comma. */
const JSON_BYTES = 6;

function failuresOf(body: string): readonly (readonly [string, string])[] {
  const { FailedNodes: failed, FailedAndUnresolvableNodes: unresolvable } = JSON.parse(body);
  return Object.entries<string>({ ...failed, ...unresolvable });
}

describe('an answer that refuses every node', () => {
  it.each(Object.entries(HOSTILE_PODS))('is small for a pod with %s', (_what, annotations) => {
    const failures: unknown[] = [];
    const extender = context(manyNodes(), { failedOpen: (_verb, error) => failures.push(error) });
    const names = MANY.filter((name) => !name.startsWith('edge'));
    const { status, body } = HANDLERS.filter(extender, hostileQuestion(annotations, names));
    expect([status, failures]).toEqual([200, []]);
    expect(failuresOf(body).length).toBe(names.length);
    const namesBytes = Buffer.byteLength(names.join(''));
    expect(Buffer.byteLength(body)).toBeLessThan(
      namesBytes + names.length * (MAX_TEXT_CHARACTERS + JSON_BYTES) + 100,
    );
  });

  it.each([
    ['one name', ['cpu-threshold'], 'invalid annotation ignored: spillway.dev/cpu-threshold'],
    ['two', ['b', 'a'], 'invalid annotations ignored: spillway.dev/b, spillway.dev/a'],
    [
      'three of twenty',
      Array.from({ length: 20 }, (_, index) => `x${index}`),
      'invalid annotations ignored: spillway.dev/x0, spillway.dev/x1, spillway.dev/x2 and 17 more',
    ],
    ['a long one', ['x'.repeat(63)], `invalid annotation ignored: spillway.dev/${'x'.repeat(50)}…`],
  ])('names %s', (_what, names, note) => {
    const annotations = Object.fromEntries(names.map((name) => [`spillway.dev/${name}`, 'wrong']));
    const { body } = HANDLERS.filter(context(manyNodes()), hostileQuestion(annotations, ['cloud-1']));
    expect(failuresOf(body)).toEqual([['cloud-1', `placement excludes cloud nodes (${note})`]]);
  });

  it('has a short text of one line that is fit to show, whatever the annotations and the reason', () => {
    const reason = fc.constantFrom(...(Object.keys(REASONS) as readonly Reason[]));
    const carried = fc.dictionary(
      unicode.map((name) => `spillway.dev/${name}`),
      unicode,
      { maxKeys: 30 },
    );
    fc.assert(
      fc.property(reason, carried, fc.string(), (why, annotations, node) => {
        const { problems } = readAnnotations(annotations, 0.95);
        const question = { pod: podObject(), names: [node], nodes: undefined };
        for (const [name, text] of failuresOf(encodeDecision(refused(node, why), question, problems))) {
          expect(name).toBe(node);
          expect(text.length).toBeLessThanOrEqual(MAX_TEXT_CHARACTERS);
          expect(text).not.toMatch(UNPRINTABLE);
        }
      }),
    );
  });
});

function refused(node: string, reason: Reason): Decision {
  return {
    pod: { uid: 'uid', namespace: 'default', name: 'web-1' },
    atMs: 0,
    policy: policy(),
    estimate: { milli: 100, source: 'default' },
    result: 'pending',
    reason,
    nodes: [],
    candidates: [{ node, verdict: 'refused', reason }],
  };
}
