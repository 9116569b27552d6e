import { describe, expect, it } from 'vitest';
import {
  ANNOTATION_NAMES,
  NO_ANNOTATION_PROBLEMS,
  readAnnotations,
} from '../../src/placement/annotations.ts';
import { type PolicySettings, type PolicySubject, resolvePolicy } from '../../src/placement/policy.ts';
import { PICTURE_SETTINGS } from '../builders.ts';

const settings: PolicySettings = {
  ...PICTURE_SETTINGS.policy,
  rules: [
    { namespaces: ['kube-system'], policy: { placement: 'off' } },
    { selector: { matchLabels: { app: 'batch' } }, policy: { placement: 'cloud-first', sharing: 'own' } },
    { namespaces: ['site-a'], policy: { site: 'a', thresholdRatio: 0.6 } },
  ],
};

function subject(over: Partial<PolicySubject> = {}): PolicySubject {
  return { namespace: 'default', labels: {}, annotations: {}, ownerKind: 'ReplicaSet', ...over };
}

const off = { 'spillway.dev/placement': 'off' };
const edgeOnly = { 'spillway.dev/placement': 'edge-only' };

describe('policy of a pod', () => {
  it.each([
    { name: 'by default', subject: subject(), policy: { placement: 'edge-first', sharing: 'shared' } },
    {
      name: 'no ReplicaSet: a load of its own',
      subject: subject({ ownerKind: 'Job' }),
      policy: { sharing: 'own' },
    },
    { name: 'a bare pod too', subject: subject({ ownerKind: undefined }), policy: { sharing: 'own' } },
    {
      name: 'a rule by namespace',
      subject: subject({ namespace: 'kube-system' }),
      policy: { placement: 'off' },
    },
    {
      name: 'rules add up, later ones win',
      subject: subject({ namespace: 'site-a', labels: { app: 'batch' } }),
      policy: { placement: 'cloud-first', sharing: 'own', site: 'a', thresholdRatio: 0.6 },
    },
    {
      name: 'an annotation wins over a rule',
      subject: subject({ namespace: 'kube-system', annotations: edgeOnly }),
      policy: { placement: 'edge-only' },
    },
    { name: 'placement off', subject: subject({ annotations: off }), policy: { placement: 'off' } },
    {
      name: 'a DaemonSet pod is exempt, whatever it says',
      subject: subject({ ownerKind: 'DaemonSet', annotations: edgeOnly }),
      policy: { placement: 'off' },
    },
    {
      name: 'a mirror pod',
      subject: subject({ annotations: { 'kubernetes.io/config.mirror': 'x', ...edgeOnly } }),
      policy: { placement: 'off' },
    },
    {
      name: 'a system-critical pod',
      subject: subject({ priorityClassName: 'system-cluster-critical' }),
      policy: { placement: 'off' },
    },
    {
      name: 'Spillway itself',
      subject: subject({ labels: { 'app.kubernetes.io/name': 'spillway' } }),
      policy: { placement: 'off' },
    },
  ])('$name', ({ subject: of, policy }) => {
    const result = resolvePolicy(of, settings);
    expect(result.policy).toMatchObject(policy);
    expect(result.problems).toEqual(NO_ANNOTATION_PROBLEMS);
  });

  it('a wrong annotation is a problem and the default holds', () => {
    const wrong = subject({
      annotations: { 'spillway.dev/placement': 'egde-only', 'spillway.dev/site': 'a' },
    });
    const { policy, problems } = resolvePolicy(wrong, settings);
    expect(policy).toMatchObject({ placement: 'edge-first', site: 'a' });
    expect(problems.shown).toEqual([
      {
        annotation: 'spillway.dev/placement',
        found: 'egde-only',
        allowed: 'edge-first, edge-only, cloud-first, cloud-only, off',
      },
    ]);
  });
});

describe('annotations', () => {
  it.each([
    ['placement', 'cloud-only', { placement: 'cloud-only' }],
    ['load', 'own', { sharing: 'own' }],
    ['load', 'shared', { sharing: 'shared' }],
    ['cpu-threshold', '0.7', { thresholdRatio: 0.7 }],
    ['cpu-threshold', '70%', { thresholdRatio: 0.7 }],
    ['cpu-threshold', '0.95', { thresholdRatio: 0.95 }],
    ['cpu-estimate', '150m', { estimateMilli: 150 }],
    ['cpu-estimate', ' 0.15 ', { estimateMilli: 150 }],
    ['edge-share', '0', { edgeShareRatio: 0 }],
    ['edge-share', '80%', { edgeShareRatio: 0.8 }],
    ['cloud-min', '1', { cloudMinPods: 1 }],
    ['site', 'store-17', { site: 'store-17' }],
  ])('%s: %s is read', (name, text, policy) => {
    expect(readAnnotations({ [`spillway.dev/${name}`]: text }, 0.95)).toEqual({
      policy,
      problems: NO_ANNOTATION_PROBLEMS,
    });
  });

  it.each([
    ['placement', ''],
    ['load', 'both'],
    ['cpu-threshold', '0.96'],
    ['cpu-threshold', '0'],
    ['cpu-threshold', '-1'],
    ['cpu-threshold', 'high'],
    ['cpu-estimate', '0'],
    ['cpu-estimate', '-5m'],
    ['cpu-estimate', '150 m'],
    ['edge-share', '1.1'],
    ['cloud-min', '1.5'],
    ['cloud-min', '-1'],
    ['site', 'a b'],
    ['cpu-treshold', '0.7'],
  ])('%s: %j is a problem that says what is allowed', (name, text) => {
    const { policy, problems } = readAnnotations({ [`spillway.dev/${name}`]: text }, 0.95);
    expect(policy).toEqual({});
    expect(problems.shown).toMatchObject([{ annotation: `spillway.dev/${name}`, found: text }]);
    expect(problems.shown[0]?.allowed).not.toBe('');
  });

  it('others are none of our business, and all of ours are known', () => {
    expect(readAnnotations({ 'example.com/placement': 'x' }, 0.95)).toEqual({
      policy: {},
      problems: NO_ANNOTATION_PROBLEMS,
    });
    expect(ANNOTATION_NAMES).toEqual([
      'placement',
      'load',
      'cpu-threshold',
      'cpu-estimate',
      'edge-share',
      'cloud-min',
      'site',
    ]);
  });
});
