import { expect } from 'vitest';
import { StubExtender } from './harness/stub-extender.ts';
import { cloud, clusterTest, edge } from './harness/test.ts';

const stub = await StubExtender.start({
  filter: ({ NodeNames }) => ({ NodeNames: (NodeNames ?? []).slice(0, 1), FailedNodes: {}, Error: '' }),
  prioritize: () => [],
});
const test = clusterTest('stub', { nodes: [...edge(3, '4'), ...cloud(5, '32')], instead: stub.url });

test('binds pods where the extender says', async ({ stage }) => {
  await stage.createPods('load', 50, { usage: '150m' });
  const counts = await stage.bound(50);
  console.log(counts);
  expect(stub.calls.filter(({ verb }) => verb === 'filter')).toHaveLength(50);
  expect(stub.calls.filter(({ verb }) => verb === 'prioritize')).toHaveLength(0);
});
