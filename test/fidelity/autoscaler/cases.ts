import { createDraw, type Draw } from '../draw.ts';
import { type DrawnPod, drawPod, type PodShape } from './pods.ts';

/** One HorizontalPodAutoscaler, what it scales, and what it finds at one sync after the other. */
export interface AutoscalerCase {
  readonly number: number;
  readonly namespace: string;
  readonly spec: HpaSpec;
  /** Of the Deployment at the start; undefined: there is none. */
  readonly replicas: number | undefined;
  readonly pods: readonly DrawnPod[];
  /** By sync: what the pods use, in percent of their usual; undefined: metrics.k8s.io fails. */
  readonly loads: readonly (number | undefined)[];
}

/** As the API takes it. */
interface HpaSpec {
  readonly minReplicas: number;
  readonly maxReplicas: number;
  readonly scaleTargetRef: {
    readonly apiVersion: 'apps/v1';
    readonly kind: 'Deployment';
    readonly name: string;
  };
  readonly metrics: readonly object[];
  readonly behavior?: object;
}

/** None is a multiple of another, or of the sync period: at a limit milliseconds would decide. */
const SPANS_S = [3, 7, 12, 18, 61];

export function autoscalerCases(seed: number, count: number, syncs: number): readonly AutoscalerCase[] {
  const draw = createDraw(seed, 'autoscaler');
  return draw.times(count, (index) => drawCase(draw, index + 1, syncs));
}

function drawCase(draw: Draw, number: number, syncs: number): AutoscalerCase {
  const { chance, pick, between, times } = draw;
  const targetPercent = pick([20, 50, 60, 80, 100, 150]);
  const shape: PodShape = {
    requestMilli: pick([50, 100, 250, 333, 1000]),
    usedPercent: (targetPercent * pick([30, 60, 85, 89, 90, 100, 109, 110, 111, 150, 250, 600])) / 100,
    spreadPercent: pick([0, 0, 10, 40]),
    hasSecond: chance(0.3),
    hasSidecar: chance(0.15),
    isPodLevel: chance(0.08),
    isCalm: chance(0.35),
  };
  const pods = times(chance(0.04) ? 0 : between(1, 8), (index) => drawPod(draw, shape, `pod-${index}`));
  const { length } = pods;
  const minReplicas = between(1, 4);
  return {
    number,
    namespace: `hpa-${number}`,
    spec: {
      minReplicas,
      maxReplicas: minReplicas + pick([0, 4, 15, 40, 40]),
      scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'web' },
      metrics: times(chance(0.2) ? 2 : 1, () => drawMetric(draw, targetPercent, shape)),
      ...(chance(0.5) && { behavior: drawBehavior(draw) }),
    },
    replicas: drawReplicas(draw, length),
    pods: chance(0.05) ? withoutOneRequest(pods) : pods,
    loads: drawLoads(draw, syncs),
  };
}

/** Of the workload as its spec has them, which most often are as many as its pods. */
function drawReplicas({ chance, pick }: Draw, podCount: number): number | undefined {
  if (chance(0.03)) return undefined;
  if (chance(0.04)) return 0;
  const others = [podCount, podCount + 2, Math.max(1, podCount - 1), 2 * podCount];
  return pick(chance(0.6) ? [podCount] : others);
}

/** One container only, so that the error can name no other. */
function withoutOneRequest([first, ...others]: readonly DrawnPod[]): readonly DrawnPod[] {
  if (first === undefined) return [];
  const containers = first.containers.map((one, index) =>
    index === 0 ? { ...one, requestMilli: undefined } : one,
  );
  return [{ ...first, containers }, ...others];
}

function drawMetric({ pick }: Draw, targetPercent: number, { requestMilli }: PodShape): object {
  const average = {
    type: 'AverageValue',
    averageValue: `${Math.ceil((requestMilli * targetPercent) / 100)}m`,
  };
  const target = pick([{ type: 'Utilization', averageUtilization: targetPercent }, average]);
  const container = pick(['main', 'main', 'main', 'main', 'second', 'not-there']);
  const resource = { type: 'Resource', resource: { name: 'cpu', target } };
  const ofContainer = { type: 'ContainerResource', containerResource: { name: 'cpu', container, target } };
  return pick([resource, resource, ofContainer]);
}

function drawBehavior(draw: Draw): object {
  const { chance } = draw;
  return {
    ...(chance(0.7) && { scaleUp: drawRules(draw) }),
    ...(chance(0.7) && { scaleDown: drawRules(draw) }),
  };
}

function drawRules({ chance, pick, between, times }: Draw): object {
  const policy = () => {
    const periodSeconds = pick(SPANS_S);
    return pick([
      { type: 'Pods', value: between(1, 6), periodSeconds },
      { type: 'Percent', value: pick([10, 33, 50, 100, 200]), periodSeconds },
    ]);
  };
  return {
    ...(chance(0.7) && { stabilizationWindowSeconds: pick([0, 0, 0, ...SPANS_S]) }),
    ...(chance(0.5) && { selectPolicy: pick(['Max', 'Min', 'Min', 'Disabled']) }),
    ...(chance(0.7) && { policies: times(between(1, 2), policy) }),
    ...(chance(0.2) && { tolerance: pick(['0', '50m', '200m', '0.3']) }),
  };
}

function drawLoads({ pick, chance, times }: Draw, syncs: number): readonly (number | undefined)[] {
  const course = pick([
    () => 100,
    (sync: number) => 100 + 40 * (sync % 8),
    (sync: number) => Math.max(10, 100 - 25 * (sync % 11)),
    (sync: number) => (sync % 3 === 2 ? 20 : 130),
    (sync: number) => (sync === 0 ? 300 : 30),
  ]);
  const failsAt = chance(0.15) ? pick([0, 1, 3]) : undefined;
  return times(syncs, (sync) => (sync === failsAt ? undefined : course(sync)));
}
