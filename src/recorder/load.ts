import {
  isIdle,
  meansOver,
  type Points,
  pointsOf,
  type Sample,
  stretchesOf,
  sumOf,
  type Window,
} from './curves.ts';
import { deploymentOf, type PodHistory, type Recording } from './recording.ts';
import { scrapesOf, windowsOf } from './scrapes.ts';

export interface RecordedLoad {
  readonly type: 'recordedCpu';
  readonly deployment?: string;
  readonly pod?: string;
  readonly node?: string;
  readonly points: Points;
}

const ALWAYS: Window = { fromMs: Number.NEGATIVE_INFINITY, toMs: Number.POSITIVE_INFINITY };

/**
 * The CPU that was measured, shared out: to each Deployment what its pods used together, to each pod of the
 * trace what it used, and to each node what is left of its own: kubelet and system, and pods that the trace
 * does not have.
 *
 * @param pods those that the trace has beside its Deployments'
 * @param nodes those whose CPU is wanted
 */
export function loadOf(
  recording: Recording,
  pods: readonly PodHistory[],
  nodes: readonly string[],
  span: Window,
): readonly RecordedLoad[] {
  const windows = windowsOf(scrapesOf(recording));
  if (windows.length === 0) return [];
  const samples = podSamples(recording);
  const own = new Set(pods);
  const curve = (pod: PodHistory, life: Window) =>
    meansOver(windows, stretchesOf(samples.get(pod.key) ?? [], life));
  const points = (milli: readonly number[]) => pointsOf(windows, milli, span);
  const onNodes = new Map<string, (readonly number[])[]>();
  const ofDeployments = new Map<string, (readonly number[])[]>();
  const loads: RecordedLoad[] = [];

  for (const pod of recording.pods.values()) {
    const deployment = deploymentOf(recording, pod);
    const isOwn = deployment === undefined && own.has(pod);
    if (deployment === undefined && !isOwn) continue;
    const milli = curve(pod, lifeOf(pod, isOwn));
    if (pod.nodeName !== undefined) add(onNodes, pod.nodeName, milli);
    if (deployment !== undefined) add(ofDeployments, deployment, milli);
    else loads.push({ type: 'recordedCpu', pod: pod.key, points: points(milli) });
  }
  for (const [deployment, curves] of ofDeployments) {
    loads.push({ type: 'recordedCpu', deployment, points: points(sumOf(curves, windows.length)) });
  }
  const ofNodes = nodeSamples(recording);
  for (const node of nodes) {
    const used = meansOver(windows, stretchesOf(ofNodes.get(node) ?? [], ALWAYS));
    const byPods = sumOf(onNodes.get(node) ?? [], windows.length);
    const rest = used.map((milli, index) => Math.max(0, milli - (byPods[index] ?? 0)));
    loads.push({ type: 'recordedCpu', node, points: points(rest) });
  }
  return loads.filter((load) => load.points.length > 0 && !isIdle(load.points)).sort(byTarget);
}

/** A pod of a Deployment uses CPU while it answers; a trace's other pods are there from the start. */
function lifeOf({ readyAtMs, goneAtMs, endingAtMs }: PodHistory, isOwn: boolean): Window {
  return {
    fromMs: isOwn ? ALWAYS.fromMs : (readyAtMs ?? ALWAYS.toMs),
    toMs: endingAtMs ?? goneAtMs ?? ALWAYS.toMs,
  };
}

function podSamples({ looks }: Recording): ReadonlyMap<string, readonly Sample[]> {
  return samplesBy(
    looks.flatMap(({ pods = [] }) => pods),
    ({ namespace, name }) => `${namespace}/${name}`,
  );
}

function nodeSamples({ looks }: Recording): ReadonlyMap<string, readonly Sample[]> {
  return samplesBy(
    looks.flatMap(({ nodes }) => nodes),
    ({ name }) => name,
  );
}

interface Usage {
  readonly timestampMs: number;
  readonly windowMs: number;
  readonly usageMilli: number;
}

/** Each sample once: looks that follow each other may show the same one. */
function samplesBy<T extends Usage>(
  usages: readonly T[],
  keyOf: (usage: T) => string,
): ReadonlyMap<string, readonly Sample[]> {
  const samples = new Map<string, Sample[]>();
  for (const usage of usages) {
    const { timestampMs: toMs, windowMs, usageMilli: milli } = usage;
    const list = samples.get(keyOf(usage)) ?? [];
    if (toMs <= (list.at(-1)?.toMs ?? Number.NEGATIVE_INFINITY)) continue;
    list.push({ fromMs: toMs - windowMs, toMs, milli });
    samples.set(keyOf(usage), list);
  }
  return samples;
}

function add<T>(lists: Map<string, T[]>, key: string, value: T): void {
  const list = lists.get(key);
  if (list === undefined) lists.set(key, [value]);
  else list.push(value);
}

const KINDS = ['deployment', 'pod', 'node'] as const;

/** Deployments, then pods, then nodes, each by name: two recordings are compared by their lines. */
function byTarget(left: RecordedLoad, right: RecordedLoad): number {
  const [one, other] = [left, right].map((load) =>
    KINDS.map((kind, index) => (load[kind] === undefined ? '' : `${index} ${load[kind]}`)).join(''),
  );
  return (one ?? '') < (other ?? '') ? -1 : 1;
}
