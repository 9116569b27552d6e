import { describe, expect, it } from 'vitest';
import { refusals } from '../../src/rehearsal/limits.ts';
import { deploymentDocument, nodeDocument, scaleEvent, traceDocument, traceOf } from '../simulator/traces.ts';

const ALLOWED = 'scale, cordon, uncordon, join, leave, lose, recover, disconnect, reconnect';

async function refusalsOf(events: readonly object[], withServices = false): Promise<readonly string[]> {
  return refusals(await traceOf(traceDocument({ events })), withServices);
}

describe('what cannot be done on a cluster', () => {
  it('is refused, with its path, and what can be done', async () => {
    expect(await refusalsOf([scaleEvent('1s', 2), { at: '2s', crash: 'fn/web-1' }])).toEqual([
      `events[1].crash: found crash, allowed on a cluster: ${ALLOWED}`,
    ]);
  });

  it.each([
    { podSpec: { overhead: { cpu: '10m' } }, refused: ['deployments[0].spec.template.spec.overhead: '] },
    { podSpec: { priority: 7 }, refused: ['deployments[0].spec.template.spec.priority: found 7, '] },
    { podSpec: { priority: 7, priorityClassName: 'high' }, refused: [] },
  ])('is refused of a template: $podSpec', async ({ podSpec, refused }) => {
    const deployments = [deploymentDocument(1, '100m', podSpec)];
    const found = refusals(await traceOf(traceDocument({ deployments })), false);
    expect(found).toEqual(refused.map((beginning) => expect.stringContaining(beginning)));
  });

  it('is named as often as it is found', async () => {
    const events = [
      { at: '1s', down: 'extender' },
      { at: '2s', up: 'extender' },
    ];
    expect(await refusalsOf(events)).toHaveLength(2);
    expect(await refusalsOf(events, true)).toEqual([]);
  });

  it.each([
    scaleEvent('1s', 2),
    { at: '1s', cordon: 'edge-1' },
    { at: '1s', join: nodeDocument('edge-2', '1') },
    { at: '1s', leave: 'edge-1' },
    { at: '1s', lose: 'edge-1' },
    { at: '1s', disconnect: 'edge-1' },
  ])('is none of: %o', async (event) => {
    expect(await refusalsOf([event])).toEqual([]);
  });
});
