import { describe, expect, it } from 'vitest';
import { checkTrace, formatTraceProblems } from '../../src/trace/read.ts';
import { nodeDocument, type TraceDocument, traceDocument } from '../simulator/traces.ts';

const NODES = 'allowed: a node of this trace: edge-1, cloud-1';

function autoscaler(target: string, name = target): TraceDocument {
  return {
    metadata: { name, namespace: 'fn' },
    spec: { scaleTargetRef: { kind: 'Deployment', name: target }, maxReplicas: 3 },
  };
}

async function problemsOf(over: TraceDocument): Promise<string> {
  const read = await checkTrace(traceDocument(over));
  return read.ok ? '' : formatTraceProblems(read.problems);
}

describe('what an event speaks of must be there', () => {
  it.each(['cordon', 'uncordon', 'leave', 'lose', 'recover', 'disconnect', 'reconnect'])(
    '%s of a node with a typo',
    async (key) => {
      expect(await problemsOf({ events: [{ at: '1s', [key]: 'egde-1' }] })).toBe(
        `events[0].${key}: found "egde-1", ${NODES}`,
      );
      expect(await problemsOf({ events: [{ at: '1s', [key]: 'edge-1' }] })).toBe('');
    },
  );

  it('may join later', async () => {
    const join = { at: '1s', join: nodeDocument('edge-2', '1') };
    expect(await problemsOf({ events: [join, { at: '2s', lose: 'edge-2' }] })).toBe('');
  });

  it.each([
    { crash: 'fn/web-1', valid: true },
    { crash: 'fn/web-99', valid: true },
    { crash: 'fn/wbe-1', valid: false },
    { crash: 'fn/web', valid: false },
    { crash: 'other/web-1', valid: false },
  ])('crash of $crash: $valid', async ({ crash, valid }) => {
    const problems = await problemsOf({ events: [{ at: '1s', crash }] });
    if (valid) expect(problems).toBe('');
    else
      expect(problems).toMatch(
        /^events\[0\]\.crash: found ".*", allowed: a pod, or a Deployment and a number/,
      );
  });
});

describe('a node that joins has a name that no other has then', () => {
  const join = (at: string, name: string) => ({ at, join: nodeDocument(name, '1') });

  it.each([
    { name: 'one from the start', events: [join('1s', 'edge-1')], index: 0 },
    { name: 'one that joined', events: [join('1s', 'edge-2'), join('2s', 'edge-2')], index: 1 },
    {
      name: 'one that joined, written in another order',
      events: [join('2s', 'edge-2'), join('1s', 'edge-2')],
      index: 0,
    },
    { name: 'one that comes again', events: [{ at: '1s', leave: 'edge-1' }, join('2s', 'edge-1')] },
    {
      name: 'one that comes before it left',
      events: [{ at: '3s', leave: 'edge-1' }, join('2s', 'edge-1')],
      index: 1,
    },
  ])('$name', async ({ events, index }) => {
    expect(await problemsOf({ events })).toMatch(
      index === undefined
        ? /^$/
        : new RegExp(
            `^events\\[${index}\\]\\.join\\.metadata\\.name: found "edge-.", allowed: a name that no node has then$`,
          ),
    );
  });
});

describe('an autoscaler scales a Deployment of the trace, and is the only one', () => {
  const path = 'spec.scaleTargetRef.name: found';

  it.each([
    { list: [autoscaler('web')], says: '' },
    {
      list: [autoscaler('api')],
      says: `horizontalPodAutoscalers[0].${path} "api", allowed: a Deployment of this trace: fn/web`,
    },
    {
      list: [autoscaler('web'), autoscaler('web', 'b')],
      says: `horizontalPodAutoscalers[1].${path} "web", allowed: a Deployment that no other autoscaler scales`,
    },
  ])('$says', async ({ list, says }) => {
    expect(await problemsOf({ horizontalPodAutoscalers: list })).toBe(says);
  });
});

describe('what the metrics and probes speak of', () => {
  it.each([
    {
      over: { metricsServer: { failures: [{ node: 'egde-1' }] } },
      says: `metricsServer.failures[0].node: found "egde-1", ${NODES}`,
    },
    {
      over: { metricsServer: { failures: [{ node: 'edge-1', probability: 1.5 }] } },
      says: 'metricsServer.failures[0].probability: found 1.5, allowed: a number from 0 to 1',
    },
  ])('$says', async ({ over, says }) => {
    expect(await problemsOf(over)).toBe(says);
  });

  it.each([
    {
      probe: { periodSeconds: 0 },
      says: /readinessProbe\.periodSeconds: found 0, allowed: a whole number from 1$/,
    },
    {
      probe: { initialDelaySeconds: -1 },
      says: /readinessProbe\.initialDelaySeconds: found -1, allowed: a whole number from 0$/,
    },
    {
      probe: { successThreshold: 1.5 },
      says: /readinessProbe\.successThreshold: found 1.5, allowed: a whole number from 1$/,
    },
  ])('$probe is no probe', async ({ probe, says }) => {
    const template = { spec: { containers: [{ readinessProbe: probe }] } };
    const deployments = [{ metadata: { name: 'web', namespace: 'fn' }, spec: { template } }];
    expect(await problemsOf({ deployments })).toMatch(says);
  });
});
