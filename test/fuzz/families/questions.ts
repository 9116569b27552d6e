import { type FakeObject, podObject } from '../../fake/objects.ts';
import type { Draw } from '../../fidelity/draw.ts';
import { type Attack, type Family, post, VERB_PATHS } from '../attack.ts';
import { NODE_NAMES, RUNNING, workloadUid } from '../cluster.ts';

export interface Asked {
  readonly path: (typeof VERB_PATHS)[number];
  readonly args: Readonly<Record<string, unknown>>;
}

const ANNOTATIONS: readonly (readonly [string, readonly string[]])[] = [
  ['placement', ['edge-first', 'edge-only', 'cloud-first', 'cloud-only', 'off']],
  ['cpu-estimate', ['150m', '0.15', '3', '1n']],
  ['cpu-threshold', ['0.7', '70%']],
  ['load', ['shared', 'own']],
  ['edge-share', ['0', '0.8', '100%']],
  ['cloud-min', ['0', '1', '999999']],
  ['site', ['store-17']],
];

export function soundPod(draw: Draw, over: Parameters<typeof podObject>[1] = {}): FakeObject {
  const serial = draw.between(0, 1_000_000_000);
  const annotations = Object.fromEntries(
    draw
      .times(draw.between(0, 3), () => draw.pick(ANNOTATIONS))
      .map(([name, values]) => [`spillway.dev/${name}`, draw.pick(values)]),
  );
  const owner = draw.chance(0.5) ? { ownerUid: workloadUid(serial) } : {};
  return podObject(`fuzz-${serial}`, { annotations, ...owner, ...over });
}

export function someNodes(draw: Draw): readonly string[] {
  const from = draw.between(0, NODE_NAMES.length - 1);
  return NODE_NAMES.slice(from, from + draw.pick([1, 2, 20, NODE_NAMES.length]));
}

/** A question that the scheduler might ask, about a pod that no watch has shown. */
export function soundQuestion(draw: Draw, pod: object = soundPod(draw)): Asked {
  const path = draw.pick(VERB_PATHS);
  const names = someNodes(draw);
  if (path === '/preempt') {
    const victims = () => ({ Pods: [{ UID: draw.pick(RUNNING).metadata.uid }], NumPDBViolations: 0 });
    const byNode = Object.fromEntries(names.map((name) => [name, victims()]));
    return { path, args: { Pod: pod, NodeNameToVictims: null, NodeNameToMetaVictims: byNode } };
  }
  if (draw.chance(0.8)) return { path, args: { Pod: pod, Nodes: null, NodeNames: names } };
  const items = names.map((name) => ({ metadata: { name }, spec: {}, status: {} }));
  return { path, args: { Pod: pod, Nodes: { items }, NodeNames: null } };
}

export function asAttack({ path, args }: Asked): Attack {
  return post(path, JSON.stringify(args));
}

export const QUESTIONS: readonly Family[] = [
  { name: 'sound questions', weight: 115, make: (draw) => asAttack(soundQuestion(draw)) },
];
