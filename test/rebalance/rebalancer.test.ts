import { describe, expect, it } from 'vitest';
import { nodeSeen } from '../../src/picture/nodes.ts';
import { sampleTaken } from '../../src/picture/samples.ts';
import { type Act, type ActOutcome, type ActPort, refuseActs } from '../../src/rebalance/acts.ts';
import { createRebalancer, planNothing } from '../../src/rebalance/rebalancer.ts';
import { look, NOW_MS, nodeRecord, picture } from '../builders.ts';

const POD = { uid: 'uid-web', namespace: 'default', name: 'web' };
const ACTS: readonly Act[] = [
  { type: 'evictPod', pod: POD, why: 'a test' },
  { type: 'annotatePod', pod: POD, annotation: 'a', value: '1', why: 'a test' },
  { type: 'annotateNode', node: 'edge-1', annotation: 'a', why: 'a test' },
];

/** A picture whose samples make the plan run; `ended` is filled with what became of its acts. */
function planned(port: ActPort, plan: () => readonly Act[] = () => ACTS) {
  const ended: (readonly [Act, ActOutcome])[] = [];
  const rebalancer = createRebalancer({ plan, port, ended: (...act) => ended.push(act) });
  const on = picture({}, rebalancer);
  nodeSeen(on, nodeRecord('edge-1'));
  const sample = (endMs: number) => sampleTaken(on, look({ 'edge-1': 500 }, {}, endMs), endMs);
  return { ended, sample };
}

describe('after a sample', () => {
  it('what the plan asks for is carried out, each act once, in its order', () => {
    const carriedOut: Act[] = [];
    const { ended, sample } = planned({
      carryOut: (act, told) => {
        carriedOut.push(act);
        told({ result: 'done' });
      },
    });
    sample(NOW_MS);
    expect(carriedOut).toEqual(ACTS);
    expect(ended).toEqual(ACTS.map((act) => [act, { result: 'done' }]));
  });

  it('that told of nothing new, the plan is not run', () => {
    let runs = 0;
    const { sample } = planned(refuseActs('off'), () => {
      runs += 1;
      return [];
    });
    for (const endMs of [NOW_MS, NOW_MS, NOW_MS + 15_000]) sample(endMs);
    expect(runs).toBe(2);
  });

  it('acts that are refused change nothing, and say why', () => {
    const { ended, sample } = planned(refuseActs('rebalancing is off'));
    sample(NOW_MS);
    expect(ended.map(([, outcome]) => outcome)).toEqual(
      ACTS.map(() => ({ result: 'refused', why: 'rebalancing is off' })),
    );
  });

  it('there is nothing to ask for until there is a planner', () => {
    const { ended, sample } = planned(refuseActs('off'), planNothing);
    sample(NOW_MS);
    expect(ended).toEqual([]);
  });
});
