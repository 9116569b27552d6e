import { describe, expect, it } from 'vitest';
import { HANDLERS } from '../../src/extender/handlers.ts';
import { context, namesArgs, podObject, scene } from './scene.ts';

const POD = podObject();

/** What a question with this pod is answered, and whether it failed open. */
function answerTo(pod: object): readonly [number, string | undefined, boolean] {
  let failedOpen = false;
  const extender = context(scene(), {
    failedOpen: () => {
      failedOpen = true;
    },
  });
  const { status, body } = HANDLERS.filter(extender, namesArgs(undefined, pod));
  return [status, JSON.parse(body).error, failedOpen];
}

describe('a pod of another shape than Kubernetes has', () => {
  it.each<[object, string]>([
    [{ spec: [] }, 'Pod.spec: found a list, allowed an object'],
    [{ spec: { containers: {} } }, 'Pod.spec.containers: found an object, allowed a list'],
    [{ spec: { containers: [null] } }, 'Pod.spec.containers[0]: found null, allowed an object'],
    [{ spec: { containers: ['a'] } }, 'Pod.spec.containers[0]: found "a", allowed an object'],
    [
      { spec: { initContainers: [{}, { resources: { limits: { cpu: {} } } }] } },
      'Pod.spec.initContainers[1].resources.limits.cpu: found an object, allowed a quantity',
    ],
    [{ spec: { overhead: { cpu: null } } }, 'Pod.spec.overhead.cpu: found null, allowed a quantity'],
    [{ spec: { nodeName: 7 } }, 'Pod.spec.nodeName: found 7, allowed a text'],
    [
      { spec: { schedulerName: 'x'.repeat(254) } },
      'Pod.spec.schedulerName: found 254 characters, allowed at most 253',
    ],
    [{ status: { conditions: [3] } }, 'Pod.status.conditions[0]: found 3, allowed an object'],
    [{ status: { phase: true } }, 'Pod.status.phase: found true, allowed a text'],
    [
      { metadata: { ...POD.metadata, ownerReferences: [{ controller: 'yes' }] } },
      'Pod.metadata.ownerReferences[0].controller: found "yes", allowed true or false',
    ],
    [{ metadata: { ...POD.metadata, labels: 'a=b' } }, 'Pod.metadata.labels: found "a=b", allowed an object'],
  ])('%j is refused, by the name of the field', (claims, error) => {
    expect(answerTo({ ...POD, ...claims })).toEqual([400, error, false]);
  });

  it.each([
    { spec: null },
    { status: null },
    { spec: { containers: null, initContainers: null, overhead: null, resources: null } },
    { spec: { containers: [{ resources: { requests: { cpu: 1 } } }, { resources: null }] } },
    { status: { conditions: null, startTime: null, phase: null } },
    { metadata: { ...POD.metadata, labels: null, annotations: null, ownerReferences: null } },
    { spec: { containers: [{ image: { of: ['another', 'shape'] } }], tolerations: 'unread' } },
  ])('%j is taken: Go writes null, and what is not read may be anything', (claims) => {
    expect(answerTo({ ...POD, ...claims })).toEqual([200, undefined, false]);
  });
});
