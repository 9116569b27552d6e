import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import type { SimulationResult } from '../../src/outcome/result.ts';
import { readResult } from '../../src/outcome/result-file.ts';
import { readTrace } from '../../src/trace/read.ts';
import type { Trace } from '../../src/trace/schema.ts';
import { demandAt, edgeFill, excesses, mostPlanned } from './end-to-end/judge.ts';
import { REPOSITORY } from './harness/configs.ts';
import type { Pod } from './harness/objects.ts';
import type { Stage } from './harness/stage.ts';
import { clusterTest } from './harness/test.ts';
import { until } from './harness/wait.ts';

/*
 * All at once, and all of it real: functions and their autoscalers under a load that comes and goes, metrics that
 * fail on edge nodes when these are busy, and Spillway killed and started again in the middle.
 */
const test = clusterTest('end-to-end', { nodes: [] });

const TRACE = join(REPOSITORY, 'test', 'control-plane', 'end-to-end', 'trace.yaml');
const FUNCTIONS = '/api/v1/namespaces/openfaas-fn/pods';
const DEPLOYMENT = '/apis/apps/v1/namespaces/openfaas-fn/deployments/nodeinfo';
/** Demand is steady, and the autoscalers have come to rest. */
const STEADY_S = [340, 400] as const;
/** Restarted, Spillway lists the cluster and looks at metrics; kube-scheduler tries again after its back-off. */
const LONGEST_WAIT_MS = 15_000;

test('the edge is filled to its threshold and not above, through losses and a restart', {
  timeout: 720_000,
}, async ({ stage, plane }) => {
  const file = join(plane.runDir, 'end-to-end.json');
  const args = ['rehearse', '--trace', TRACE, '--kubeconfig', join(plane.runDir, 'admin.kubeconfig')];
  const child = spawn(
    process.execPath,
    [
      join(REPOSITORY, 'dist', 'spillway.js'),
      ...args,
      '--spillway',
      stage.spillway.managementUrl,
      '--result',
      file,
    ],
    { stdio: ['ignore', 'ignore', 'inherit'] },
  );
  const ended = new Promise<number | null>((resolve) => child.once('exit', resolve));
  try {
    await restartInTheMiddle(stage);
    expect(await ended).toBe(0);
  } finally {
    child.kill('SIGINT');
    await ended;
  }
  judge(await traceOf(), resultOf(file));
});

/** So old are the last decisions when it is killed: what was decided in its last second nobody could read. */
const READ_AFTER_MS = 3000;

/** Once there are twenty replicas of a function, and all pods have their nodes. */
async function restartInTheMiddle({ plane: { kube }, spillway }: Stage): Promise<void> {
  await until(
    'twenty replicas, all bound',
    async () => {
      const { spec } = await kube.get<Pod & { readonly spec: { readonly replicas: number } }>(DEPLOYMENT);
      const pods = await kube.list<Pod>(FUNCTIONS);
      const bound = pods.every(
        ({ spec: { nodeName }, metadata: { creationTimestamp = '' } }) =>
          nodeName !== undefined && Date.now() - Date.parse(creationTimestamp) > READ_AFTER_MS,
      );
      return spec.replicas >= 20 && pods.length > 20 && bound ? true : undefined;
    },
    { timeoutMs: 300_000, intervalMs: 250 },
  );
  await spillway.program.kill();
  await spillway.program.start();
}

function judge(trace: Trace, result: SimulationResult): void {
  const edge = result.nodes.filter(({ tier }) => tier === 'edge').map(({ name }) => name);
  for (const node of edge) {
    expect(mostPlanned(result, node), `planned for ${node}`).toBeGreaterThan(0.5);
    expect(mostPlanned(result, node), `planned for ${node}`).toBeLessThanOrEqual(1);
  }
  const samples = ({ measured }: SimulationResult['nodes'][number]) => measured.length;
  const [ofEdge, ofCloud] = [
    result.nodes.filter(({ tier }) => tier === 'edge').map(samples),
    result.nodes.filter(({ tier }) => tier === 'cloud').map(samples),
  ];
  expect(Math.min(...ofEdge), 'samples of an edge node').toBeLessThan(Math.max(...ofCloud));
  for (const excess of excesses(result, trace.metricsServer.resolution)) {
    const grown = demandAt(trace, excess.atS) - demandAt(trace, excess.lastPlacedS);
    expect(grown, JSON.stringify(excess)).toBeGreaterThan(0);
  }
  expect(edgeFill(result, ...STEADY_S)).toBeGreaterThanOrEqual(0.95);
  const waits = result.pods.map(({ boundAtMs = result.endMs, createdAtMs }) => boundAtMs - createdAtMs);
  expect(Math.max(...waits)).toBeLessThan(LONGEST_WAIT_MS);
  expect(result.pods.filter((pod) => !isExplained(result, pod))).toEqual([]);
}

/** A decision was read that sent the pod where it went, with a reason for every node that it looked at. */
function isExplained({ decisions }: SimulationResult, pod: SimulationResult['pods'][number]): boolean {
  const decision = decisions.findLast((one) => one.pod.uid === pod.uid);
  if (decision === undefined || pod.node === undefined) return false;
  return decision.nodes.includes(pod.node) && decision.candidates.every(({ reason }) => reason !== undefined);
}

async function traceOf(): Promise<Trace> {
  const read = await readTrace(readFileSync(TRACE, 'utf8'));
  if (!read.ok) throw new Error(JSON.stringify(read.problems));
  return read.trace;
}

function resultOf(file: string): SimulationResult {
  const read = readResult(readFileSync(file, 'utf8'));
  if (!read.ok) throw new Error(JSON.stringify(read.problems));
  return read.result;
}
