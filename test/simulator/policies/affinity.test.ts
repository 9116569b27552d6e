import { describe, expect, it } from 'vitest';
import { preferEdge } from '../../../src/simulator/policies/affinity.ts';
import { deploymentDocument, traceDocument, traceOf } from '../traces.ts';

const PREFERS_EDGE = {
  weight: 80,
  preference: { matchExpressions: [{ key: 'tier', operator: 'In', values: ['edge'] }] },
};
const OTHER = {
  weight: 10,
  preference: { matchExpressions: [{ key: 'disk', operator: 'Exists' as const }] },
};
const REQUIRED = {
  requiredDuringSchedulingIgnoredDuringExecution: {
    nodeSelectorTerms: [{ matchExpressions: [{ key: 'gpu', operator: 'Exists' }] }],
  },
};

async function affinityOf(nodeAffinity: object | undefined, edgeSelector: object = {}) {
  const podSpec = nodeAffinity === undefined ? {} : { affinity: { nodeAffinity } };
  const trace = await traceOf(traceDocument({ deployments: [deploymentDocument(1, '100m', podSpec)] }));
  const changed = preferEdge(trace, { edgeSelector: { matchLabels: { tier: 'edge' }, ...edgeSelector } });
  return changed.deployments[0]?.spec.template.spec.affinity?.nodeAffinity;
}

describe('a Deployment prefers the edge with weight 80', () => {
  it.each([
    { name: 'without an affinity of its own', own: undefined, preferred: [PREFERS_EDGE] },
    {
      name: 'beside what it prefers itself',
      own: { preferredDuringSchedulingIgnoredDuringExecution: [OTHER] },
      preferred: [OTHER, PREFERS_EDGE],
    },
  ])('$name', async ({ own, preferred }) => {
    expect(await affinityOf(own)).toEqual({ preferredDuringSchedulingIgnoredDuringExecution: preferred });
  });

  it('unless it requires nodes', async () => {
    expect(await affinityOf(REQUIRED)).toEqual(REQUIRED);
  });

  it('in the words of the configuration that says what edge is', async () => {
    const matchExpressions = [
      { key: 'zone', operator: 'NotIn', values: ['dc'] },
      { key: 'edge', operator: 'Exists' },
    ];
    const found = await affinityOf(undefined, { matchLabels: {}, matchExpressions });
    expect(found?.preferredDuringSchedulingIgnoredDuringExecution?.[0]?.preference).toEqual({
      matchExpressions: [
        { key: 'zone', operator: 'NotIn', values: ['dc'] },
        { key: 'edge', operator: 'Exists', values: undefined },
      ],
    });
  });
});
