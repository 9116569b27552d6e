import express, { type Express, type NextFunction, type Request, type Response } from 'express';
import { countReservations } from '../cluster/reservations.ts';
import { VERBS } from '../extender/context.ts';
import type { Tier } from '../placement/types.ts';
import { describeEndpoints, ENDPOINTS, type Endpoint } from './endpoints.ts';
import type { ServerParts } from './parts.ts';
import { replyError } from './reply.ts';
import { streamJsonList } from './stream-json.ts';
import type { VerbListener } from './verbs.ts';
import { countTiers, knownNodes, viewDecision, viewNode } from './views.ts';

const DEFAULT_DECISIONS = 20;
const MAX_DECISIONS = 100;

/** Everything but speed: health, metrics, debug pages, and the verbs again for whoever comes this way. */
export function createApp(parts: ServerParts, serveVerb: VerbListener): Express {
  const app = express();
  app.disable('x-powered-by');
  app.disable('etag');
  for (const verb of VERBS) app.post(`/${verb}`, (request, response) => serveVerb(verb, request, response));
  app.get('/livez', (_request, response) => void response.type('text').send('ok\n'));
  app.get('/readyz', (request, response) => sendReadiness(parts, request, response));
  app.get('/metrics', async (_request, response) => {
    const text = await parts.metrics.text();
    response.set('Content-Type', parts.metrics.contentType).send(text);
  });
  app.get('/debug/decisions', (request, response) => sendDecisions(parts, request, response));
  app.get('/debug/nodes', (request, response) => sendNodes(parts, request, response));
  app.get('/status.json', (_request, response) => void response.json(status(parts)));
  const { further = [] } = parts;
  for (const { method, path, serve } of further) {
    app[method === 'GET' ? 'get' : 'post'](path, (request, response) => serve(request, response));
  }
  app.use(refuseUnknown([...ENDPOINTS, ...further]));
  app.use(reportError(parts));
  return app;
}

/** Kubernetes reads the status alone; a person reads what is missing. */
function sendReadiness(
  { missing, problems, extender }: ServerParts,
  request: Request,
  response: Response,
): void {
  const lacks = missing();
  const lines = lacks.length === 0 ? ['ready'] : ['not ready', ...lacks.map((lack) => `missing: ${lack}`)];
  if ('verbose' in request.query) {
    const { nodes, pods, workloads } = extender.picture;
    lines.push(
      ...problems().map((problem) => `problem: ${problem}`),
      `nodes: ${nodes.size}, pods: ${pods.size}, workloads: ${workloads.size}, reservations: ${countReservations(extender.picture)}`,
    );
  }
  response
    .status(lacks.length === 0 ? 200 : 503)
    .type('text')
    .send(`${lines.join('\n')}\n`);
}

async function sendDecisions(parts: ServerParts, request: Request, response: Response): Promise<void> {
  const { pod, limit = String(DEFAULT_DECISIONS) } = request.query;
  if (typeof limit !== 'string' || !/^\d{1,6}$/.test(limit) || Number(limit) < 1) {
    replyError(response, 400, `limit: found ${JSON.stringify(limit)}, allowed 1 to ${MAX_DECISIONS}`);
    return;
  }
  if (pod !== undefined && (typeof pod !== 'string' || !/^[^/]+\/[^/]+$/.test(pod))) {
    replyError(response, 400, `pod: found ${JSON.stringify(pod)}, allowed namespace/name`);
    return;
  }
  const found = parts.decisions.recent({ pod, limit: Math.min(Number(limit), MAX_DECISIONS) });
  await streamJsonList(response, {}, 'decisions', found, viewDecision);
}

async function sendNodes({ extender }: ServerParts, request: Request, response: Response): Promise<void> {
  const { tier } = request.query;
  if (!isTierOrNone(tier)) {
    replyError(response, 400, `tier: found ${JSON.stringify(tier)}, allowed edge, cloud`);
    return;
  }
  const { picture, now } = extender;
  const nowMs = now();
  const head = { atMs: nowMs };
  await streamJsonList(response, head, 'nodes', knownNodes(picture, tier), (node) =>
    viewNode(picture, node, nowMs),
  );
}

function isTierOrNone(tier: unknown): tier is Tier | undefined {
  return tier === undefined || tier === 'edge' || tier === 'cloud';
}

function status({ about, missing, problems, decisions, extender }: ServerParts) {
  const lacks = missing();
  return {
    version: about.version,
    uptimeSeconds: Math.round((extender.now() - about.startedAtMs) / 1000),
    ready: lacks.length === 0,
    missing: lacks,
    problems: problems(),
    tiers: countTiers(extender.picture, extender.now()),
    reservations: countReservations(extender.picture),
    decisions: decisions.counts(),
    config: about.config,
  };
}

function refuseUnknown(endpoints: readonly Endpoint[]) {
  return (request: Request, response: Response): void => {
    const allowed = endpoints.filter(({ path }) => path === request.path).map(({ method }) => method);
    if (allowed.length > 0) {
      response.set('Allow', allowed.join(', '));
      replyError(response, 405, `${request.path} takes ${allowed.join(', ')}, not ${request.method}`);
      return;
    }
    response.status(404).json({ error: `nothing at ${request.path}`, exists: describeEndpoints(endpoints) });
  };
}

/** Express knows an error handler by its four parameters. */
function reportError({ observer }: ServerParts) {
  return (error: unknown, request: Request, response: Response, _next: NextFunction): void => {
    observer.log?.('warn', 'request failed', { path: request.path, error: String(error) });
    if (response.headersSent) response.destroy();
    else replyError(response, statusOf(error), statusOf(error) === 500 ? 'internal error' : String(error));
  };
}

/** Express's own errors (a malformed escape in the path) carry the status that they mean. */
function statusOf(error: unknown): number {
  const status = error instanceof Error && 'status' in error ? Number(error.status) : 500;
  return status >= 400 && status < 500 ? status : 500;
}
