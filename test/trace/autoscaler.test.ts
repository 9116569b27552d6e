import { describe, expect, it } from 'vitest';
import { specOf } from '../../src/simulator/autoscaler/spec.ts';
import { checkTrace } from '../../src/trace/read.ts';
import { shippedTrace, traceDocument, traceOf } from '../simulator/traces.ts';

type Json = Record<string, unknown>;

const utilization = (percent: number) => ({ type: 'Utilization', averageUtilization: percent });
const cpu = (target: unknown) => ({ type: 'Resource', resource: { name: 'cpu', target } });

function documentWith(spec: Json, over: Json = {}): Json {
  const scaleTargetRef = { apiVersion: 'apps/v1', kind: 'Deployment', name: 'web' };
  const object = {
    apiVersion: 'autoscaling/v2',
    kind: 'HorizontalPodAutoscaler',
    metadata: { name: 'web', namespace: 'fn' },
    status: { currentReplicas: 1 },
    spec: { scaleTargetRef, maxReplicas: 10, ...spec },
  };
  return traceDocument({ horizontalPodAutoscalers: [{ ...object, ...over }] });
}

async function specIn(spec: Json) {
  const { horizontalPodAutoscalers } = await traceOf(documentWith(spec));
  const [object] = horizontalPodAutoscalers;
  if (object === undefined) throw new Error('the trace has no autoscaler');
  return specOf(object);
}

const DEFAULT_UP = {
  stabilizationWindowSeconds: 0,
  selectPolicy: 'Max',
  policies: [
    { type: 'Pods', value: 4, periodSeconds: 15 },
    { type: 'Percent', value: 100, periodSeconds: 15 },
  ],
};
const DEFAULT_DOWN = {
  stabilizationWindowSeconds: undefined,
  selectPolicy: 'Max',
  policies: [{ type: 'Percent', value: 100, periodSeconds: 15 }],
};

describe('an autoscaler as it is written', () => {
  it.each([
    { name: 'little', spec: {}, read: { minReplicas: 1, maxReplicas: 10, behavior: undefined } },
    {
      name: 'no metrics',
      spec: {},
      read: { metrics: [{ type: 'Resource', target: { type: 'Utilization', averageUtilization: 80 } }] },
    },
    {
      name: 'an empty list of metrics',
      spec: { metrics: [] },
      read: { metrics: [{ type: 'Resource', target: { type: 'Utilization', averageUtilization: 80 } }] },
    },
    {
      name: 'an average value, in whole millicores',
      spec: { metrics: [cpu({ type: 'AverageValue', averageValue: '0.0505' })] },
      read: { metrics: [{ type: 'Resource', target: { type: 'AverageValue', averageMilli: 51 } }] },
    },
    {
      name: 'a container',
      spec: {
        metrics: [
          {
            type: 'ContainerResource',
            containerResource: { name: 'cpu', container: 'app', target: utilization(60) },
          },
        ],
      },
      read: { metrics: [{ type: 'ContainerResource', container: 'app', target: utilization(60) }] },
    },
    {
      name: 'empty behavior',
      spec: { behavior: {} },
      read: { behavior: { scaleUp: DEFAULT_UP, scaleDown: DEFAULT_DOWN } },
    },
    {
      name: 'some behavior',
      spec: {
        behavior: {
          scaleUp: { policies: [{ type: 'Pods', value: 1, periodSeconds: 60 }], tolerance: '50m' },
          scaleDown: { selectPolicy: 'Disabled', stabilizationWindowSeconds: 0 },
        },
      },
      read: {
        behavior: {
          scaleUp: {
            ...DEFAULT_UP,
            policies: [{ type: 'Pods', value: 1, periodSeconds: 60 }],
            tolerance: 0.05,
          },
          scaleDown: { ...DEFAULT_DOWN, selectPolicy: 'Disabled', stabilizationWindowSeconds: 0 },
        },
      },
    },
  ])('$name', async ({ spec, read }) => {
    expect(await specIn(spec)).toMatchObject(read);
  });

  it('the shipped one', async () => {
    const { horizontalPodAutoscalers } = await traceOf(shippedTrace('e1.json'));
    expect(horizontalPodAutoscalers.map(specOf)).toMatchObject([
      { minReplicas: 1, maxReplicas: 25, metrics: [{ target: utilization(50) }] },
    ]);
  });
});

const rules = (over: Json) => ({ behavior: { scaleDown: over } });
const policy = (over: Json) => rules({ policies: [{ type: 'Pods', value: 1, periodSeconds: 60, ...over }] });
const KNOWN = 'a metric whose type is Resource or ContainerResource: the simulator knows CPU only';

describe('what the simulator can not do, and what the API server does not take', () => {
  it.each([
    {
      path: '.scaleTargetRef.kind',
      spec: { scaleTargetRef: { kind: 'StatefulSet', name: 'web' } },
      allowed: 'Deployment',
    },
    { path: '.minReplicas', spec: { minReplicas: 0 }, allowed: 'a whole number from 1 to 100000' },
    { path: '.maxReplicas', spec: { maxReplicas: 0 }, allowed: 'a whole number from 1 to 100000' },
    {
      path: '.maxReplicas',
      spec: { minReplicas: 11 },
      allowed: 'a whole number that is not below minReplicas',
    },
    { path: '.metrics[0].type', spec: { metrics: [{ type: 'Pods', pods: {} }] }, allowed: KNOWN },
    {
      path: '.metrics[1].type',
      spec: { metrics: [cpu(utilization(50)), { type: 'External' }] },
      allowed: KNOWN,
    },
    {
      path: '.metrics[0].resource.name',
      spec: { metrics: [{ type: 'Resource', resource: { name: 'memory', target: utilization(50) } }] },
      allowed: 'cpu: the simulator knows no other resource',
    },
    {
      path: '.metrics[0].resource.target.averageUtilization',
      spec: { metrics: [cpu({ type: 'Utilization', averageUtilization: 0 })] },
      allowed: 'a whole number from 1 to 2147483647',
    },
    {
      path: '.metrics[0].resource.target.averageValue',
      spec: { metrics: [cpu({ type: 'AverageValue', averageValue: '0' })] },
      allowed: 'a CPU quantity above 0, written like 150m or 0.15',
    },
    {
      path: '.metrics[0].resource.target.type',
      spec: { metrics: [cpu({ type: 'Value', value: '1' })] },
      allowed: 'a target whose type is Utilization or AverageValue',
    },
    {
      path: '.behavior.scaleDown.stabilizationWindowSeconds',
      spec: rules({ stabilizationWindowSeconds: 3601 }),
      allowed: 'a whole number of seconds from 0 to 3600',
    },
    { path: '.behavior.scaleDown.policies', spec: rules({ policies: [] }), allowed: 'at least one policy' },
    {
      path: '.behavior.scaleDown.selectPolicy',
      spec: rules({ selectPolicy: 'Any' }),
      allowed: 'Max, Min, Disabled',
    },
    {
      path: '.behavior.scaleDown.tolerance',
      spec: rules({ tolerance: '-1' }),
      allowed: 'a quantity of 0 or more, like 0.05 or 50m',
    },
    {
      path: '.behavior.scaleDown.policies[0].type',
      spec: policy({ type: 'Nodes' }),
      allowed: 'Pods, Percent',
    },
    {
      path: '.behavior.scaleDown.policies[0].periodSeconds',
      spec: policy({ periodSeconds: 1801 }),
      allowed: 'a whole number of seconds from 1 to 1800',
    },
  ])('$path: $allowed', async ({ path, spec, allowed }) => {
    const read = await checkTrace(documentWith(spec));
    expect(read).toMatchObject({
      ok: false,
      problems: [{ path: `horizontalPodAutoscalers[0].spec${path}`, allowed }],
    });
  });

  it('an older version, whose target would go unread', async () => {
    const read = await checkTrace(documentWith({}, { apiVersion: 'autoscaling/v1' }));
    expect(read).toMatchObject({
      ok: false,
      problems: [
        {
          path: 'horizontalPodAutoscalers[0].apiVersion',
          found: '"autoscaling/v1"',
          allowed: 'autoscaling/v2',
        },
      ],
    });
  });
});
