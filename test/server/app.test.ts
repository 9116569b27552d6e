import supertest from 'supertest';
import { describe, expect, it } from 'vitest';
import { HANDLERS } from '../../src/extender/handlers.ts';
import { nodeGone } from '../../src/picture/nodes.ts';
import type { Decision } from '../../src/placement/decision.ts';
import type { ServerParts } from '../../src/server/parts.ts';
import { context, fullEdge, namesArgs, scene } from '../extender/scene.ts';
import { UNPRINTABLE } from '../text/unicode.ts';
import { appFor, metricsPage, parts } from './harness.ts';

function ask(path: string, over: Partial<ServerParts> = {}, method: 'get' | 'post' | 'delete' = 'get') {
  return supertest(appFor(parts(over)))[method](path);
}

describe('health', () => {
  it('lives as long as it answers, ready or not', async () => {
    const { status, text } = await ask('/livez', { missing: () => ['nodes not listed'] });
    expect([status, text]).toEqual([200, 'ok\n']);
  });

  it('is ready when nothing is missing', async () => {
    const { status, text } = await ask('/readyz');
    expect([status, text]).toEqual([200, 'ready\n']);
  });

  it('says what is missing while it is not', async () => {
    const { status, text } = await ask('/readyz', {
      missing: () => ['nodes not listed: 403', 'metrics not read yet'],
    });
    expect(status).toBe(503);
    expect(text).toBe('not ready\nmissing: nodes not listed: 403\nmissing: metrics not read yet\n');
  });

  it('says what does not work, and how much is known, when asked to be verbose', async () => {
    const { status, text } = await ask('/readyz?verbose', { problems: () => ['metrics not read: 503'] });
    expect(status).toBe(200);
    expect(text).toBe(
      'ready\nproblem: metrics not read: 503\nnodes: 4, pods: 0, workloads: 0, reservations: 0\n',
    );
  });
});

describe('metrics', () => {
  it('gives the page with its own type', async () => {
    const { status, text, headers } = await ask('/metrics', {
      metrics: metricsPage('a 1\n', 'b 2\n'),
    });
    expect([status, text]).toEqual([200, 'a 1\nb 2\n']);
    expect(headers['content-type']).toContain('version=0.0.4');
  });

  it('answers 500, and logs why, when the page cannot be made', async () => {
    const logged: unknown[] = [];
    const { status, body } = await ask('/metrics', {
      metrics: {
        contentType: 'text/plain',
        pieces: async function* () {
          yield 'a 1\n';
          throw new Error('broken gauge');
        },
      },
      observer: { log: (_level, _message, fields) => logged.push(fields) },
    });
    expect([status, body]).toEqual([500, { error: 'internal error' }]);
    expect(logged).toEqual([{ path: '/metrics', error: 'Error: broken gauge' }]);
  });
});

describe('/debug/nodes', () => {
  it('shows of every node what a decision would rest on', async () => {
    const { body } = await ask('/debug/nodes', { extender: context(scene({ 'edge-1': 1000 })) });
    expect(body.nodes.map(({ name }: { name: string }) => name)).toEqual([
      'edge-1',
      'edge-2',
      'cloud-1',
      'cloud-2',
    ]);
    expect(body.nodes[0]).toEqual({
      name: 'edge-1',
      tier: 'edge',
      ready: true,
      schedulable: true,
      allocatableMilli: 4000,
      usageMilli: 1000,
      forecastMilli: 1000,
      thresholdMilli: 3200,
      limitMilli: 3800,
      closed: false,
      freshness: 'fresh',
      metricsAgeMs: 0,
      pods: 0,
      reservations: 0,
    });
    expect(body.nodes[2], 'a cloud node has no threshold').not.toHaveProperty('thresholdMilli');
  });

  it('counts what is reserved', async () => {
    const extender = context(scene());
    HANDLERS.filter(extender, namesArgs());
    const { body } = await ask('/debug/nodes?tier=edge', { extender });
    expect(body.nodes).toHaveLength(2);
    expect(body.nodes[0]).toMatchObject({ name: 'edge-1', pods: 1, reservations: 1, forecastMilli: 300 });
  });

  it('leaves out a node that is gone', async () => {
    const made = scene();
    nodeGone(made, 'edge-1');
    const { body } = await ask('/debug/nodes?tier=edge', { extender: context(made) });
    expect(body.nodes.map(({ name }: { name: string }) => name)).toEqual(['edge-2']);
  });

  it('refuses a tier that there is not', async () => {
    const { status, body } = await ask('/debug/nodes?tier=fog');
    expect([status, body]).toEqual([400, { error: 'tier: found "fog", allowed edge, cloud' }]);
  });
});

describe('/debug/decisions', () => {
  const decisions: Decision[] = [];
  HANDLERS.filter(context(fullEdge(), { decided: (decision) => decisions.push(decision) }), namesArgs());

  it('gives each decision with a line that sums it up', async () => {
    const { body } = await ask('/debug/decisions', {
      decisions: { recent: () => decisions, counts: () => ({}) },
    });
    expect(body.decisions).toHaveLength(1);
    expect(body.decisions[0]).toMatchObject({
      summary: 'default/web-1: overflow, 2 nodes; estimate 300m (annotated); edge CPU above threshold',
      result: 'overflow',
      pod: { namespace: 'default', name: 'web-1' },
    });
  });

  it.each([
    ['', { pod: undefined, limit: 20 }],
    ['?limit=3', { pod: undefined, limit: 3 }],
    ['?limit=5000', { pod: undefined, limit: 100 }],
    ['?pod=default/web-1', { pod: 'default/web-1', limit: 20 }],
  ])('asks for what was asked for: %s', async (query, expected) => {
    const asked: unknown[] = [];
    const recent = (wanted: unknown) => {
      asked.push(wanted);
      return [];
    };
    const { body } = await ask(`/debug/decisions${query}`, { decisions: { recent, counts: () => ({}) } });
    expect(asked).toEqual([expected]);
    expect(body).toEqual({ decisions: [] });
  });

  it.each([
    ['?limit=0', 'limit: found "0", allowed 1 to 100'],
    ['?limit=many', 'limit: found "many", allowed 1 to 100'],
    ['?limit=1&limit=2', 'limit: found ["1","2"], allowed 1 to 100'],
    ['?pod=web-1', 'pod: found "web-1", allowed namespace/name'],
  ])('refuses %s', async (query, error) => {
    const { status, body } = await ask(`/debug/decisions${query}`);
    expect([status, body]).toEqual([400, { error }]);
  });
});

it.each(['limit', 'pod'])(
  'says what was wrong with %s so that a terminal does not act upon it',
  async (key) => {
    const { status, text } = await ask(`/debug/decisions?${key}=%C2%9B2J%E2%80%AE%E2%80%A8`);
    expect(status).toBe(400);
    expect(text).not.toMatch(UNPRINTABLE);
    expect(text).toContain('\\u009b2J\\u202e');
  },
);

describe('/status.json', () => {
  it('sums up version, readiness and counts', async () => {
    const { body } = await ask('/status.json', {
      extender: context(fullEdge()),
      missing: () => ['metrics not read yet'],
      problems: () => ['metrics not read: 503'],
      decisions: { recent: () => [], counts: () => ({ edge: 4, overflow: 2 }) },
    });
    expect(body).toEqual({
      version: '1.2.3',
      uptimeSeconds: 60,
      ready: false,
      missing: ['metrics not read yet'],
      problems: ['metrics not read: 503'],
      tiers: {
        edge: { nodes: 2, ready: 2, pods: 0, closed: 2 },
        cloud: { nodes: 2, ready: 2, pods: 0, closed: 0 },
      },
      reservations: 0,
      decisions: { edge: 4, overflow: 2 },
      config: {},
    });
  });
});

describe('anything else', () => {
  it('is told what there is', async () => {
    const { status, body } = await ask('/bind', {}, 'post');
    expect(status).toBe(404);
    expect(body.error).toBe('nothing at /bind');
    expect(body.exists).toContain("POST /filter: the scheduler's filter call");
  });

  it.each([
    ['get', '/filter', 'POST'],
    ['post', '/readyz', 'GET'],
    ['delete', '/status.json', 'GET'],
  ] as const)('is told the method that a path takes: %s %s', async (method, path, allowed) => {
    const { status, body, headers } = await ask(path, {}, method);
    expect([status, headers['allow']]).toEqual([405, allowed]);
    expect(body).toEqual({ error: `${path} takes ${allowed}, not ${method.toUpperCase()}` });
  });

  it('finds further endpoints, where a server has them', async () => {
    const serve = (_request: unknown, response: { end: (text: string) => void }) =>
      response.end('{"more":true}');
    const further = [{ method: 'POST', path: '/more', what: 'more of it', access: 'open', serve }] as const;
    expect((await ask('/more', { further }, 'post')).text).toBe('{"more":true}');
    expect((await ask('/more', { further })).status).toBe(405);
    expect((await ask('/less', { further })).body.exists).toContain('POST /more: more of it');
    expect((await ask('/more', {}, 'post')).status).toBe(404);
  });

  it('is refused in JSON when its path cannot be read', async () => {
    const { status, body } = await ask('/%zz');
    expect(status).toBe(404);
    expect(body.error).toBe('nothing at /%zz');
  });

  it('names no framework', async () => {
    const { headers } = await ask('/livez');
    expect(headers).not.toHaveProperty('x-powered-by');
  });
});
