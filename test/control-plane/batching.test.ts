import { request } from 'node:https';
import { describe, expect } from 'vitest';
import { schedulerConfig } from './harness/configs.ts';
import { freePort } from './harness/ports.ts';
import type { Stage } from './harness/stage.ts';
import { cloud, clusterTest, edge } from './harness/test.ts';

/*
 * From 1.35 on, kube-scheduler tries the next best node of the last pod for the next pod alike, and no other
 * (opportunistic batching). An extender would be asked about this one node: Spillway could not prefer an edge
 * node to it, or would have to overload it for want of a cloud node. Pods that take a port of the host are what
 * the scheduler can batch, one a node, once nothing else forbids it.
 */
const test = clusterTest('batching', {
  nodes: [...edge(3, '4'), ...cloud(3, '32')],
  spillway: { placement: { edgeCandidates: 'all' } },
});

const POD = { hostPort: 8080, spillway: { 'cpu-estimate': '100m' } } as const;

/** Topology spread by default is what keeps pods from being batched in the default profile. */
const BATCHABLE = [
  {
    name: 'PodTopologySpread',
    args: { defaultingType: 'List', defaultConstraints: [] },
  },
] as const;

describe('a profile that lets the scheduler batch', () => {
  test('is batched without an extender', async ({ stage }) => {
    const run = await schedule(stage, 'alone', { extenders: [] });
    expect(await hinted(run.port)).toBeGreaterThan(0);
    await run.program.stop();
  });

  test('is not batched with one: Spillway is asked about every node that is feasible', async ({ stage }) => {
    const run = await schedule(stage, 'asking', {});
    expect(await hinted(run.port)).toBe(0);
    const asked = await Promise.all(
      run.pods.map(async (pod) => {
        const decisions = await stage.spillway.decisions(stage.namespace, pod);
        return decisions.map(({ candidates }) => candidates.length);
      }),
    );
    // Each once, and about one node less than the pod before, whose port is taken now.
    expect(asked.flat().sort()).toEqual([3, 4, 5, 6]);
    await run.program.stop();
  });
});

/** Four pods alike, by a scheduler of their own. */
async function schedule(stage: Stage, name: string, changes: object) {
  const { plane } = stage;
  await stage.deletePods();
  const { url: urlPrefix } = stage.spillway;
  const port = await freePort();
  const config = {
    ...schedulerConfig('second-scheduler', plane.schedulerKubeconfig, { urlPrefix }),
    leaderElection: { leaderElect: false },
    profiles: [{ schedulerName: name, pluginConfig: BATCHABLE }],
    ...changes,
  };
  const program = await plane.addScheduler(`kube-scheduler-${name}`, config, plane.schedulerKubeconfig, {
    port,
  });
  await program.start();
  await stage.createPods(name, 4, { ...POD, schedulerName: name });
  await stage.bound(4);
  return { port, program, pods: [1, 2, 3, 4].map((index) => `${name}-${index}`) };
}

/** How many pods went to the node that the scheduler had tried first. */
async function hinted(port: number): Promise<number> {
  const text = await metrics(port);
  expect(text).toContain('scheduler_batch_attempts_total');
  return text
    .split('\n')
    .filter((line) => line.startsWith('scheduler_batch_attempts_total{') && !line.includes('"no_hint"'))
    .reduce((sum, line) => sum + Number(line.slice(line.lastIndexOf(' ') + 1)), 0);
}

function metrics(port: number): Promise<string> {
  return new Promise((resolve, reject) => {
    const options = { host: '127.0.0.1', port, path: '/metrics', rejectUnauthorized: false, agent: false };
    const outgoing = request(options, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.once('end', () => resolve(Buffer.concat(chunks).toString()));
    });
    outgoing.once('error', reject);
    outgoing.end();
  });
}
