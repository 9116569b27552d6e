import { describe, expect, it } from 'vitest';
import { proposeReplicas } from '../../../src/simulator/autoscaler/calculator.ts';
import { generationOf, settingsOf } from '../../../src/simulator/autoscaler/settings.ts';
import { isWithinTolerance, tolerancesOf } from '../../../src/simulator/autoscaler/tolerance.ts';
import type { Behavior, ScalingRules } from '../../../src/simulator/autoscaler/types.ts';
import { podRequests } from '../../../src/simulator/autoscaler/usage.ts';
import { podOf, questionOf } from './questions.ts';

const TOLERANCES = { scaleDown: 0.1, scaleUp: 0.1 };

describe('the edge of the tolerance', () => {
  it.each([
    { percent: 89, until132: false, from133: false },
    // 1 - 0.9 is below 0.1 by floating point.
    { percent: 90, until132: true, from133: true },
    { percent: 91, until132: true, from133: true },
    { percent: 109, until132: true, from133: true },
    { percent: 110, until132: false, from133: true },
    { percent: 111, until132: false, from133: false },
  ])('$percent %', ({ percent, until132, from133 }) => {
    expect(isWithinTolerance(percent / 100, TOLERANCES, generationOf('1.32'))).toBe(until132);
    expect(isWithinTolerance(percent / 100, TOLERANCES, generationOf('1.33'))).toBe(from133);
  });

  it.each([
    { version: '1.25', replicas: 11 },
    { version: '1.32', replicas: 11 },
    { version: '1.33', replicas: 10 },
    { version: '1.36', replicas: 10 },
  ])('110 % of the target in $version: $replicas replicas of 10', ({ version, replicas }) => {
    const usage = Array<number>(10).fill(1100);
    const question = questionOf({ current: 10, target: 100, usage, settings: settingsOf(version) });
    expect(proposeReplicas(question)).toMatchObject({ value: { replicas } });
  });
});

describe('a tolerance in behavior', () => {
  const rules: ScalingRules = { selectPolicy: 'Max', policies: [] };
  const behavior: Behavior = { scaleUp: { ...rules, tolerance: 0 }, scaleDown: rules };
  it.each([
    { version: '1.32', scaleUp: 0.1 },
    { version: '1.33', scaleUp: 0 },
    { version: '1.36', scaleUp: 0 },
  ])('in $version: $scaleUp', ({ version, scaleUp }) => {
    expect(tolerancesOf(behavior, settingsOf(version))).toEqual({ scaleUp, scaleDown: 0.1 });
  });

  it('is the flag of the controller without behavior', () => {
    const settings = settingsOf('1.36', { tolerance: 0.2 });
    expect(tolerancesOf(undefined, settings)).toEqual({ scaleUp: 0.2, scaleDown: 0.2 });
  });
});

describe('missing pods', () => {
  it.each([
    // Two pods at 20 %, and two missing: 60 % in the mean when these count 100 %, 110 % when they count 200 %.
    { version: '1.25', replicas: 2 },
    { version: '1.26', replicas: 3 },
  ])('at a target above 100 % in $version: $replicas replicas', ({ version, replicas }) => {
    const question = questionOf({
      current: 4,
      target: 200,
      usage: [200, 200],
      settings: settingsOf(version),
    });
    expect(proposeReplicas(question)).toMatchObject({ value: { replicas } });
  });

  it.each([
    // 5 pods, 2 missing, the others exactly on target: 3 * 100 / 5 is 60 %.
    { version: '1.27', replicas: 3 },
    { version: '1.28', replicas: 5 },
  ])('beside pods exactly on an average value in $version: $replicas replicas', ({ version, replicas }) => {
    const settings = settingsOf(version);
    const question = questionOf({
      current: 5,
      target: { averageMilli: 200 },
      usage: [100, 100, 100],
      settings,
    });
    expect(proposeReplicas(question)).toMatchObject({ value: { replicas } });
  });
});

describe('the request of a pod', () => {
  const pod = { ...podOf('pod', 'ready', 100), sidecars: [{ name: 'proxy', requestMilli: 50 }] };
  const withPodLevel = { ...pod, podLevel: { requestMilli: 70.5 } };
  const without = { ...pod, podLevel: { requestMilli: undefined } };
  it.each([
    { name: 'sidecars count', pod, version: '1.29', container: undefined, milli: 250 },
    { name: 'they did not', pod, version: '1.28', container: undefined, milli: 200 },
    { name: 'a sidecar by its name', pod, version: '1.29', container: 'proxy', milli: 50 },
    { name: 'pod-level', pod: withPodLevel, version: '1.34', container: undefined, milli: 71 },
    { name: 'not yet', pod: withPodLevel, version: '1.33', container: undefined, milli: 250 },
    { name: 'not for a container', pod: withPodLevel, version: '1.34', container: 'first', milli: 100 },
  ])('$name in $version: $milli', ({ pod: one, version, container, milli }) => {
    const requests = podRequests([one], container, generationOf(version));
    expect(requests).toEqual({ ok: true, value: new Map([['pod', milli]]) });
  });

  it('may lack CPU at pod level', () => {
    const error = 'missing pod-level request for cpu in Pod pod';
    expect(podRequests([without], undefined, generationOf('1.34'))).toEqual({ ok: false, error });
  });
});
