import { describe, expect, it } from 'vitest';
import type { Picture } from '../../src/picture/picture.ts';
import type { Act } from '../../src/rebalance/acts.ts';
import type { Plan } from '../../src/rebalance/rebalancer.ts';
import { actsOn } from '../../src/simulator/acts.ts';
import { type Run, simulate } from '../../src/simulator/simulate.ts';
import { deploymentDocument, traceDocument, traceOf } from './traces.ts';

/** Asks once, at the first sample in which a pod runs on this node. */
function once(node: string, actOf: (pod: { uid: string; namespace: string; name: string }) => Act): Plan {
  let asked = false;
  return (picture: Picture) => {
    const [pod] = Array.from(picture.nodes.get(node)?.pods ?? []).filter(({ bound }) => bound);
    if (asked || pod === undefined) return [];
    asked = true;
    return [actOf({ uid: pod.uid, namespace: pod.namespace, name: pod.name })];
  };
}

describe('acts in a simulation', () => {
  it('evict a pod: it is terminated, and its replacement is placed anew', async () => {
    const trace = await traceOf(traceDocument());
    const plan = once('edge-1', (pod) => ({ type: 'evictPod', pod, why: 'a test' }));
    const { pods, decisions } = simulate(trace, { plan });
    expect(pods.map(({ name, terminatingAtMs }) => [name, terminatingAtMs !== undefined])).toEqual([
      ['web-1', true],
      ['web-2', false],
    ]);
    expect(decisions.map(({ pod }) => pod.name)).toEqual(['web-1', 'web-2']);
  });

  it('annotate pods and nodes, and take annotations away: Spillway is told, as of any change', async () => {
    const trace = await traceOf(traceDocument({ deployments: [deploymentDocument(2)] }));
    const seen: unknown[] = [];
    let picture: Picture | undefined;
    const annotate = once('edge-1', (pod) => ({
      type: 'annotatePod',
      pod,
      annotation: 'spillway.dev/placement',
      value: 'cloud-only',
      why: 'a test',
    }));
    simulate(trace, {
      plan: annotate,
      inspect: (run: Run) => {
        ({ picture } = run);
        return () => {
          const placements = Array.from(run.picture.pods.values(), ({ policy }) => policy.placement);
          if (placements.includes('cloud-only')) seen.push(placements.length);
        };
      },
    });
    expect(picture).toBeDefined();
    expect(seen.length).toBeGreaterThan(0);
  });

  it('fail where what they are about is gone, and say so', async () => {
    const outcomes: unknown[] = [];
    const trace = await traceOf(traceDocument());
    simulate(trace, {
      inspect: ({ world, cpu }) => {
        const pod = { uid: 'gone', namespace: 'fn', name: 'web-1' };
        const { carryOut } = actsOn(world, cpu);
        const acts: readonly Act[] = [
          { type: 'evictPod', pod, why: 'a test' },
          { type: 'annotatePod', pod, annotation: 'a', value: '1', why: 'a test' },
          { type: 'annotateNode', node: 'none', annotation: 'a', value: '1', why: 'a test' },
          { type: 'annotateNode', node: 'edge-1', annotation: 'a', value: '1', why: 'a test' },
          { type: 'annotateNode', node: 'edge-1', annotation: 'a', why: 'a test' },
        ];
        for (const act of acts) carryOut(act, (outcome) => outcomes.push(outcome));
        expect(world.nodes.get('edge-1')?.annotations).toEqual({});
        return () => undefined;
      },
    });
    expect(outcomes).toEqual([
      { result: 'failed', why: 'no pod has this uid any more' },
      { result: 'failed', why: 'no pod has this uid any more' },
      { result: 'failed', why: 'no such node' },
      { result: 'done' },
      { result: 'done' },
    ]);
  });
});
