import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { defaultConfig } from '../../src/config/config.ts';
import { API_VERSION, configFile, KIND } from '../../src/config/schema.ts';
import { FORMAT } from '../../src/live/protocol.ts';
import { createSimulatedService } from '../../src/live/service.ts';
import { type Plan, planNothing } from '../../src/rebalance/rebalancer.ts';
import { createLogger } from '../../src/telemetry/logger.ts';
import { nodeMetricsObject, nodeObject, podObject } from '../fake/objects.ts';

const NOW_MS = 1_000_000_000_000;
const START = {
  format: FORMAT,
  configuration: configFile.parse({ apiVersion: API_VERSION, kind: KIND }),
  nowMs: NOW_MS,
};
/** A connection that is kept would be waited for when the service stops. */
const headers = { connection: 'close' };
const EDGE = nodeObject('edge-1', { labels: { 'node-role.kubernetes.io/edge': '' } });

describe('the service without a cluster', () => {
  let url = '';
  let plan: Plan;
  let service: ReturnType<typeof createSimulatedService>;

  beforeEach(async () => {
    const log = createLogger('error');
    plan = planNothing;
    service = createSimulatedService(
      { bindAddress: '127.0.0.1', port: 0, version: '1.2.3', plan: (...at) => plan(...at) },
      log,
    );
    url = `http://127.0.0.1:${(await service.start()).port}`;
  });

  afterEach(() => service.stop());

  async function post(path: string, body: unknown) {
    const text = typeof body === 'string' ? body : JSON.stringify(body);
    const response = await fetch(url + path, { method: 'POST', body: text, headers });
    return { status: response.status, body: JSON.parse(await response.text()) };
  }

  async function begin(): Promise<string> {
    return (await post('/simulation/start', START)).body.run;
  }

  const feed = (run: string, over: object = {}) =>
    post('/simulation/feed', { run, nowMs: NOW_MS, told: [], forecasts: false, ended: false, ...over });
  const filter = () => post('/filter', { Pod: podObject('web-1'), NodeNames: ['edge-1'] });

  it('says what it is, and refuses questions until a simulation begins', async () => {
    expect(await (await fetch(`${url}/simulation`, { headers })).json()).toEqual({
      format: FORMAT,
      version: '1.2.3',
    });
    expect((await fetch(`${url}/readyz`, { headers })).status).toBe(503);
    expect(await filter()).toMatchObject({ status: 503 });
  });

  it('decides by what it is told, at the time it is told, and gives the decision once', async () => {
    const run = await begin();
    await feed(run, { told: [{ type: 'nodeSeen', atMs: NOW_MS, node: EDGE }] });
    expect(await filter()).toEqual({ status: 200, body: { NodeNames: ['edge-1'] } });
    const { body } = await feed(run, { forecasts: true });
    expect(body).toMatchObject({
      decisions: [{ atMs: NOW_MS, result: 'edge', nodes: ['edge-1'] }],
      failures: [],
      forecasts: [{ node: 'edge-1', milli: defaultConfig().load.defaultMilli }],
    });
    expect((await feed(run)).body).toEqual({ decisions: [], failures: [], forecasts: [], acts: [] });
  });

  it('gives what it asks of the cluster with the answer, once, and is told what became of it', async () => {
    const pod = podObject('web-1', { nodeName: 'edge-1' });
    const metrics = { nodes: [nodeMetricsObject('edge-1')], pods: [] };
    const told = [
      { type: 'nodeSeen', atMs: NOW_MS, node: EDGE },
      { type: 'podSeen', atMs: NOW_MS, pod },
      { type: 'metricsRead', atMs: NOW_MS, metrics },
    ];
    plan = ({ pods }) =>
      Array.from(pods.values(), ({ uid, namespace, name }) => ({
        type: 'evictPod',
        pod: { uid, namespace, name },
        why: 'a test',
      }));
    const run = await begin();
    const { body } = await feed(run, { told });
    const identity = { uid: pod.metadata.uid, namespace: 'default', name: 'web-1' };
    expect(body.acts).toEqual([{ number: 1, act: { type: 'evictPod', pod: identity, why: 'a test' } }]);
    const ended = { type: 'actEnded', atMs: NOW_MS, number: 1, outcome: { result: 'done' } };
    expect(await feed(run, { told: [ended] })).toMatchObject({ status: 200, body: { acts: [] } });
    expect(await feed(run, { told: [{ ...ended, outcome: { result: 'lost' } }] })).toMatchObject({
      status: 400,
      body: { error: expect.stringContaining('told[0].outcome') },
    });
  });

  it('forgets with each simulation what it knew', async () => {
    const first = await begin();
    await feed(first, { told: [{ type: 'nodeSeen', atMs: NOW_MS, node: EDGE }] });
    const second = await begin();
    expect((await feed(second, { forecasts: true })).body.forecasts).toEqual([]);
    expect(await feed(first)).toMatchObject({ status: 409 });
  });

  it('counts its time from the beginning of the simulation', async () => {
    await feed(await begin(), { nowMs: NOW_MS + 90_000 });
    expect(await (await fetch(`${url}/status.json`, { headers })).json()).toMatchObject({
      ready: true,
      uptimeSeconds: 90,
    });
  });

  it('refuses questions again when the simulation has ended', async () => {
    await feed(await begin(), { ended: true });
    expect(await filter()).toMatchObject({ status: 503 });
  });

  it('names the endpoints it has to who looks for another', async () => {
    const { status, body } = await post('/simulation/stop', {});
    expect([status, body.exists]).toEqual([
      404,
      expect.arrayContaining([expect.stringMatching(/simulation\/feed/)]),
    ]);
  });

  it.each([
    { path: '/simulation/start', body: 'x', says: 'body: found 1 bytes that are no JSON' },
    {
      path: '/simulation/start',
      body: { ...START, format: 'v9' },
      says: `format: found "v9", allowed: ${FORMAT}`,
    },
    {
      path: '/simulation/start',
      body: { format: FORMAT },
      says: 'configuration: found nothing, allowed: a configuration',
    },
    { path: '/simulation/feed', body: [], says: 'body: found [], allowed: an object' },
    {
      path: '/simulation/feed',
      body: { run: 1 },
      says: 'run: found 1, allowed: a text; nowMs: found nothing, allowed: a time',
    },
    {
      path: '/simulation/feed',
      body: { run: '', nowMs: 1, told: [{ type: 'podLost' }], forecasts: false, ended: false },
      says: 'told[0].type: found "podLost", allowed: nodeSeen, nodeGone',
    },
    {
      path: '/simulation/feed',
      body: {
        run: '',
        nowMs: 1,
        told: [{ type: 'podSeen', atMs: 1, pod: {} }],
        forecasts: false,
        ended: false,
      },
      says: 'told[0].pod: found {}, allowed: an object with metadata.name',
    },
  ])('$path: $says', async ({ path, body, says }) => {
    expect(await post(path, body)).toEqual({ status: 400, body: { error: expect.stringContaining(says) } });
  });

  it('answers 500, and lives on, when it cannot take in what it is told', async () => {
    const configuration = { kind: KIND };
    expect(await post('/simulation/start', { ...START, configuration })).toMatchObject({ status: 500 });
    expect((await fetch(`${url}/livez`, { headers })).status).toBe(200);
  });
});
