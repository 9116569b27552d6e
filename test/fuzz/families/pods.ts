import { podObject } from '../../fake/objects.ts';
import type { Draw } from '../../fidelity/draw.ts';
import type { Attack, Family } from '../attack.ts';
import { NODE_NAMES, RUNNING, workloadUid } from '../cluster.ts';
import { asAttack, soundPod, soundQuestion } from './questions.ts';
import { hostileAnnotations } from './texts.ts';

/** Says where the pod is and what it does, which a question has no business to say. */
function claims(draw: Draw): Attack {
  const pod = soundPod(draw, {
    nodeName: draw.pick([draw.pick(NODE_NAMES), 'no-such-node', '__proto__']),
    phase: draw.pick(['Pending', 'Running', 'Succeeded', 'Failed'] as const),
    cpuRequest: draw.pick(['100m', '4', '1e9']),
  });
  const more = draw.pick([
    {},
    { nominatedNodeName: draw.pick(NODE_NAMES) },
    { startTime: '1970-01-01T00:00:00Z' },
  ]);
  const ends = draw.pick([{}, { deletionTimestamp: '2024-05-01T10:00:00Z' }]);
  const claimed = {
    ...pod,
    metadata: { ...pod.metadata, ...ends },
    status: { ...Object(pod['status']), ...more },
  };
  return asAttack(soundQuestion(draw, claimed));
}

/** Another's uid, name or owner. */
function forged(draw: Draw): Attack {
  const victim = draw.pick(RUNNING).metadata;
  const { name, uid } = draw.pick([
    { name: victim.name, uid: victim.uid },
    { name: 'other', uid: victim.uid },
    { name: victim.name, uid: `forged-${draw.between(0, 1_000_000)}` },
    { name: '__proto__', uid: '__proto__' },
    { name: 'constructor', uid: '' },
  ]);
  const pod = podObject(name, {
    uid,
    ownerUid: draw.pick([workloadUid(draw.between(0, 100)), victim.uid, '__proto__', '']),
    nodeName: draw.pick(NODE_NAMES),
    phase: draw.pick(['Pending', 'Running', 'Succeeded'] as const),
    annotations: hostileAnnotations(draw),
  });
  return asAttack(soundQuestion(draw, pod));
}

function annotated(draw: Draw): Attack {
  return asAttack(soundQuestion(draw, soundPod(draw, { annotations: hostileAnnotations(draw) })));
}

export const POD_FAMILIES: readonly Family[] = [
  { name: 'claims of whereabouts', weight: 80, make: claims },
  { name: 'forged identities', weight: 60, make: forged },
  { name: 'hostile annotations', weight: 80, make: annotated },
];
