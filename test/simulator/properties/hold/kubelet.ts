import { readyDelayMs } from '../../../../src/simulator/model/kubelet.ts';
import { tolerationMs } from '../../../../src/simulator/model/tolerations.ts';
import type { SimNode, SimPod, World } from '../../../../src/simulator/model/world.ts';
import { demand, type Property } from './violation.ts';

/** What sums of fractions of milliseconds leave. */
const SLACK_MS = 1e-3;
/** The longest that a kubelet waits until it starts a container again. */
const MAX_BACKOFF_MS = 300_000;

/** What was last seen of a pod. */
interface Look {
  readonly startedAtMs: number | undefined;
  readonly isReady: boolean;
  readonly restarts: number;
  readonly restartedAtMs: number;
}

/** Pods start where a kubelet knows of them, are ready when their containers are, and end when they should. */
export const kubeletsDoTheirWork: Property = ({ world }) => {
  const looks = new Map<SimPod, Look>();
  const upSince = new Map<SimNode, number>();
  const look = (pod: SimPod) => {
    const { startedAtMs, restarts } = pod;
    const before = looks.get(pod);
    const isSame = before === undefined || before.restarts === restarts;
    const restartedAtMs = isSame ? (before?.restartedAtMs ?? 0) : world.timeline.nowMs;
    const now = { startedAtMs, isReady: pod.readyAtMs !== undefined, restarts, restartedAtMs };
    looks.set(pod, now);
    return { before, now };
  };
  for (const pod of world.pods.values()) look(pod);
  for (const node of world.nodes.values()) upSince.set(node, world.timeline.nowMs);
  const holdPod = (pod: SimPod, node: SimNode) => {
    const { before, now } = look(pod);
    if (before?.startedAtMs !== now.startedAtMs) holdStart(pod, node);
    if (now.isReady && before?.isReady !== true) holdReady(world, pod, now);
    const sinceMs = upSince.get(node);
    if (sinceMs !== undefined) holdProgress(world, pod, Math.max(sinceMs, now.restartedAtMs));
  };
  return () => {
    for (const node of world.nodes.values()) {
      if (node.state !== 'up') upSince.delete(node);
      else if (!upSince.has(node)) upSince.set(node, world.timeline.nowMs);
      for (const pod of node.pods) holdPod(pod, node);
    }
  };
};

function holdStart({ name, boundAtMs = 0 }: SimPod, { state, silentSinceMs }: SimNode): void {
  demand(state !== 'lost', () => `${name} started on a machine that is off`);
  demand(
    silentSinceMs === undefined || boundAtMs <= silentSinceMs,
    () => `${name} started on a node that has not heard of it`,
  );
}

function holdReady({ timeline, trace }: World, pod: SimPod, { restartedAtMs }: Look): void {
  const { startedAtMs = Number.POSITIVE_INFINITY, name, spec } = pod;
  demand(startedAtMs >= restartedAtMs, () => `${name} is ready and has not started again`);
  const delayMs = readyDelayMs(spec, trace.kubelet.readiness);
  const afterMs = timeline.nowMs - startedAtMs;
  demand(afterMs >= delayMs - SLACK_MS, () => `${name} is ready after ${afterMs} ms, not after ${delayMs}`);
}

/** @param sinceMs from when on the pod could go on: its node is reached, and nothing set it back */
function holdProgress({ timeline, trace }: World, pod: SimPod, sinceMs: number): void {
  const { name, boundAtMs = 0, terminatingAtMs, readyAtMs, restarts, spec } = pod;
  const { startUp, startUpJitter, readiness, termination } = trace.kubelet;
  if (terminatingAtMs !== undefined) {
    const endingMs = timeline.nowMs - Math.max(sinceMs, terminatingAtMs);
    demand(endingMs <= termination + SLACK_MS, () => `${name} has been ending for ${endingMs} ms`);
  } else if (readyAtMs === undefined) {
    const startingMs = timeline.nowMs - Math.max(sinceMs, boundAtMs);
    const backoffMs = restarts === 0 ? 0 : MAX_BACKOFF_MS;
    const allowedMs = startUp + startUpJitter + readyDelayMs(spec, readiness) + backoffMs;
    demand(startingMs <= allowedMs + SLACK_MS, () => `${name} has been starting for ${startingMs} ms`);
  }
}

/**
 * A node that is silent is unreachable after the grace period, not before and not otherwise; its pods are then
 * not ready, and deleted when they no longer tolerate it.
 */
export const silenceIsNoticed: Property = ({ world }) => {
  const { gracePeriod } = world.trace.nodeController;
  return () => {
    const { nowMs } = world.timeline;
    for (const {
      name,
      silentSinceMs = nowMs,
      ready,
      readyChangedAtMs = nowMs,
      pods,
    } of world.nodes.values()) {
      const silentMs = nowMs - silentSinceMs;
      if (ready !== 'Unknown') {
        demand(silentMs <= gracePeriod, () => `${name} has been silent for ${silentMs} ms, unnoticed`);
        continue;
      }
      demand(silentMs >= gracePeriod, () => `${name} is unreachable and has been silent for ${silentMs} ms`);
      for (const pod of pods) {
        demand(pod.readyAtMs === undefined, () => `${pod.name} is ready on ${name}, which is unreachable`);
        if (pod.terminatingAtMs !== undefined) continue;
        const toleratedMs = nowMs - Math.max(readyChangedAtMs, pod.boundAtMs ?? 0);
        const toleratesMs = tolerationMs(pod) ?? Number.POSITIVE_INFINITY;
        demand(toleratedMs <= toleratesMs, () => `${pod.name} stays on ${name} after ${toleratedMs} ms`);
      }
    }
  };
};
