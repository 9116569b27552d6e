import { uniform } from '../engine/random.ts';
import { scheduleIn } from '../engine/timeline.ts';
import { type Cpu, settleWorkload } from './cpu.ts';
import { type SimPod, tellPod, type World } from './world.ts';

/** A pod was bound to this kubelet's node: its containers start, and it becomes ready. */
export function startPod(world: World, cpu: Cpu, pod: SimPod): void {
  const { startUp, startUpJitter, readiness } = world.trace.kubelet;
  const delayMs = startUp + startUpJitter * uniform(world.random.kubelet);
  scheduleIn(world.timeline, delayMs, () => {
    if (pod.terminatingAtMs !== undefined) return;
    pod.startedAtMs = world.timeline.nowMs;
    tellPod(world, pod, 'started');
    scheduleIn(world.timeline, readiness, () => becomeReady(world, cpu, pod));
  });
}

function becomeReady(world: World, cpu: Cpu, pod: SimPod): void {
  if (pod.terminatingAtMs !== undefined) return;
  if (pod.owner !== undefined) {
    settleWorkload(cpu, pod.owner);
    pod.owner.serving += 1;
  }
  pod.readyAtMs = world.timeline.nowMs;
  tellPod(world, pod, 'ready');
}
