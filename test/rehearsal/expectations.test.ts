import { expect, test } from 'vitest';
import { checkRehearsal } from '../../src/rehearsal/expectations.ts';
import { rehearsalResult } from '../../src/rehearsal/result.ts';
import { advance } from '../../src/rehearsal/shadow.ts';
import { type TraceDocument, WORKLOAD } from '../simulator/traces.ts';
import { readyOn, shadowOf } from './scene.ts';

/** One pod that is ready at the edge, and nothing that is wrong. */
async function judged(expectation: TraceDocument, { isTold = false, policy = 'spillway' } = {}) {
  const shadow = await shadowOf({ expect: [expectation], scheduler: { policy } });
  readyOn(shadow, 'edge-1', 'p');
  advance(shadow, 60_000);
  const run = rehearsalResult(shadow, isTold ? [] : undefined, []);
  return checkRehearsal(shadow.trace, run, isTold)[0];
}

test.each<TraceDocument>([
  { type: 'noCloudWhileEdgeFits' },
  { type: 'edgeBelowThreshold' },
  { type: 'edgeBelowThreshold', of: ['measured', 'planned'] },
])('$type $of does not hold when nobody told of decisions', async (expectation) => {
  expect(await judged(expectation)).toMatchObject({
    held: false,
    found: expect.stringContaining('--spillway'),
  });
  expect(await judged(expectation, { isTold: true })).toMatchObject({ held: true });
});

test.each<TraceDocument>([
  { type: 'edgeBelowThreshold', of: ['real'] },
  { type: 'pods', workload: WORKLOAD, tier: 'edge', exactly: 1 },
])('$type $of needs no decisions', async (expectation) => {
  expect(await judged(expectation)).toMatchObject({ held: true });
});

test('where Spillway is not asked it is judged without it', async () => {
  expect(await judged({ type: 'noCloudWhileEdgeFits' }, { policy: 'default' })).toMatchObject({ held: true });
});
