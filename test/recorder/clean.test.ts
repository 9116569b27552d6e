import { describe, expect, it } from 'vitest';
import { createCleaner } from '../../src/recorder/clean.ts';
import { deploymentDocument, nodeDocument, shippedTrace } from '../simulator/traces.ts';
import { deployment, node, pod } from './scene.ts';

const clean = createCleaner();

describe('what a trace keeps', () => {
  it('of a Deployment: its labels, requests and what Spillway is told', () => {
    expect(clean('deployments', deployment(3))).toEqual({
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name: 'web', namespace: 'fn' },
      spec: {
        replicas: 3,
        template: {
          metadata: { labels: { app: 'web' }, annotations: { 'spillway.dev/placement': 'edge-first' } },
          spec: { containers: [{ name: 'web', resources: { requests: { cpu: '100m' } } }] },
        },
      },
    });
  });

  it('of a node: its labels, taints, allocatable and whether it is ready', () => {
    expect(clean('nodes', node('edge-1', { unschedulable: true }))).toEqual({
      apiVersion: 'v1',
      kind: 'Node',
      metadata: { name: 'edge-1', labels: { 'node-role.kubernetes.io/edge': '' } },
      spec: { unschedulable: true },
      status: {
        allocatable: { cpu: '2', memory: '8Gi', pods: '110' },
        conditions: [{ type: 'Ready', status: 'True' }],
      },
    });
  });

  it('of a pod: where it runs and what it requests', () => {
    expect(clean('pods', pod('agent', { nodeName: 'edge-1' }))).toEqual({
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: 'agent', namespace: 'fn', labels: { app: 'agent' } },
      spec: { nodeName: 'edge-1', containers: [{ name: 'main', resources: {} }] },
    });
  });

  it.each([
    [
      'affinity',
      {
        nodeAffinity: {
          requiredDuringSchedulingIgnoredDuringExecution: {
            nodeSelectorTerms: [{ matchExpressions: [{ key: 'zone', operator: 'In', values: ['a'] }] }],
          },
        },
      },
    ],
    ['tolerations', [{ key: 'edge', operator: 'Exists', effect: 'NoSchedule' }]],
    ['nodeSelector', { disk: 'ssd' }],
    ['topologySpreadConstraints', [{ maxSkew: 1, topologyKey: 'zone', whenUnsatisfiable: 'DoNotSchedule' }]],
    ['overhead', { cpu: '10m' }],
    ['schedulerName', 'spillway'],
  ])('%s, which decides where a pod goes', (key, value) => {
    const document = deploymentDocument(1, '100m', { [key]: value });
    expect(clean('deployments', document)).toHaveProperty(['spec', 'template', 'spec', key], value);
  });

  it('all that the simulator reads of the shipped trace', () => {
    const { deployments } = shippedTrace('e1.json') as { deployments: readonly object[] };
    for (const object of deployments)
      expect(clean('deployments', object)).toMatchObject({ kind: 'Deployment' });
    expect(clean('nodes', nodeDocument('edge-1', '1'))).toMatchObject(nodeDocument('edge-1', '1'));
  });
});

it.each([
  ['deployments', deployment(1)],
  ['nodes', node('edge-1')],
  ['pods', pod('agent', { nodeName: 'edge-1' })],
] as const)('no word of a secret, an image or an address is in %s', (list, object) => {
  const text = JSON.stringify(clean(list, object));
  expect(text).not.toMatch(/hunter2|secret|checksum|image|10\.0\.0|uid-of|managedFields|aws:/);
});
