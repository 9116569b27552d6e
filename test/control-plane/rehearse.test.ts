import { spawn } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished } from 'vitest';
import type { SimulationResult } from '../../src/outcome/result.ts';
import { readResult } from '../../src/outcome/result-file.ts';
import { deploymentDocument, type TraceDocument, traceDocument, WORKLOAD } from '../simulator/traces.ts';
import { REPOSITORY } from './harness/configs.ts';
import type { ControlPlane } from './harness/plane.ts';
import { clusterTest } from './harness/test.ts';
import { Hopeless, until } from './harness/wait.ts';

/* `spillway rehearse` as its users run it: a process that is given a kubeconfig and Spillway's address. */
const test = clusterTest('rehearse', { nodes: [] });

test('a trace is played, its expectations are checked, and nothing of it is left', {
  timeout: 300_000,
}, async ({ stage, plane }) => {
  const trace = writeTrace(plane, 'small', {
    duration: '100s',
    deployments: [deploymentDocument(2)],
    horizontalPodAutoscalers: [autoscaler()],
    load: [
      { type: 'demand', deployment: WORKLOAD, points: [point('0s', '100m'), point('60s', '900m')] },
      { type: 'recordedCpu', node: 'edge-1', points: [point('0s', '50m')] },
    ],
    expect: [
      { type: 'placed', pod: 'fn/web-1', tier: 'edge' },
      { type: 'pods', workload: WORKLOAD, at: 'end', atLeast: 3 },
      { type: 'edgeBelowThreshold', of: ['planned'] },
      { type: 'noCloudWhileEdgeFits' },
    ],
  });
  const file = join(plane.runDir, 'small.cluster.json');
  const rehearsal = rehearse(
    plane,
    '--trace',
    trace,
    '--spillway',
    stage.spillway.managementUrl,
    '--result',
    file,
  );
  expect(await rehearsal.ended, rehearsal.err()).toBe(0);
  expect(rehearsal.out()).toMatch(/^small: 100 s in real time, on a cluster/);
  expectAll(resultOf(file));

  const simulated = join(plane.runDir, 'small.simulated.json');
  const simulation = spillway('simulate', '--trace', trace, '--output', 'json');
  expect(await simulation.ended, simulation.err()).toBe(0);
  writeFileSync(simulated, simulation.out());
  const runs = [`cluster=${file}`, `simulated=${simulated}`];
  const comparison = spillway('simulate', 'compare', '--trace', trace, ...runs);
  expect(await comparison.ended, comparison.err()).toBe(0);
  expect(comparison.out()).toMatch(/^cluster .*\nsimulated /m);
  expect(await leftovers(plane)).toEqual([]);
});

/** Of all that a result holds there is something in it. */
function expectAll({ decisions, pods, scalings, autoscalers, nodes }: SimulationResult): void {
  expect(decisions[0]?.pod).toMatchObject({ namespace: 'fn', name: 'web-1' });
  expect(pods.filter(({ readyAtMs }) => readyAtMs !== undefined).length).toBeGreaterThan(2);
  expect(pods[0]?.attempts[0]).toMatchObject({ result: 'assumed', decision: 0 });
  expect(scalings[0]).toMatchObject({ workload: WORKLOAD, from: 2 });
  expect(autoscalers[0]?.syncs.length).toBeGreaterThan(1);
  expect(autoscalers[0]?.events.map(({ reason }) => reason)).toContain('SuccessfulRescale');
  for (const { name, measured, real } of nodes) {
    expect(measured.length, name).toBeGreaterThan(5);
    expect(real.length, name).toBeGreaterThan(0);
  }
}

test('SIGINT in the middle ends it with 1, and nothing of it is left', async ({ plane }) => {
  const rehearsal = rehearse(plane, '--trace', writeTrace(plane, 'long', { duration: '1h' }));
  await rehearsal.until('a pod', () => exists(plane, '/api/v1/namespaces/fn/pods'));
  rehearsal.kill('SIGINT');
  expect(await rehearsal.ended, rehearsal.err()).toBe(1);
  expect(rehearsal.err()).toMatch(/ended after \d+ s\n/);
  expect(await leftovers(plane)).toEqual([]);
});

test('a second one does not wait until all is deleted, and says what deletes the rest', async ({ plane }) => {
  const rehearsal = rehearse(plane, '--trace', writeTrace(plane, 'long', { duration: '1h' }));
  await rehearsal.until('a node', () => exists(plane, '/api/v1/nodes'));
  rehearsal.kill('SIGINT');
  // Then it deletes; the namespace controller takes some seconds for its part.
  await rehearsal.until('its end', async () => rehearsal.err().includes('ended before its time began'));
  rehearsal.kill('SIGINT');
  expect(await rehearsal.ended, rehearsal.err()).toBe(1);
  expect(rehearsal.err()).toMatch(/--clean-up deletes what is left\n$/);
  expect(await rehearse(plane, '--clean-up').ended).toBe(0);
  expect(await leftovers(plane)).toEqual([]);
});

test('what one leaves that was killed, the next one names, and --clean-up deletes', async ({ plane }) => {
  const trace = writeTrace(plane, 'long', { duration: '1h' });
  const killed = rehearse(plane, '--trace', trace);
  await killed.until('a node', () => exists(plane, '/api/v1/nodes'));
  killed.kill('SIGKILL');
  await killed.ended;
  const next = rehearse(plane, '--trace', trace);
  expect(await next.ended).toBe(1);
  expect(next.err()).toMatch(/has nodes, .*edge-1.*--clean-up/);
  const cleaning = rehearse(plane, '--clean-up');
  expect(await cleaning.ended, cleaning.err()).toBe(0);
  expect(await leftovers(plane)).toEqual([]);
});

function writeTrace(plane: ControlPlane, name: string, over: TraceDocument): string {
  const file = join(plane.runDir, `${name}.json`);
  const metricsServer = { resolution: '10s', freshContainers: 'kwok' };
  writeFileSync(file, JSON.stringify(traceDocument({ metadata: { name }, metricsServer, ...over })));
  return file;
}

function point(at: string, cpu: string): object {
  return { at, cpu };
}

function autoscaler(): object {
  const target = { type: 'Utilization', averageUtilization: 80 };
  return {
    metadata: { name: 'web', namespace: 'fn' },
    spec: {
      scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'web' },
      minReplicas: 2,
      maxReplicas: 12,
      metrics: [{ type: 'Resource', resource: { name: 'cpu', target } }],
    },
  };
}

function rehearse(plane: ControlPlane, ...args: readonly string[]) {
  return spillway('rehearse', '--kubeconfig', join(plane.runDir, 'admin.kubeconfig'), ...args);
}

/** Runs the product to its end, at the latest when the test ends. */
function spillway(...args: readonly string[]) {
  const child = spawn(process.execPath, [join(REPOSITORY, 'dist', 'spillway.js'), ...args]);
  let [out, err] = ['', ''];
  child.stdout.on('data', (piece) => {
    out += piece;
  });
  child.stderr.on('data', (piece) => {
    err += piece;
  });
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
  onTestFinished(async () => {
    child.kill('SIGINT');
    await ended;
  });
  const isThere = async (check: () => Promise<boolean>) => {
    if (child.exitCode !== null) throw new Hopeless(`it ended with ${child.exitCode}:\n${err}`);
    return (await check()) ? true : undefined;
  };
  return {
    ended,
    out: () => out,
    err: () => err,
    kill: (signal: NodeJS.Signals) => child.kill(signal),
    until: (what: string, check: () => Promise<boolean>) =>
      until(what, () => isThere(check), { timeoutMs: 120_000, intervalMs: 50 }),
  };
}

function resultOf(file: string): SimulationResult {
  const read = readResult(readFileSync(file, 'utf8'));
  if (!read.ok) throw new Error(JSON.stringify(read.problems));
  return read.result;
}

async function exists(plane: ControlPlane, collection: string): Promise<boolean> {
  return (await plane.kube.list(collection)).length > 0;
}

/** What of rehearsals is on the cluster, by their label. */
async function leftovers(plane: ControlPlane): Promise<readonly string[]> {
  const kinds = 'namespaces,nodes,pods,deployments,replicasets,horizontalpodautoscalers';
  const args = ['get', kinds, '--all-namespaces', '--selector', 'spillway.dev/rehearsal', '--output', 'name'];
  return (await plane.kubectl(...args)).split('\n').filter((name) => name !== '');
}
