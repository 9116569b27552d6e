import fc from 'fast-check';
import type { TraceDocument } from '../../traces.ts';
import { rarely, text, within, withoutUndefined } from './objects.ts';

const target = fc.oneof(
  within(20, 90).map((averageUtilization) => ({ type: 'Utilization', averageUtilization })),
  text('m', 20, 300).map((averageValue) => ({ type: 'AverageValue', averageValue })),
);
const metric = fc.oneof(
  {
    arbitrary: target.map((one) => ({ type: 'Resource', resource: { name: 'cpu', target: one } })),
    weight: 4,
  },
  target.map((one) => ({
    type: 'ContainerResource',
    containerResource: { name: 'cpu', container: 'main', target: one },
  })),
);

const rules = fc.record(
  {
    stabilizationWindowSeconds: within(0, 60),
    selectPolicy: fc.constantFrom('Max', 'Min', 'Disabled'),
    policies: fc.array(
      fc.record({
        type: fc.constantFrom('Pods', 'Percent'),
        value: within(1, 120),
        periodSeconds: within(5, 60),
      }),
      { minLength: 1, maxLength: 2 },
    ),
    tolerance: fc.constantFrom('0', '0.05', '0.5'),
  },
  { requiredKeys: ['stabilizationWindowSeconds'] },
);

/** The spec, but for what it scales. Most are quick to scale down: runs are shorter than the default window. */
export const autoscalerSpecs: fc.Arbitrary<TraceDocument> = fc
  .record({
    minReplicas: rarely(within(1, 4)),
    more: within(0, 12),
    metrics: fc.array(metric, { maxLength: 2 }),
    behavior: fc.oneof(
      {
        arbitrary: fc.record({ scaleUp: rules, scaleDown: rules }, { requiredKeys: ['scaleDown'] }),
        weight: 3,
      },
      fc.constant(undefined),
    ),
  })
  .map(({ more, minReplicas, ...spec }) =>
    withoutUndefined({ ...spec, minReplicas, maxReplicas: (minReplicas ?? 1) + more }),
  );
