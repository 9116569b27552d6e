import { describe, expect, it } from 'vitest';
import { type AutoscalersOptions, startAutoscalers } from '../../../src/simulator/autoscaler/autoscalers.ts';
import { settingsOf } from '../../../src/simulator/autoscaler/settings.ts';
import { runUntil, schedule } from '../../../src/simulator/engine/timeline.ts';
import { buildReplica, buildReplicaSet } from '../../../src/simulator/model/build.ts';
import {
  clockMs,
  createWorld,
  type ServedMetrics,
  type SimReplicaSet,
  type World,
} from '../../../src/simulator/model/world.ts';
import { deploymentDocument, type TraceDocument, traceDocument, traceOf } from '../traces.ts';

interface Scene {
  readonly world: World;
  readonly replicaSet: SimReplicaSet;
  /** CPU of each pod, in millicores; undefined: the metrics API is down. */
  usageMilli: number | undefined;
  /** Of the first pod, where it is another. */
  usageOfFirst?: number;
  readonly scaled: (readonly [secondsIn: number, replicas: number])[];
  /** How often metrics were read. */
  reads: number;
}

function autoscalerDocument(spec: TraceDocument) {
  return {
    metadata: { name: 'web', namespace: 'fn' },
    spec: {
      scaleTargetRef: { kind: 'Deployment', name: 'web' },
      maxReplicas: 10,
      metrics: [
        {
          type: 'Resource',
          resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: 50 } },
        },
      ],
      ...spec,
    },
  };
}

/** One Deployment of pods that request 100m and have run for long. */
async function sceneOf(replicas: number, spec: TraceDocument = {}, over: TraceDocument = {}): Promise<Scene> {
  const trace = await traceOf(
    traceDocument({
      deployments: [deploymentDocument(replicas)],
      horizontalPodAutoscalers: [autoscalerDocument(spec)],
      ...over,
    }),
  );
  const world = createWorld(trace, [], clockMs(-60_000));
  const [deployment] = trace.deployments;
  if (deployment === undefined) throw new Error('the trace has no Deployment');
  const replicaSet = buildReplicaSet(world, deployment);
  const scene: Scene = { world, replicaSet, usageMilli: 50, scaled: [], reads: 0 };
  schedule(world.timeline, clockMs(0), () => {
    world.replicaSets.set(replicaSet.workload, replicaSet);
    setPods(scene, replicas);
  });
  return scene;
}

function setPods({ world, replicaSet }: Scene, replicas: number): void {
  replicaSet.replicas = replicas;
  replicaSet.pods.clear();
  for (let index = 0; index < replicas; index += 1) {
    replicaSet.created += 1;
    const sinceMs = clockMs(-3_600_000);
    const pod = buildReplica(world, replicaSet);
    Object.assign(pod, {
      boundAtMs: sinceMs,
      startedAtMs: sinceMs,
      readyAtMs: sinceMs,
      readyChangedAtMs: sinceMs,
    });
    replicaSet.pods.add(pod);
  }
}

function served({
  world,
  replicaSet,
  usageMilli,
  usageOfFirst = usageMilli,
}: Scene): ServedMetrics | undefined {
  if (usageMilli === undefined) return undefined;
  const timestamp = new Date(world.timeline.nowMs - 5000).toISOString();
  const pods = Array.from(replicaSet.pods, ({ name, namespace }, index) => ({
    metadata: { name, namespace },
    timestamp,
    window: '15s',
    containers: [{ name: '', usage: { cpu: `${index === 0 ? usageOfFirst : usageMilli}m` } }],
  }));
  return { nodes: [], pods };
}

function start(scene: Scene, options: Partial<AutoscalersOptions> = {}) {
  return startAutoscalers(scene.world, {
    readMetrics: () => {
      scene.reads += 1;
      return served(scene);
    },
    scale: (_replicaSet, replicas) => {
      scene.scaled.push([(scene.world.timeline.nowMs - clockMs(0)) / 1000, replicas]);
      setPods(scene, replicas);
    },
    ...options,
  });
}

const at = ({ world }: Scene, secondsIn: number, run: () => void) =>
  schedule(world.timeline, clockMs(secondsIn * 1000), run);
const runFor = ({ world }: Scene, seconds: number) => runUntil(world.timeline, clockMs(seconds * 1000));

describe('autoscalers of a trace', () => {
  it('sync on their beat, and scale the Deployment', async () => {
    const scene = await sceneOf(2);
    at(scene, 20, () => {
      scene.usageMilli = 100;
    });
    at(scene, 38, () => {
      scene.usageMilli = 50;
    });
    const [result] = start(scene, { phaseMs: 7000 });
    runFor(scene, 120);
    expect(scene.scaled).toEqual([
      [22, 4],
      [37, 8],
    ]);
    expect(result).toMatchObject({ autoscaler: 'fn/web', workload: 'fn/web' });
    const because = 'reason: cpu resource utilization (percentage of request) above target';
    expect(result?.events).toEqual(
      [4, 8].map((size, index) => ({
        atMs: clockMs(22_000 + index * 15_000),
        type: 'Normal',
        reason: 'SuccessfulRescale',
        message: `New size: ${size}; ${because}`,
      })),
    );
  });

  it('are written down when something of a sync is new', async () => {
    const scene = await sceneOf(2);
    at(scene, 50, () => {
      scene.usageMilli = 52;
    });
    const [result] = start(scene);
    runFor(scene, 300);
    const conditions = {
      AbleToScale: 'ReadyForNewScale',
      ScalingActive: 'ValidMetricFound',
      ScalingLimited: '!DesiredWithinRange',
    };
    const same = { currentReplicas: 2, desiredReplicas: 2, conditions };
    expect(result?.syncs).toEqual([
      { atMs: clockMs(0), ...same, utilizationPercent: 50, averageMilli: 50 },
      { atMs: clockMs(60_000), ...same, utilizationPercent: 52, averageMilli: 52 },
    ]);
  });

  it('warn once of what does not change, and again when it comes back', async () => {
    const scene = await sceneOf(2);
    for (const [seconds, milli] of [
      [20, undefined],
      [100, 50],
      [200, undefined],
    ] as const) {
      at(scene, seconds, () => {
        scene.usageMilli = milli;
      });
    }
    const [result] = start(scene);
    runFor(scene, 300);
    expect(result?.events.map(({ atMs, reason }) => [(atMs - clockMs(0)) / 1000, reason])).toEqual([
      [30, 'FailedGetResourceMetric'],
      [30, 'FailedComputeMetricsReplicas'],
      [210, 'FailedGetResourceMetric'],
      [210, 'FailedComputeMetricsReplicas'],
    ]);
    expect(scene.scaled).toEqual([]);
  });

  it('report every rescale, also of the same size', async () => {
    const scene = await sceneOf(2);
    scene.usageMilli = 100;
    const [result] = start(scene, { scale: () => {} });
    runFor(scene, 30);
    expect(result?.events.map(({ reason }) => reason)).toEqual(Array(3).fill('SuccessfulRescale'));
  });

  it('meet a Deployment that is not there', async () => {
    const scene = await sceneOf(2);
    at(scene, 0, () => scene.world.replicaSets.clear());
    const [result] = start(scene);
    runFor(scene, 60);
    expect(result?.workload).toBe('fn/web');
    expect(result?.events).toMatchObject([
      { reason: 'FailedGetScale', message: 'deployments.apps "web" not found' },
    ]);
    expect(result?.syncs).toHaveLength(1);
  });

  it('count a pod that has just started when its sample is wholly of its ready time', async () => {
    const scene = await sceneOf(1);
    scene.usageMilli = 200;
    const started = { boundAtMs: clockMs(2400), startedAtMs: clockMs(3400), readyAtMs: clockMs(4900) };
    at(scene, 5, () => {
      for (const pod of scene.replicaSet.pods)
        Object.assign(pod, { ...started, readyChangedAtMs: clockMs(4900) });
    });
    start(scene, { phaseMs: 6000 });
    runFor(scene, 60);
    // The sample at 21 s ends at 16 s and begins at 1 s; the one at 36 s begins at 16 s.
    expect(scene.scaled[0]).toEqual([36, 4]);
  });

  it.each([
    { kubernetesVersion: '1.32', scaled: [[0, 11]] },
    { kubernetesVersion: '1.33', scaled: [] },
  ])('behave as those of $kubernetesVersion', async ({ kubernetesVersion, scaled }) => {
    const scene = await sceneOf(10, { maxReplicas: 20 }, { kubernetesVersion });
    scene.usageMilli = 55;
    start(scene);
    runFor(scene, 10);
    expect(scene.scaled).toEqual(scaled);
  });
});

describe('a quiet day', () => {
  it('is skipped, and goes on as if it had not been', async () => {
    const days = [];
    for (const isSkipped of [true, false]) {
      const scene = await sceneOf(4);
      scene.usageMilli = 25;
      at(scene, 70_000, () => {
        scene.usageMilli = 60;
      });
      // Where things happen, however small, no sync is left out.
      for (let seconds = 0; !isSkipped && seconds < 86_400; seconds += 120) at(scene, seconds, () => {});
      const results = start(scene, { phaseMs: 3000 });
      runFor(scene, 86_400);
      days.push({ reads: scene.reads, scaled: scene.scaled, results });
    }
    const [skipped, whole] = days;
    expect(skipped?.scaled.slice(0, 3)).toEqual([
      [318, 2],
      [633, 1],
      [70_008, 2],
    ]);
    expect(skipped?.scaled).toEqual(whole?.scaled);
    expect(skipped?.results).toEqual(whole?.results);
    expect(whole?.reads).toBe(5760);
    expect(skipped?.reads).toBeLessThan(300);
  });

  it('does not hide that a pod has been there for long enough to count', async () => {
    const scene = await sceneOf(2);
    at(scene, 1, () => {
      const [pod] = scene.replicaSet.pods;
      if (pod !== undefined) Object.assign(pod, { boundAtMs: undefined, startedAtMs: undefined });
    });
    at(scene, 2000, () => {
      const [pod] = scene.replicaSet.pods;
      const nowMs = clockMs(2_000_000);
      const flapped = { readyAtMs: undefined, readyChangedAtMs: nowMs + 60_000 };
      if (pod !== undefined) Object.assign(pod, { boundAtMs: nowMs, startedAtMs: nowMs, ...flapped });
      scene.usageOfFirst = 250;
    });
    start(scene, { settings: settingsOf('1.36', { downscaleStabilizationMs: 15_000 }) });
    runFor(scene, 7200);
    expect(scene.scaled[0]).toEqual([2310, 4]);
  });

  it('does not hide what a policy with a long period holds back', async () => {
    const policies = [{ type: 'Pods', value: 1, periodSeconds: 1800 }];
    const scene = await sceneOf(1, { behavior: { scaleUp: { policies } } });
    scene.usageMilli = 100;
    start(scene);
    runFor(scene, 7200);
    expect(scene.scaled).toEqual([
      [0, 2],
      [1800, 3],
      [3600, 4],
      [5400, 5],
      [7200, 6],
    ]);
  });
});
