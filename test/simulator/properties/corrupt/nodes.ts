import { becomeReady } from '../../../../src/simulator/model/pods.ts';
import { clockMs, type SimPod, serves } from '../../../../src/simulator/model/world.ts';
import type { Run } from '../../../../src/simulator/simulate.ts';
import { type Corruption, to } from './corruption.ts';

/** Longer than any start-up and ending in these runs. */
const LONG_MS = 60_000;

/** Bugs of nodes, and of kubelets with their pods. */
export const NODE_BUGS: readonly Corruption[] = [
  {
    what: 'a pod starts on a machine that is off',
    caughtBy: 'kubeletsDoTheirWork',
    corrupt: (run) =>
      to(
        podOn(run, 'lost', ({ readyAtMs }) => readyAtMs === undefined),
        (pod) => {
          pod.startedAtMs = run.world.timeline.nowMs;
        },
      ),
  },
  {
    what: 'a pod is ready at once',
    caughtBy: 'kubeletsDoTheirWork',
    corrupt: (run) =>
      to(
        podOn(run, 'up', ({ startedAtMs, spec }) => {
          const isProbed = spec.containers.some(
            ({ readinessProbe: probe }) => (probe?.initialDelaySeconds ?? 0) > 0,
          );
          return startedAtMs === undefined && isProbed;
        }),
        (pod) => {
          pod.startedAtMs = run.world.timeline.nowMs;
          becomeReady(run.world, run.cpu, pod);
        },
      ),
  },
  {
    what: 'a pod never starts',
    caughtBy: 'kubeletsDoTheirWork',
    corrupt: (run) =>
      to(
        podOn(run, 'up', ({ startedAtMs }) => startedAtMs === undefined && isLeftAlone(run)),
        ({ kubelet }) => {
          kubelet.starts += 1;
        },
      ),
  },
  {
    what: 'a pod does not end',
    caughtBy: 'kubeletsDoTheirWork',
    corrupt: (run) =>
      to(
        podOn(run, 'up', () => hasRun(run, LONG_MS), true),
        (pod) => {
          pod.terminatingAtMs = (pod.terminatingAtMs ?? 0) - 10 * LONG_MS;
        },
      ),
  },
  {
    what: 'a node falls silent and nobody notices',
    caughtBy: 'silenceIsNoticed',
    corrupt: ({ world: { nodes, trace, timeline } }) =>
      to(
        Array.from(nodes.values()).find(({ ready }) => ready === 'True'),
        (node) => {
          node.silentSinceMs = timeline.nowMs - trace.nodeController.gracePeriod - 1;
        },
      ),
  },
  {
    what: 'a node is taken for unreachable too early',
    caughtBy: 'silenceIsNoticed',
    corrupt: ({ world: { nodes } }) =>
      to(
        Array.from(nodes.values()).find(({ pods }) => pods.size === 0),
        (node) => {
          node.ready = 'Unknown';
        },
      ),
  },
  {
    what: 'a pod stays an endpoint on an unreachable node',
    caughtBy: 'silenceIsNoticed',
    corrupt: (run) =>
      to(
        podOn(run, 'disconnected', (pod) => {
          const isSettled =
            (pod.startedAtMs ?? run.world.timeline.nowMs) < run.world.timeline.nowMs - LONG_MS;
          return pod.node?.ready === 'Unknown' && isSettled && pod.restarts === 0 && !serves(pod);
        }),
        (pod) => becomeReady(run.world, run.cpu, pod),
      ),
  },
];

function podOn(
  { world }: Run,
  state: 'up' | 'disconnected' | 'lost',
  fits: (pod: SimPod) => boolean,
  isEnding = false,
): SimPod | undefined {
  return Array.from(world.pods.values()).find(
    (pod) =>
      pod.node?.state === state &&
      pod.owner !== undefined &&
      (pod.terminatingAtMs !== undefined) === isEnding &&
      fits(pod),
  );
}

/** The pod's node has been up for so long. */
function hasRun({ world: { timeline, trace } }: Run, ms: number): boolean {
  const isSteady = trace.events.every(
    ({ join, lose, disconnect }) => (join ?? lose ?? disconnect) === undefined,
  );
  return isSteady && timeline.nowMs > clockMs(ms);
}

/** Nothing happens but that pods come. */
function isLeftAlone({ world: { trace } }: Run): boolean {
  return trace.events.length === 0 && trace.horizontalPodAutoscalers.length === 0;
}
