import type { TracePodSpec } from '../../trace/kubernetes.ts';
import { uniform } from '../engine/random.ts';
import { scheduleIn } from '../engine/timeline.ts';
import { type Cpu, workChanged } from './cpu.ts';
import { becomeReady, becomeUnready, start } from './pods.ts';
import type { SimPod, World } from './world.ts';

// pkg/kubelet: a crashed container is restarted at once the first time, then after a back-off that doubles.
const BACKOFF_MS = 10_000;
const MAX_BACKOFF_MS = 300_000;

/**
 * A pod was bound to this kubelet's node: its containers start, and it becomes ready. A kubelet that is not
 * reached hears of it when it is (model/nodes.ts).
 */
export function startPod(world: World, cpu: Cpu, pod: SimPod): void {
  if (pod.node?.state !== 'up') return;
  const { startUp, startUpJitter } = world.trace.kubelet;
  startAfter(world, cpu, pod, startUp + startUpJitter * uniform(world.random.kubelet));
}

/**
 * A container of the pod ended; the kubelet starts it again.
 *
 * @returns false: nothing runs that could crash, or nobody would hear of it
 */
export function crashPod(world: World, cpu: Cpu, pod: SimPod): boolean {
  if (pod.kubelet.containers === 'waiting' || pod.terminatingAtMs !== undefined) return false;
  if (pod.node?.state !== 'up') return false;
  const backoffMs = pod.restarts === 0 ? 0 : Math.min(MAX_BACKOFF_MS, BACKOFF_MS * 2 ** (pod.restarts - 1));
  becomeUnready(world, cpu, pod);
  pod.restarts += 1;
  workChanged(cpu, pod);
  startAfter(world, cpu, pod, backoffMs);
  return true;
}

/** Its node was rebooted: all its containers begin anew, those too that had been about to. */
export function restartPod(world: World, cpu: Cpu, pod: SimPod): void {
  becomeUnready(world, cpu, pod);
  if (pod.startedAtMs !== undefined) pod.restarts += 1;
  workChanged(cpu, pod);
  startPod(world, cpu, pod);
}

function startAfter(world: World, cpu: Cpu, pod: SimPod, delayMs: number): void {
  const { kubelet } = pod;
  kubelet.starts += 1;
  kubelet.containers = 'waiting';
  const { starts } = kubelet;
  const stillSo = () =>
    pod.terminatingAtMs === undefined && kubelet.starts === starts && pod.node?.state !== 'lost';
  scheduleIn(world.timeline, delayMs, () => {
    if (!stillSo()) return;
    kubelet.containers = 'running';
    start(world, cpu, pod);
    scheduleIn(world.timeline, readyDelayMs(pod.spec, world.trace.kubelet.readiness), () => {
      if (!stillSo()) return;
      kubelet.containers = 'ready';
      // A kubelet that reaches nobody cannot say so; the node's return does (model/nodes.ts).
      if (pod.node?.state === 'up') becomeReady(world, cpu, pod);
    });
  });
}

/**
 * From the start of its containers to the pod being ready: when the last container answers, or at the first
 * probe from then on, where it has a readiness probe (pkg/kubelet/prober: after `initialDelaySeconds`, every
 * `periodSeconds`).
 *
 * @param answersAfterMs when the program in the container would answer
 */
export function readyDelayMs({ containers }: TracePodSpec, answersAfterMs: number): number {
  const delays = containers.map(({ readinessProbe }) => {
    if (readinessProbe === undefined) return answersAfterMs;
    const { initialDelaySeconds = 0, periodSeconds = 10, successThreshold = 1 } = readinessProbe;
    const periodMs = periodSeconds * 1000;
    const waitedMs = Math.max(0, answersAfterMs - initialDelaySeconds * 1000);
    const probes = Math.ceil(waitedMs / periodMs) + successThreshold - 1;
    return initialDelaySeconds * 1000 + probes * periodMs;
  });
  return Math.max(...delays);
}
