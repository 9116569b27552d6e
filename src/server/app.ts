import type { ServerResponse } from 'node:http';
import express, {
  type Express,
  type NextFunction,
  type Request,
  type RequestHandler,
  type Response,
} from 'express';
import { countReservations } from '../picture/reservations.ts';
import type { Tier } from '../placement/types.ts';
import { VERBS, type Verb } from '../placement/verbs.ts';
import type { Access, Refusal } from './access.ts';
import { describeEndpoints, type Endpoint, type Path } from './endpoints.ts';
import type { ServedEndpoint, ServerParts } from './parts.ts';
import { replyError } from './reply.ts';
import { streamJsonList } from './stream-json.ts';
import type { VerbListener } from './verbs.ts';
import { countTiers, knownNodes, viewDecision, viewNode } from './views.ts';

const DEFAULT_DECISIONS = 20;
const MAX_DECISIONS = 100;

export interface AppOptions {
  /** What there is to ask for here. */
  readonly endpoints: readonly (Endpoint | ServedEndpoint)[];
  readonly serveVerb: VerbListener;
  readonly sendMetrics: (response: ServerResponse) => Promise<void>;
  readonly refusal: Refusal;
}

/** Everything but speed: health, metrics, debug pages, and the verbs again for whoever comes this way. */
export function createApp(
  parts: ServerParts,
  { endpoints, serveVerb, sendMetrics, refusal }: AppOptions,
): Express {
  const app = express();
  app.disable('x-powered-by');
  app.disable('etag');
  const pages: Readonly<Record<string, RequestHandler>> = {
    '/livez': (_request, response) => void response.type('text').send('ok\n'),
    '/readyz': (request, response) => sendReadiness(parts, request, response),
    '/metrics': (_request, response) => sendMetrics(response),
    '/debug/decisions': (request, response) => sendDecisions(parts, request, response),
    '/debug/nodes': (request, response) => sendNodes(parts, request, response),
    '/status.json': (_request, response) => void response.json(status(parts)),
  } satisfies Readonly<Record<Exclude<Path, `/${Verb}`>, RequestHandler>>;
  for (const verb of VERBS) {
    // It looks itself who asks: it is reached without Express, too.
    if (endpoints.some(({ path }) => path === `/${verb}`)) {
      app.post(`/${verb}`, (request, response) => serveVerb(verb, request, response));
    }
  }
  for (const endpoint of endpoints) {
    const { method, path, access } = endpoint;
    const serve = 'serve' in endpoint ? serveFurther(endpoint) : pages[path];
    if (serve !== undefined) app[method === 'GET' ? 'get' : 'post'](path, guard(access, refusal), serve);
  }
  app.use(refuseUnknown(endpoints));
  app.use(reportError(parts));
  return app;
}

function serveFurther({ serve }: ServedEndpoint): RequestHandler {
  return (request, response) => serve(request, response);
}

function guard(access: Access, refusal: Refusal): RequestHandler {
  return (request, response, next) => {
    const refused = refusal(access, request.socket);
    if (refused === undefined) next();
    else replyError(response, 403, `${request.path}: ${refused}`);
  };
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
  await streamJsonList(response, { head: {}, key: 'decisions', items: found, render: viewDecision });
}

async function sendNodes({ extender }: ServerParts, request: Request, response: Response): Promise<void> {
  const { tier } = request.query;
  if (!isTierOrNone(tier)) {
    replyError(response, 400, `tier: found ${JSON.stringify(tier)}, allowed edge, cloud`);
    return;
  }
  const { picture, now } = extender;
  const nowMs = now();
  await streamJsonList(response, {
    head: { atMs: nowMs },
    key: 'nodes',
    items: knownNodes(picture, tier),
    render: (node) => viewNode(picture, node, nowMs),
  });
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
