import { describe, expect, it } from 'vitest';
import { crashPod } from '../../../src/simulator/model/kubelet.ts';
import { loseNode, regainNode } from '../../../src/simulator/model/nodes.ts';
import { terminate } from '../../../src/simulator/model/pods.ts';
import { even, rowsOf, runRig, toFirst, users } from './rig.ts';

describe('when a pod', () => {
  const slow = users(1, { cpuTime: '1s' }, { thinkTime: '60s' });

  it.each([
    {
      what: 'is deleted, a request that ends within its termination is answered',
      cpuTime: '1500ms',
      ok: true,
      second: 1.5,
    },
    { what: 'is deleted, a request that takes longer fails with it', cpuTime: '4s', ok: false, second: 3 },
  ])('$what', async ({ cpuTime, ok, second }) => {
    const run = await runRig({
      load: [users(1, { cpuTime }, { thinkTime: '60s' })],
      seconds: 10,
      // It takes 2 s.
      events: [[1, toFirst(({ world, cpu }, pod) => terminate(world, cpu, pod))]],
    });
    expect(rowsOf(run)).toMatchObject([{ ok, second }]);
  });

  it('crashes, its requests fail, and the next are answered when it is ready again', async () => {
    const run = await runRig({
      load: [users(2, { cpuTime: '1s', retryAfter: '500ms' })],
      seconds: 5.2,
      events: [[0.5, toFirst(({ world, cpu }, pod) => crashPod(world, cpu, pod))]],
    });
    const rows = rowsOf(run).filter(({ second }) => second < 3);
    expect(rows.slice(0, 2)).toMatchObject([
      { ok: false, second: 0.5 },
      { ok: false, second: 0.5 },
    ]);
    // Refused at 0.5 s and 1 s; it is ready again at 1.5 s.
    expect(rows.filter(({ ok, tier }) => ok || tier !== undefined).at(-1)).toMatchObject({
      ok: true,
      second: 2.5,
    });
  });

  it('crashes, a request on its way to it fails when it comes there', async () => {
    const load = users(1, { cpuTime: '100ms', roundTrip: { cloud: '2s' } }, { thinkTime: '60s' });
    const crash = toFirst(({ world, cpu }, pod) => crashPod(world, cpu, pod));
    const run = await runRig({ load: [load], seconds: 5, events: [[0.5, crash]] });
    expect(rowsOf(run)).toMatchObject([{ ok: false, second: 1 }]);
  });

  it.each(['lost', 'disconnected'] as const)(
    'has its node %s, its requests time out, and new ones too',
    async (state) => {
      const run = await runRig({
        nodes: { 'edge-1': 4 },
        pods: ['edge-1'],
        load: [even(1, { cpuTime: '600ms', timeout: '5s' })],
        seconds: 9.9,
        events: [[2.5, toFirst(({ world, cpu }, _, node) => loseNode(world, cpu, node, state))]],
      });
      expect(rowsOf(run).map(({ second, ok }) => [Math.round(second * 100) / 100, ok])).toEqual([
        [1.6, true],
        [7, false],
        [8, false],
        [9, false],
      ]);
    },
  );

  it('has its node back, it answers again', async () => {
    const run = await runRig({
      nodes: { 'edge-1': 4 },
      pods: ['edge-1'],
      load: [even(1, { cpuTime: '100ms', timeout: '30s' })],
      seconds: 8.5,
      events: [
        [2.5, toFirst(({ world, cpu }, _, node) => loseNode(world, cpu, node, 'disconnected'))],
        [5.5, toFirst(({ world, cpu }, _, node) => regainNode(world, cpu, node))],
      ],
    });
    expect(rowsOf(run).map(({ second }) => Math.round(second))).toEqual([1, 2, 6, 7, 8]);
  });

  it('is on a node that nothing happens to, it answers', async () => {
    expect(rowsOf(await runRig({ load: [slow], seconds: 10 }))).toMatchObject([{ ok: true, second: 1 }]);
  });
});
