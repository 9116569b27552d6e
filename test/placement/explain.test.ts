import { describe, expect, it } from 'vitest';
import { decide } from '../../src/placement/decide.ts';
import { explainDecision, summariseDecision } from '../../src/placement/explain.ts';
import { REASONS } from '../../src/placement/reasons.ts';
import { cloudNode, metrics, node, question, SETTINGS } from '../builders.ts';

describe('explanations', () => {
  it('name the numbers that each verdict rests on', () => {
    const full = node({ name: 'edge-2', metrics: metrics(3100.25) });
    const decision = decide(question({ candidates: [node(), full, cloudNode()] }), SETTINGS);
    expect(explainDecision(decision)).toEqual([
      'default/pod: edge, edge-1; estimate 300m (annotated); edge node fits the pod below its threshold',
      '  edge-1 (edge, metrics fresh): answered, edge node fits the pod below its threshold; usage 0m, forecast 0m, estimate 300m, threshold 3200m',
      '  edge-2 (edge, metrics fresh): refused, edge CPU above threshold; usage 3100.3m, forecast 3100.3m, estimate 300m, threshold 3200m',
      '  cloud-1 (cloud, metrics fresh): refused, an edge node admits the pod; usage 0m, forecast 0m, estimate 300m',
    ]);
    const nowhere = decide(question({ candidates: [] }), SETTINGS);
    expect(summariseDecision(nowhere)).toContain('pending, nowhere');
  });

  it('reasons are constant texts without numbers, so that the scheduler merges them in its events', () => {
    for (const text of Object.values(REASONS)) expect(text).toMatch(/^[^\d]+$/);
    expect(new Set(Object.values(REASONS)).size).toBe(Object.keys(REASONS).length);
  });
});
