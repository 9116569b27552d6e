import { describe, expect, test } from 'vitest';
import {
  autoscalerOf,
  type ClusterObject,
  deploymentOf,
  namespacesOf,
  nodeOf,
  overheadPod,
  runningPod,
  scrapeAnnotation,
  usageOf,
} from '../../src/rehearsal/objects.ts';
import type { TraceDeployment } from '../../src/trace/kubernetes.ts';
import type { Trace } from '../../src/trace/schema.ts';
import {
  deploymentDocument,
  nodeDocument,
  type TraceDocument,
  traceDocument,
  traceOf,
} from '../simulator/traces.ts';

const ID = 'run1';
const LABEL = { 'spillway.dev/rehearsal': ID };

async function read(over: TraceDocument = {}): Promise<Trace> {
  return traceOf(traceDocument(over));
}

async function templateOf(podSpec: TraceDocument, schedulerName?: string) {
  const trace = await read({ deployments: [deploymentDocument(1, '100m', podSpec)] });
  const [deployment] = trace.deployments;
  if (deployment === undefined) throw new Error('no Deployment');
  return created(deployment, schedulerName).spec.template;
}

function created(deployment: TraceDeployment, schedulerName?: string) {
  return deploymentOf(deployment, ID, schedulerName).body as {
    readonly metadata: TraceDocument;
    readonly spec: {
      readonly selector: unknown;
      readonly template: { readonly metadata: TraceDocument; readonly spec: TraceDocument };
    };
  };
}

test('all that is created has the label that it is found by, pods of Deployments too', async () => {
  const trace = await read({
    pods: [
      {
        metadata: { name: 'agent', namespace: 'edge' },
        spec: { nodeName: 'edge-1', containers: [{}] },
      },
    ],
  });
  const [node] = trace.nodes;
  const [pod] = trace.pods;
  const [deployment] = trace.deployments;
  if (node === undefined || pod === undefined || deployment === undefined) throw new Error('not read');
  const objects: readonly (ClusterObject | undefined)[] = [
    nodeOf(node, ID),
    runningPod(pod, ID, 0),
    overheadPod('edge-1', ID, 0),
    deploymentOf(deployment, ID),
    autoscalerOf({ metadata: { name: 'web' }, spec: {} }, ID),
  ];
  for (const object of objects) expect(object?.body).toMatchObject({ metadata: { labels: LABEL } });
  expect(created(deployment).spec.template.metadata).toMatchObject({ labels: LABEL });
  expect(namespacesOf(trace)).toEqual(['edge', 'fn']);
});

describe("a Deployment's pods", () => {
  test('keep what decides where they go, and nothing that the cluster may not have', async () => {
    const tolerations = [{ key: 'edge', operator: 'Exists' }];
    const spec = await templateOf({
      tolerations,
      nodeSelector: { zone: 'a' },
      serviceAccountName: 'web',
      volumes: [{ name: 'secret', secret: { secretName: 'web' } }],
      containers: [
        {
          resources: { requests: { cpu: '100m' } },
          image: 'registry.example/web',
          env: [{ name: 'TOKEN', value: 'x' }],
          volumeMounts: [{ name: 'secret', mountPath: '/x' }],
          // As a recording leaves it: without what is asked.
          readinessProbe: { periodSeconds: 5 },
        },
      ],
    });
    expect(spec.spec).toEqual({
      tolerations,
      nodeSelector: { zone: 'a' },
      schedulerName: 'spillway',
      containers: [{ name: 'container-1', image: 'none', resources: { requests: { cpu: '100m' } } }],
    });
  });

  test.each([
    { own: undefined, given: undefined, expected: 'spillway' },
    { own: 'own', given: undefined, expected: 'own' },
    { own: 'own', given: 'default-scheduler', expected: 'default-scheduler' },
  ])('of scheduler $own, with $given given, go to $expected', async ({ own, given, expected }) => {
    const { spec } = await templateOf(own === undefined ? {} : { schedulerName: own }, given);
    expect(spec['schedulerName']).toBe(expected);
  });

  test('are selected by their own labels where the trace has no selector', async () => {
    const [deployment] = (await read()).deployments;
    if (deployment === undefined) throw new Error('no Deployment');
    expect(created(deployment).spec.selector).toEqual({ matchLabels: { app: 'web' } });
  });
});

test('a node is scraped where KWOK serves it, and not where a scrape is to fail', async () => {
  const { nodes } = await read({ nodes: [nodeDocument('edge-1', '1'), nodeDocument('cloud-1', '4')] });
  const [node] = nodes;
  const annotations = scrapeAnnotation('edge-1', false);
  expect(node && nodeOf(node, ID).body).toMatchObject({
    metadata: { annotations: { 'kwok.x-k8s.io/node': 'fake', ...annotations } },
    status: { allocatable: { cpu: '1' }, capacity: { cpu: '1' } },
  });
  expect(scrapeAnnotation('edge-1', true)).not.toEqual(annotations);
});

test.each([
  { milli: 150, containers: [{}], says: '150000u' },
  { milli: 150, containers: [{}, {}], says: '75000u' },
  { milli: 0, containers: [{}], says: '1u' },
])(
  'a pod of $containers.length containers that uses $milli m says $says of each',
  ({ milli, containers, says }) => {
    expect(Object.values(usageOf(milli, { containers }))).toEqual([says]);
  },
);
