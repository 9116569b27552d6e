import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { describe, expect, it, onTestFinished } from 'vitest';
import { record } from '../../src/commands/record.ts';
import type { RecordOptions } from '../../src/commands/record-options.ts';
import { simulate, TERMINAL } from '../../src/commands/simulate.ts';
import type { FakeApiServer } from '../fake/api-server.ts';
import { temporaryFolder } from '../fake/kubeconfig.ts';
import {
  deploymentObject,
  nodeMetricsObject,
  nodeObject,
  ownedReplicaSetObject,
  podMetricsObject,
  podObject,
} from '../fake/objects.ts';
import { setUp, until } from '../kubernetes/harness.ts';
import { traceOf } from '../simulator/traces.ts';

const START_MS = Date.parse('2026-03-01T12:00:00Z');

/** A clock that the test moves; who sleeps wakes when it comes there. */
function createClock() {
  let nowMs = START_MS;
  const sleepers = new Set<{ readonly atMs: number; readonly wake: () => void }>();
  const sleep = (ms: number, signal: AbortSignal) =>
    new Promise<void>((resolve) => {
      const wake = () => {
        sleepers.delete(sleeper);
        signal.removeEventListener('abort', wake);
        resolve();
      };
      const sleeper = { atMs: nowMs + ms, wake };
      sleepers.add(sleeper);
      if (signal.aborted) wake();
      else signal.addEventListener('abort', wake);
    });
  const advance = async (toSeconds: number) => {
    for (; nowMs < START_MS + toSeconds * 1000; nowMs += 1000) {
      for (const sleeper of sleepers) if (sleeper.atMs <= nowMs) sleeper.wake();
      await nextTurn();
    }
    for (const sleeper of sleepers) if (sleeper.atMs <= nowMs) sleeper.wake();
  };
  return { now: () => nowMs, sleep, advance };
}

const text = (seconds: number) => new Date(START_MS + seconds * 1000).toISOString();

/** The CPU of the edge node and of the pod web-1, measured at a time. */
function measure(server: FakeApiServer, seconds: number, nodeCpu: string, podCpu: string): void {
  const at = { timestamp: text(seconds), window: '15s' };
  server.metrics = {
    nodes: [
      nodeMetricsObject('edge-1', { ...at, cpu: nodeCpu }),
      nodeMetricsObject('cloud-1', { ...at, cpu: '20m' }),
    ],
    pods: [podMetricsObject('web-1', { ...at, cpu: podCpu })],
  };
}

function replica(name: string, nodeName: string) {
  return podObject(name, { ownerUid: 'uid-of-web-rs', nodeName });
}

/** Two nodes, a Deployment with one replica, and what a recording of it does. */
async function recordingOf(over: Partial<RecordOptions> = {}) {
  const { server, kubeconfig, folder } = await setUp();
  server.nodes.put(nodeObject('edge-1', { labels: { 'node-role.kubernetes.io/edge': '' } }));
  server.nodes.put(nodeObject('cloud-1'));
  server.deployments.put(deploymentObject('web', 1));
  server.deployments.put(deploymentObject('other', 9, 'elsewhere'));
  server.replicaSets.put(ownedReplicaSetObject('web', 1));
  server.pods.put(replica('web-1', 'edge-1'));
  measure(server, -5, '300m', '200m');
  const clock = createClock();
  const ending = new AbortController();
  const output = join(folder, 'trace.json');
  let [out, err] = ['', ''];
  const run = () =>
    record(
      { namespace: ['default'], duration: 120_000, output, kubeconfig, expect: false, ...over },
      {
        out: (words) => (out += words),
        err: (words) => (err += words),
        now: clock.now,
        runtime: { nowMs: clock.now, sleep: clock.sleep, random: () => 0.5 },
        signal: ending.signal,
      },
    );
  onTestFinished(() => ending.abort());
  return {
    server,
    clock,
    output,
    run,
    end: () => ending.abort(),
    out: () => out,
    err: () => err,
    says: (words: string | RegExp) => until(() => expect(err).toMatch(words)),
    written: () => JSON.parse(readFileSync(output, 'utf8')),
  };
}

describe('spillway record', () => {
  it('writes a trace that simulate replays at once', async () => {
    const { server, clock, run, says, written, output } = await recordingOf();
    const code = run();
    await says('recording from');
    await clock.advance(10);
    server.deployments.put(deploymentObject('web', 3));
    await says('default/web: 1 → 3');
    for (const [name, node] of [
      ['web-2', 'edge-1'],
      ['web-3', 'cloud-1'],
    ] as const)
      server.pods.put(replica(name, node));
    measure(server, 10, '500m', '400m');
    await clock.advance(60);
    server.deployments.put(deploymentObject('web', 2));
    await says('default/web: 3 → 2');
    await clock.advance(121);

    expect(await code).toBe(0);
    const trace = await traceOf(written());
    expect(trace.kubernetesVersion).toBe('1.33');
    expect(trace.duration).toBe(120_000);
    expect(trace.nodes.map(({ metadata }) => metadata.name)).toEqual(['cloud-1', 'edge-1']);
    expect(trace.events.map(({ at, scale }) => [at, scale])).toEqual([
      [10_000, { deployment: 'default/web', replicas: 3 }],
      [60_000, { deployment: 'default/web', replicas: 2 }],
    ]);
    expect(trace.load.filter(({ type }) => type === 'recordedCpu')).toHaveLength(3);
    const replayed = await simulate(
      { trace: output, output: 'json', verbose: false },
      { ...TERMINAL, out: () => undefined, err: () => undefined },
    );
    expect(replayed).toBe(0);
  });

  it('is ended by a signal, and written as long as it was', async () => {
    const { clock, run, says, end, written } = await recordingOf({ duration: undefined });
    const code = run();
    await says('recording from');
    await clock.advance(42);
    end();
    expect(await code).toBe(0);
    expect(written()).toMatchObject({ duration: '42s', metadata: { name: 'default' } });
  });

  it('says where the pods are, and that it is at work', async () => {
    const { clock, run, says, err } = await recordingOf();
    const code = run();
    await says('recording from');
    await clock.advance(61);
    await says(/^ +30s {2}2 nodes, 1 Deployments, 1 pods/m);
    await clock.advance(121);
    await code;
    expect(err()).toMatch(/^default\/web: 1 edge, 0 cloud$/m);
    expect(err()).toMatch(/trace\.json is written: spillway simulate --trace /);
  });

  it('- is standard output, with nothing else in it', async () => {
    const { clock, run, says, out } = await recordingOf({ output: '-', name: 'mine' });
    const code = run();
    await says('recording from');
    await clock.advance(121);
    expect(await code).toBe(0);
    expect(JSON.parse(out())).toMatchObject({ kind: 'ScaleTrace', metadata: { name: 'mine' } });
  });

  it('takes of the configuration what decides, and by its tiers where pods are', async () => {
    const folder = temporaryFolder();
    onTestFinished(() => rmSync(folder, { recursive: true }));
    const config = join(folder, 'config.yaml');
    const tiers = { edgeSelector: { matchLabels: { 'kubernetes.io/hostname': 'cloud-1' } } };
    writeFileSync(
      config,
      JSON.stringify({
        apiVersion: 'spillway.dev/v1alpha1',
        kind: 'SpillwayConfiguration',
        server: { port: 1234 },
        tiers,
        placement: { threshold: 0.6 },
      }),
    );
    const { clock, run, says, written } = await recordingOf({ expect: true, config });
    const code = run();
    await says('recording from');
    await clock.advance(121);
    expect(await code).toBe(0);
    expect(written().configuration).toEqual({ tiers, placement: { threshold: 0.6 } });
    const pods = { type: 'pods', workload: 'default/web', at: 'end', note: 'as recorded' };
    expect(written().expect).toEqual([
      { ...pods, tier: 'edge', exactly: 0 },
      { ...pods, tier: 'cloud', exactly: 1 },
    ]);
  });

  it('names every problem of a configuration, and asks no cluster: 2', async () => {
    const folder = temporaryFolder();
    onTestFinished(() => rmSync(folder, { recursive: true }));
    const config = join(folder, 'config.yaml');
    writeFileSync(config, 'placement: { treshold: 2 }');
    const { run, err, server } = await recordingOf({ config });
    expect(await run()).toBe(2);
    expect(err()).toMatch(
      /config\.yaml is not valid:\n(.*\n)*placement\.treshold \(line 1\): found an unknown key/,
    );
    expect(server.requests).toEqual([]);
  });

  it('ended before it began it writes nothing: 1', async () => {
    const { server, run, says, end, output } = await recordingOf();
    server.fail({ url: /pods\?limit=500/, how: 'hang' });
    const code = run();
    await until(() => expect(server.requestsOf('/api/v1/pods', 'list')).toHaveLength(2));
    end();
    expect(await code).toBe(1);
    await says('nothing is written');
    expect(existsSync(output)).toBe(false);
  });

  it('goes on when the API server was away, and says so', async () => {
    const { server, clock, run, says, end, err, written } = await recordingOf({ duration: undefined });
    const code = run();
    await says('recording from');
    await server.stop();
    await says('deployments not watched');
    await server.start();
    server.deployments.put(deploymentObject('web', 5));
    await until(() => {
      // Lets the back-off pass.
      void clock.advance((clock.now() - START_MS) / 1000 + 1);
      expect(err()).toMatch('1 → 5');
    });
    end();
    expect(await code).toBe(0);
    expect(written().events).toMatchObject([{ scale: { replicas: 5 } }]);
  });
});

describe('what a recording may not read is said at once', () => {
  it.each([
    { url: /\/nodes\?limit/, how: 403, line: /^cannot list nodes in the cluster: 403 Forbidden/m },
    { url: /\/pods\?.*watch/, how: 403, line: /^cannot watch pods in the cluster: 403 Forbidden/m },
    { url: /deployments\?limit/, how: 403, line: /^cannot list deployments in namespace default: 403/m },
    {
      url: /horizontalpodautoscalers\?.*watch/,
      how: 403,
      line: /^cannot watch horizontalpodautoscalers in namespace default: 403/m,
    },
    { url: /metrics.k8s.io\/v1beta1\/pods/, how: 403, line: /^cannot list pods of metrics.k8s.io: 403/m },
    {
      url: /metrics.k8s.io\/v1beta1\/nodes/,
      how: 404,
      line: /^cannot list nodes of metrics.k8s.io: 404 .*\(is metrics-server installed, and ready\?\)$/m,
    },
    { url: /./, how: 401, line: /^cannot list nodes in the cluster: 401 Unauthorized/m },
  ] as const)('$url: $how', async ({ url, how, line }) => {
    const { server, run, err } = await recordingOf();
    server.fail({ url, how });
    expect(await run()).toBe(1);
    expect(err()).toMatch(line);
    expect(err()).toContain('docs/recording.md has the ClusterRole');
  });

  it('names all of it', async () => {
    const { server, run, err } = await recordingOf();
    server.fail({ url: /limit=1/, how: 403 });
    await run();
    expect(err().match(/^cannot list /gm)).toHaveLength(5);
  });
});

describe('what is not valid: 2, before the cluster is asked', () => {
  it.each([
    {
      what: 'a folder that is not there',
      over: { output: '/no/such/folder/trace.json' },
      line: /^\/no\/such\/folder\/trace.json cannot be written/,
    },
    {
      what: 'a configuration that is not there',
      over: { config: '/no/such.yaml' },
      line: /^\/no\/such.yaml cannot be read/,
    },
  ])('$what', async ({ over, line }) => {
    const { run, err, server } = await recordingOf(over);
    expect(await run()).toBe(2);
    expect(err()).toMatch(line);
    expect(server.requests).toEqual([]);
  });
});
