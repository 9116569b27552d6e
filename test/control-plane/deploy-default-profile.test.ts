import { join } from 'node:path';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { REPOSITORY, schedulerConfig } from './harness/configs.ts';
import { SYSTEM } from './harness/deploy.ts';
import { type NodeSpec, nodeObject, type Pod, podTemplate } from './harness/objects.ts';
import { ControlPlane } from './harness/plane.ts';
import { Spillway } from './harness/spillway.ts';
import { until } from './harness/wait.ts';

/*
 * deploy/kustomize/default-profile on a control plane of its own: where deploy/kustomize was applied before, the
 * account would have the rights of its scheduler, too. The cluster's only scheduler asks Spillway here.
 */
let plane: ControlPlane;
let kubeconfig: string;
let spillway: Spillway;

beforeAll(async () => {
  const runDir = join(inject('runDir'), 'default-profile');
  plane = await ControlPlane.start(inject('binaries'), runDir, { without: ['scheduler'] });
  await plane.kubectl('apply', '--kustomize', join(REPOSITORY, 'deploy', 'kustomize', 'default-profile'));
  kubeconfig = plane.writeKubeconfig('spillway', await plane.serviceAccountConnection(SYSTEM, 'spillway'));
  await addNode('control-plane', { cpu: '4', tier: 'cloud' }, 'node-role.kubernetes.io/control-plane');
  await addNode('edge', { cpu: '4', tier: 'edge' });
  await addNode('cloud', { cpu: '32', tier: 'cloud' });
  spillway = await Spillway.start(plane, { name: 'spillway', kubeconfig, plugIn: 'default-profile' });
  const extender = { urlPrefix: spillway.url };
  const config = schedulerConfig('default-profile', plane.schedulerKubeconfig, extender);
  const scheduler = await plane.addScheduler('kube-scheduler', config, plane.schedulerKubeconfig);
  await scheduler.start();
});

afterAll(() => plane.stop());

test('one pod runs on the control plane, on its network, and on no other node', async () => {
  const pods = await until('the pod of the DaemonSet to be bound', async () => {
    const found = await plane.kube.list<Pod & HostPod>(`/api/v1/namespaces/${SYSTEM}/pods`);
    return found.length > 0 && found.every(({ spec }) => spec.nodeName !== undefined) ? found : undefined;
  });
  expect(pods.map(({ spec }) => spec.nodeName)).toEqual(['control-plane']);
  expect(pods[0]?.spec).toMatchObject({ hostNetwork: true, schedulerName: 'default-scheduler' });
  // Asked about its own pod, as the cluster has one scheduler: passed, not judged.
  const [decision] = await spillway.decisions(SYSTEM, pods[0]?.metadata.name ?? '');
  expect(decision).toMatchObject({ result: 'passed', reason: 'unmanaged' });
});

test("a pod that names no scheduler goes to the edge, with the cluster's own scheduler", async () => {
  const { metadata, spec } = podTemplate({});
  const path = '/api/v1/namespaces/default/pods';
  await plane.kube.create(path, { metadata: { ...metadata, name: 'any' }, spec });
  const node = await until('the pod to be bound', async () => {
    return (await plane.kube.get<Pod>(`${path}/any`)).spec.nodeName;
  });
  expect(node).toBe('edge');
});

test.for([
  ['list nodes', 'yes'],
  ['watch pods', 'yes'],
  ['list replicasets.apps', 'yes'],
  ['list nodes.metrics.k8s.io', 'yes'],
  ['create pods/binding', 'no'],
  ['update pods/status', 'no'],
  ['update leases.coordination.k8s.io', 'no'],
  ['list persistentvolumes', 'no'],
  ['list secrets', 'no'],
] as const)('its account, may it %s? %s', async ([right, answer]) => {
  const [verb = '', resource = ''] = right.split(' ');
  expect(await plane.canI(kubeconfig, verb, resource)).toBe(answer === 'yes');
});

interface HostPod {
  readonly spec: { readonly hostNetwork?: boolean };
}

/** @param role a label that keeps other pods away, too */
async function addNode(name: string, spec: NodeSpec, role?: string): Promise<void> {
  const labels = role === undefined ? {} : { [role]: '' };
  const taints = role === undefined ? [] : [{ key: role, effect: 'NoSchedule' }];
  await plane.kube.create('/api/v1/nodes', { ...nodeObject(name, { ...spec, labels }), spec: { taints } });
}
