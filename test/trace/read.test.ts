import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import { checkTrace, formatTraceProblems, readTrace } from '../../src/trace/read.ts';
import {
  deploymentDocument,
  nodeDocument,
  simulationsPath,
  type TraceDocument,
  traceDocument,
} from '../simulator/traces.ts';

const load = (over: TraceDocument) => [
  { type: 'recordedCpu', deployment: 'fn/web', points: [{ at: '0s', cpu: 1 }], ...over },
];

async function problemsOf(over: TraceDocument) {
  const read = await checkTrace(traceDocument(over));
  return read.ok ? '' : formatTraceProblems(read.problems);
}

describe('a trace', () => {
  it('is read from JSON and from YAML', async () => {
    const document = traceDocument();
    const json = await readTrace(JSON.stringify(document));
    expect(json.ok).toBe(true);
    expect(await readTrace(stringify(document))).toEqual(json);
  });

  it.each(
    readdirSync(simulationsPath('')).filter((name) => name.endsWith('.json') && !name.includes('schema')),
  )('shipped as %s is valid', async (name) => {
    const read = await readTrace(readFileSync(simulationsPath(name), 'utf8'));
    expect(read.ok ? '' : formatTraceProblems(read.problems)).toBe('');
  });

  it('has times in milliseconds, CPU in millicores and defaults filled in', async () => {
    const read = await checkTrace(
      traceDocument({
        events: [{ at: '1m30s', scale: { deployment: 'fn/web', replicas: 2 } }],
        load: load({ points: [{ at: '0', cpu: '1.5' }] }),
      }),
    );
    expect(read).toMatchObject({
      ok: true,
      trace: {
        seed: 1,
        duration: 120_000,
        events: [{ at: 90_000 }],
        load: [{ points: [{ at: 0, cpu: 1500 }] }],
        metricsServer: { resolution: 15_000, freshContainers: 'kubelet' },
        scheduler: { extender: 'spillway', watch: 5 },
      },
    });
  });
});

describe('what is wrong with a trace is said by path, what was found and what is allowed', () => {
  it.each<{ what: string; over: TraceDocument; says: string | RegExp }>([
    {
      what: 'a typo in a key',
      over: { metricServer: {} },
      says: /^metricServer: found an unknown key, allowed: metricsServer\? The keys here are /,
    },
    {
      what: 'a typo deep inside',
      over: { events: [{ at: '1s', scale: { deployment: 'fn/web', replica: 3, replicas: 3 } }] },
      says: 'events[0].scale.replica: found an unknown key, allowed: replicas? The keys here are deployment, replicas',
    },
    {
      what: 'a typo inside a union',
      over: { expect: [{ type: 'pods', tier: 'edge', exactly: 1, atMots: 2 }] },
      says: /^expect\[0\]\.atMots: found an unknown key, allowed: atMost\? The keys here are type, note, policy, workload, tier/,
    },
    {
      what: 'a typo in the configuration',
      over: { configuration: { placement: { treshold: 0.5 } } },
      says: /^configuration\.placement\.treshold: found an unknown key, allowed: threshold\?/,
    },
    {
      what: 'an expectation under a policy that nobody can run',
      over: { expect: [{ type: 'pods', exactly: 1, policy: 'afinity' }] },
      says: /^expect\[0\]\.policy: found "afinity", allowed: spillway, default, affinity.*, or a list of them$/,
    },
    {
      what: 'an expectation of no known type',
      over: { expect: [{ type: 'pod', exactly: 1 }] },
      says: /^expect\[0\]\.type: found "pod", allowed: an expectation whose type is pods, peakReplicas/,
    },
    {
      what: 'no duration',
      over: { duration: undefined },
      says: 'duration: found nothing, allowed: a duration above 0, written like 15s or 1m30s',
    },
    {
      what: 'a number for a time',
      over: { duration: 600 },
      says: 'duration: found 600, allowed: a duration above 0, written like 15s or 1m30s',
    },
    {
      what: 'another version',
      over: { apiVersion: 'simulate.spillway.dev/v1' },
      says: 'apiVersion: found "simulate.spillway.dev/v1", allowed: simulate.spillway.dev/v1alpha1',
    },
    {
      what: 'an event that says nothing',
      over: { events: [{ at: '1s' }] },
      says: 'events[0]: found {"at":"1s"}, allowed: exactly one of scale, cordon, uncordon, join, leave, lose, recover, disconnect, reconnect, down, up, crash beside at',
    },
    {
      what: 'an event after the end',
      over: { events: [{ at: '3m', cordon: 'edge-1' }] },
      says: 'events[0].at: found "3m", allowed: a time within the duration of the trace',
    },
    {
      what: 'a Deployment that is not there',
      over: { events: [{ at: '1s', scale: { deployment: 'fn/wbe', replicas: 1 } }] },
      says: 'events[0].scale.deployment: found "fn/wbe", allowed: a Deployment of this trace: fn/web',
    },
    {
      what: 'a node that is not there',
      over: { metricsServer: { lost: [{ node: 'edge-9', from: '0s', to: '1s' }] } },
      says: 'metricsServer.lost[0].node: found "edge-9", allowed: a node of this trace: edge-1, cloud-1',
    },
    {
      what: 'two nodes of one name',
      over: { nodes: [nodeDocument('edge-1', '1'), nodeDocument('edge-1', '2')] },
      says: 'nodes[1].metadata.name: found "edge-1", allowed: a name that no other has',
    },
    {
      what: 'two loads for one Deployment',
      over: { load: [...load({}), ...load({})] },
      says: 'load[1].deployment: found "fn/web", allowed: one load for each Deployment, pod and node',
    },
    {
      what: 'a load for two things',
      over: { load: load({ node: 'edge-1' }) },
      says: /^load\[0\]: found .*, allowed: exactly one of deployment, pod, node$/,
    },
    {
      what: 'points that go back in time',
      over: {
        load: load({
          points: [
            { at: '5s', cpu: 1 },
            { at: '4s', cpu: 1 },
          ],
        }),
      },
      says: /^load\[0\]\.points: found .*, allowed: at least one point, in the order of their times$/,
    },
    {
      what: 'a node without a Ready condition',
      over: { nodes: [nodeDocument('edge-1', '1', { status: { allocatable: { cpu: 1 }, conditions: [] } })] },
      says: 'nodes[0].status.conditions: found [], allowed: conditions, the one of type Ready among them',
    },
    {
      what: 'a CPU that is no quantity',
      over: { deployments: [deploymentDocument(1, '100 m')] },
      says: 'deployments[0].spec.template.spec.containers[0].resources.requests.cpu: found "100 m", allowed: a Kubernetes quantity like 130m, 2 or 4608Mi',
    },
    {
      what: 'a threshold above the limit',
      over: { configuration: { placement: { threshold: 0.99 } } },
      says: 'configuration.placement.threshold: found 0.99, allowed: at most limit, which is 0.95 by default',
    },
    {
      what: 'bounds that exclude each other',
      over: { expect: [{ type: 'pods', exactly: 1, atMost: 2 }] },
      says: /^expect\[0\]: found .*, allowed: exactly, or atLeast, atMost or both$/,
    },
  ])('$what', async ({ over, says }) => {
    if (typeof says === 'string') expect(await problemsOf(over)).toBe(says);
    else expect(await problemsOf(over)).toMatch(says);
  });

  it('all of it at once', async () => {
    const problems = await problemsOf({ duration: 5, seed: -1 });
    expect(problems.split('\n').map((line) => line.split(':')[0])).toEqual(['seed', 'duration']);
  });

  it('text that is neither JSON nor YAML', async () => {
    const read = await readTrace('{"a": [1, 2');
    expect(read.ok ? '' : formatTraceProblems(read.problems)).toMatch(
      /^trace: found .*, allowed: JSON or YAML$/s,
    );
  });
});
