import type { FakeObject } from '../../fake/objects.ts';
import type { Draw } from '../../fidelity/draw.ts';
import { type Attack, type Family, post } from '../attack.ts';
import { NODE_NAMES, workloadUid } from '../cluster.ts';
import { soundPod } from './questions.ts';
import { hostileAnnotations } from './texts.ts';

const LABELS: Readonly<Record<string, string>>[] = [
  {},
  { 'app.kubernetes.io/name': 'spillway' },
  { 'spillway.dev/placement': 'edge-only' },
  { constructor: 'x' },
];

/** The name of an annotation as the API server takes it; of values it takes any. */
const NAME = /^spillway\.dev\/[A-Za-z0-9]([\w.-]{0,61}[A-Za-z0-9])?$/;

/**
 * What the API server lets anybody create who may create pods: any annotations, labels and owner, also a node; no
 * status, and a uid that it gives itself. The scheduler asks about those without a node.
 */
function created(draw: Draw): FakeObject {
  const bound = draw.chance(0.2) ? { nodeName: draw.pick([draw.pick(NODE_NAMES), 'no-such-node']) } : {};
  return soundPod(draw, {
    annotations: Object.fromEntries(
      Object.entries(hostileAnnotations(draw)).filter(([name]) => NAME.test(name)),
    ),
    labels: draw.pick(LABELS),
    ownerUid: draw.pick([workloadUid(draw.between(0, 100)), 'no-such-owner']),
    cpuRequest: draw.pick(['0', '100m', '1', '9223372036854775807']),
    phase: 'Pending',
    ...bound,
  });
}

function pods(draw: Draw): Attack {
  const made = draw.times(draw.pick([1, 1, 1, 20]), () => created(draw));
  const waiting = made.filter(({ spec }) => Object(spec).nodeName === undefined);
  const questions = waiting.map((pod) =>
    post('/filter', JSON.stringify({ Pod: pod, Nodes: null, NodeNames: NODE_NAMES })),
  );
  return { on: 'api', pods: made, questions };
}

export const API_FAMILIES: readonly Family[] = [{ name: 'pods created', weight: 35, make: pods }];
