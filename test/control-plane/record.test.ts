import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished } from 'vitest';
import { parse } from 'yaml';
import { importEvents } from '../../src/commands/import-events.ts';
import { record } from '../../src/commands/record.ts';
import { systemRuntime } from '../../src/kubernetes/runtime.ts';
import { simulate } from '../../src/simulator/simulate.ts';
import { readTrace } from '../../src/trace/read.ts';
import { podTemplate } from './harness/objects.ts';
import type { ControlPlane } from './harness/plane.ts';
import type { Stage } from './harness/stage.ts';
import { cloud, clusterTest, edge } from './harness/test.ts';
import { eventually, until } from './harness/wait.ts';

const test = clusterTest('record', { nodes: [...edge(1, '4'), ...cloud(1, '32')] });

test('a Deployment that was scaled while it was recorded is replayed with the same replicas', async ({
  stage,
  plane,
}) => {
  const folder = await mkdtemp(join(tmpdir(), 'spillway-record-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const scale = await createDeployment(plane, stage, 1);
  await stage.bound(1);

  const recording = startRecording({
    namespace: stage.namespace,
    kubeconfig: await recorderKubeconfig(plane, stage),
    output: join(folder, 'trace.json'),
  });
  await recording.says('recording from');
  await scale(4);
  await stage.bound(4);
  // So that the CPU of all four is in it: a scrape later the recording has looked at it.
  await podsServed(plane, stage, 4);
  await nextScrape(plane, stage);
  await scale(2);
  await eventually('two pods left', async () => expect(await stage.pods()).toHaveLength(2));
  expect(await recording.end(), recording.err()).toBe(0);

  const read = await readTrace(readFileSync(join(folder, 'trace.json'), 'utf8'));
  if (!read.ok) throw new Error(JSON.stringify(read.problems));
  const { trace } = read;
  const workload = `${stage.namespace}/web`;
  expect(trace.nodes.map(({ metadata }) => metadata.name)).toEqual(expect.arrayContaining([...stage.nodes]));
  expect(trace.metricsServer.resolution).toBe(10_000);
  const load = trace.load.find((one) => 'deployment' in one && one.deployment === workload);
  const points = load?.type === 'recordedCpu' ? load.points : [];
  // Four pods of 100m each; KWOK's samples are off by some percent.
  expect(Math.max(...points.map(({ cpu }) => cpu))).toBeGreaterThan(250);

  const result = simulate(trace);
  expect(result.scalings).toMatchObject([
    { workload, from: 1, to: 4 },
    { workload, from: 4, to: 2 },
  ]);
  expect(result.expectations.map(({ expected, held, found }) => ({ expected, held, found }))).toEqual(
    result.expectations.map(({ expected, found }) => ({ expected, held: true, found })),
  );
  expect(result.expectations.length).toBeGreaterThanOrEqual(4);
});

test('the events of the same run, imported, say the same', async ({ stage, plane }) => {
  const folder = await mkdtemp(join(tmpdir(), 'spillway-import-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const get = async (kind: string, ...where: readonly string[]) => {
    const file = join(folder, `${kind}.json`);
    writeFileSync(file, await plane.kubectl('get', kind, ...where, '-o', 'json'));
    return file;
  };
  const own = ['--namespace', stage.namespace];
  const output = join(folder, 'trace.json');
  let err = '';
  const code = await importEvents(
    {
      events: await get('events', ...own),
      nodes: await get('nodes'),
      deployments: await get('deployments', ...own),
      pods: await get('pods', '--all-namespaces'),
      output,
      name: 'events',
      expect: true,
    },
    {
      out: () => undefined,
      err: (words) => {
        err += words;
      },
    },
  );
  expect(code, err).toBe(0);
  const read = await readTrace(readFileSync(output, 'utf8'));
  if (!read.ok) throw new Error(JSON.stringify(read.problems));
  const { deployments, events } = read.trace;
  expect(deployments.map(({ spec }) => spec.replicas)).toEqual([0]);
  expect(events.map(({ scale }) => scale?.replicas)).toEqual([1, 4, 2]);
  const result = simulate(read.trace);
  expect(result.expectations.length).toBeGreaterThanOrEqual(4);
  expect(result.expectations.filter(({ held }) => !held)).toEqual([]);
});

async function createDeployment(plane: ControlPlane, stage: Stage, replicas: number) {
  const path = `/apis/apps/v1/namespaces/${stage.namespace}/deployments`;
  const labels = { app: 'web' };
  await plane.kube.create(path, {
    metadata: { name: 'web' },
    spec: {
      replicas,
      selector: { matchLabels: labels },
      template: podTemplate({ request: '100m', usage: '100m', labels, schedulerName: 'spillway' }),
    },
  });
  return (count: number) => plane.kube.patch(`${path}/web`, { spec: { replicas: count } });
}

/** A ServiceAccount that may do what docs/recording.md says, and nothing else. */
async function recorderKubeconfig(plane: ControlPlane, stage: Stage): Promise<string> {
  const page = readFileSync(fileURLToPath(new URL('../../docs/recording.md', import.meta.url)), 'utf8');
  const role: object = parse(/```yaml\n(apiVersion: rbac[\s\S]*?)```/.exec(page)?.[1] ?? '');
  const rbac = '/apis/rbac.authorization.k8s.io/v1';
  const { namespace } = stage;
  await plane.kube.create(`${rbac}/clusterroles`, role);
  await plane.kube.create(`/api/v1/namespaces/${namespace}/serviceaccounts`, {
    metadata: { name: 'recorder' },
  });
  await plane.kube.create(`${rbac}/clusterrolebindings`, {
    metadata: { name: 'spillway-record' },
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'spillway-record' },
    subjects: [{ kind: 'ServiceAccount', name: 'recorder', namespace }],
  });
  return plane.writeKubeconfig('recorder', await plane.serviceAccountConnection(namespace, 'recorder'));
}

function startRecording(options: {
  readonly namespace: string;
  readonly kubeconfig: string;
  readonly output: string;
}) {
  const ending = new AbortController();
  onTestFinished(() => ending.abort());
  let err = '';
  const code = record(
    { ...options, namespace: [options.namespace], expect: true },
    {
      out: () => undefined,
      err: (words) => {
        err += words;
      },
      now: Date.now,
      runtime: systemRuntime,
      signal: ending.signal,
    },
  );
  return {
    err: () => err,
    says: (words: string) => eventually(words, () => expect(err).toContain(words)),
    end: () => {
      ending.abort();
      return code;
    },
  };
}

async function podsServed(plane: ControlPlane, stage: Stage, count: number): Promise<void> {
  const path = `/apis/metrics.k8s.io/v1beta1/namespaces/${stage.namespace}/pods`;
  await until(
    `metrics of ${count} pods`,
    async () => ((await plane.kube.list(path)).length === count ? true : undefined),
    { timeoutMs: 90_000, intervalMs: 500 },
  );
}

async function nextScrape(plane: ControlPlane, stage: Stage): Promise<void> {
  const path = `/apis/metrics.k8s.io/v1beta1/nodes/${stage.edge[0]}`;
  const timestamp = async () => (await plane.kube.get<{ readonly timestamp: string }>(path)).timestamp;
  const before = await timestamp();
  await until('another scrape', async () => ((await timestamp()) === before ? undefined : true));
}
