import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ExtenderObserver } from '../../src/extender/context.ts';
import { HANDLERS } from '../../src/extender/handlers.ts';
import { podSeen } from '../../src/picture/pods.ts';
import { NOW_MS, podRecord } from '../builders.ts';
import { context, edgeFullByOnePod, NODES, namesArgs, nodesArgs, podObject, scene } from './scene.ts';

const READY = { type: 'Ready', status: 'True', lastTransitionTime: '2026-01-01T00:00:00Z' };
const PLACEMENTS = ['edge-first', 'edge-only', 'cloud-first', 'cloud-only', 'off'];

describe('the two modes', () => {
  it('give the same answer to the same question', () => {
    const usage = fc.integer({ min: 0, max: 4000 });
    const names = fc.subarray([...NODES, 'unknown']);
    fc.assert(
      fc.property(usage, usage, names, fc.constantFrom(...PLACEMENTS), (first, second, asked, placement) => {
        const made = () => context(scene({ 'edge-1': first, 'edge-2': second }));
        const pod = podObject('web-1', { 'spillway.dev/placement': placement });
        const byName = JSON.parse(HANDLERS.filter(made(), namesArgs(asked, pod)).body);
        const byObject = JSON.parse(HANDLERS.filter(made(), nodesArgs(asked, pod)).body);
        const kept = byObject.Nodes.items.map((node: { metadata: { name: string } }) => node.metadata.name);
        expect(kept.toSorted()).toEqual(byName.NodeNames.toSorted());
        expect(byObject.FailedNodes).toEqual(byName.FailedNodes);
        expect(byObject.FailedAndUnresolvableNodes).toEqual(byName.FailedAndUnresolvableNodes);
        expect(HANDLERS.prioritize(made(), nodesArgs(asked, pod))).toEqual(
          HANDLERS.prioritize(made(), namesArgs(asked, pod)),
        );
      }),
    );
  });
});

describe('the observer', () => {
  function told(): { readonly observer: ExtenderObserver; readonly calls: unknown[] } {
    const calls: unknown[] = [];
    const observer: ExtenderObserver = {
      decided: ({ result, pod }, verb, problems) =>
        calls.push([verb, pod.name, result, problems.shown.length]),
      ranked: ({ name }, { first }, problems) =>
        calls.push(['prioritize', name, first, problems.shown.length]),
      preempted: ({ name }, asked, kept, problems) => calls.push([name, asked, kept, problems.shown.length]),
    };
    return { observer, calls };
  }

  const wrong = podObject('web-1', { 'spillway.dev/cpu-threshold': 'much' });

  it.each(['filter', 'prioritize'] as const)('is told what %s came to, and of wrong annotations', (verb) => {
    const { observer, calls } = told();
    HANDLERS[verb](context(scene(), observer), namesArgs(NODES, wrong));
    expect(calls).toEqual([[verb, 'web-1', verb === 'filter' ? 'edge' : 'edge-1', 1]]);
  });

  it('is told which nodes preemption may use', () => {
    const { observer, calls } = told();
    const victims = { 'edge-1': { Pods: [{ UID: 'uid-victim' }] }, unknown: { Pods: [] } };
    const body = JSON.stringify({ Pod: wrong, NodeNameToMetaVictims: victims });
    HANDLERS.preempt(context(edgeFullByOnePod(), observer), body);
    expect(calls).toEqual([['web-1', ['edge-1', 'unknown'], ['edge-1'], 1]]);
  });
});

describe('a burst of questions, no binding seen yet', () => {
  it('fills an edge node up to its threshold and no further', () => {
    const extender = context(scene());
    const answers = Array.from({ length: 30 }, (_, index) => {
      const { body } = HANDLERS.filter(extender, namesArgs(['edge-1', 'cloud-1'], podObject(`web-${index}`)));
      return JSON.parse(body).NodeNames[0];
    });
    // 3200m hold ten pods of 300m.
    expect(answers.filter((name) => name === 'edge-1')).toHaveLength(10);
    expect(answers.slice(0, 10)).not.toContain('cloud-1');
  });

  it('answers a question that is repeated in the same way, and counts its pod once', () => {
    const extender = context(scene());
    const answers = Array.from(
      { length: 30 },
      () => HANDLERS.filter(extender, namesArgs(['edge-1', 'cloud-1'])).body,
    );
    expect(new Set(answers)).toEqual(new Set(['{"NodeNames":["edge-1"]}']));
    expect(extender.picture.nodes.get('edge-1')?.pods.size).toBe(1);
  });

  it.each([
    ['bound', { spec: { nodeName: 'edge-1' } }],
    ['running', { spec: { nodeName: 'edge-1' }, status: { phase: 'Running' } }],
    ['ready', { spec: { nodeName: 'edge-1' }, status: { conditions: [READY] } }],
    ['ended', { status: { phase: 'Succeeded' } }],
  ])(
    '200 questions about pods that say they are %s leave no pod behind, and no gate shut',
    (_what, claims) => {
      const made = scene();
      const extender = context(made);
      const whole = { 'spillway.dev/cpu-estimate': '1' };
      for (let index = 0; index < 200; index += 1) {
        HANDLERS.filter(extender, namesArgs(NODES, { ...podObject(`fake-${index}`, whole), ...claims }));
      }
      expect(made.pods.size).toBe(0);
      const later = { ...extender, now: () => NOW_MS + 30_001 };
      podSeen(made, podRecord('web-1'), NOW_MS + 30_001);
      expect(HANDLERS.filter(later, namesArgs(['edge-1', 'cloud-1'])).body).toBe('{"NodeNames":["edge-1"]}');
      expect(Array.from(made.nodes.values(), ({ pods, closed }) => [pods.size, closed])).toEqual([
        [1, false],
        [0, false],
        [0, false],
        [0, false],
      ]);
    },
  );
});
