import type { ExtenderContext, ExtenderObserver } from '../../src/extender/context.ts';
import { nodeSeen } from '../../src/picture/nodes.ts';
import type { Picture, PictureSettings } from '../../src/picture/picture.ts';
import { podSeen } from '../../src/picture/pods.ts';
import { sampleTaken } from '../../src/picture/samples.ts';
import { look, NOW_MS, nodeRecord, PICTURE_SETTINGS, picture, podRecord } from '../builders.ts';

export const NODES = ['edge-1', 'edge-2', 'cloud-1', 'cloud-2'] as const;

/** Two edge nodes of 4 CPU and two cloud nodes of 32, all measured; usage in millicores. */
export function scene(
  usage: Readonly<Record<string, number>> = {},
  placement: Partial<PictureSettings['placement']> = {},
): Picture {
  const made = picture({ placement: { ...PICTURE_SETTINGS.placement, ...placement } });
  for (const name of NODES) nodeSeen(made, nodeRecord(name));
  const used = Object.fromEntries(NODES.map((name) => [name, usage[name] ?? 0]));
  sampleTaken(made, look(used, {}), NOW_MS);
  return made;
}

/** Names of 5000 nodes, those of `scene` among them. */
export const MANY: readonly string[] = [
  ...NODES,
  ...Array.from({ length: 5000 - NODES.length }, (_, index) => `other-${index}`),
];

/** The scene with 4996 cloud nodes more. */
export function manyNodes(): Picture {
  const made = scene();
  for (const name of MANY.slice(NODES.length)) nodeSeen(made, nodeRecord(name));
  return made;
}

/** Both edge nodes above threshold and limit. */
export function fullEdge(): Picture {
  return scene({ 'edge-1': 3900, 'edge-2': 3950 });
}

/** An edge node that is full by one pod alone, `uid-victim`. */
export function edgeFullByOnePod(): Picture {
  const made = scene();
  podSeen(
    made,
    podRecord('victim', { nodeName: 'edge-1', annotations: { 'spillway.dev/cpu-estimate': '3900m' } }),
    NOW_MS,
  );
  return made;
}

export function context(made: Picture, observer: ExtenderObserver = {}): ExtenderContext {
  return { picture: made, now: () => NOW_MS, observer };
}

/** A pod as the API server has it, of about 5 KB like real ones; pending, 300m by annotation. */
export function podObject(name = 'web-1', annotations: Readonly<Record<string, string>> = {}) {
  return {
    metadata: {
      name,
      namespace: 'default',
      uid: `uid-${name}`,
      labels: { app: 'web' },
      annotations: { 'spillway.dev/cpu-estimate': '300m', ...annotations },
      managedFields: [{ manager: 'kubectl', fieldsV1: { padding: 'f:spec '.repeat(550) } }],
    },
    spec: { containers: [{ name: 'main', image: 'nginx', resources: { requests: { cpu: '10m' } } }] },
    status: { phase: 'Pending' },
  };
}

export function nodeObject(name: string) {
  return {
    metadata: { name, labels: { 'kubernetes.io/hostname': name }, uid: `uid-${name}` },
    spec: { podCIDR: '10.0.0.0/24' },
    status: { allocatable: { cpu: '4', memory: '8Gi' }, images: [{ names: ['x'], sizeBytes: 1 }] },
  };
}

export function namesArgs(names: readonly string[] = NODES, pod: unknown = podObject()): string {
  return JSON.stringify({ Pod: pod, Nodes: null, NodeNames: names });
}

export function nodesArgs(names: readonly string[] = NODES, pod: unknown = podObject()): string {
  return JSON.stringify({ Pod: pod, Nodes: { metadata: {}, items: names.map(nodeObject) }, NodeNames: null });
}
