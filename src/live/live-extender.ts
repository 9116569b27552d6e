import type { LinkInput, OpenLink, SpillwayLink } from '../simulator/link.ts';
import { BlockingHttp, type HttpReply } from './blocking-http.ts';
import {
  type About,
  type FeedAnswer,
  type FeedBody,
  FORMAT,
  PATHS,
  type StartAnswer,
  type StartBody,
  type TimedTold,
} from './protocol.ts';

/** DefaultExtenderTimeout of pkg/scheduler/extender.go. */
const TIMEOUT_MS = 5000;
/** What is told waits for the next question, but not without bounds. */
const MAX_WAITING = 1000;

export type LiveExtender =
  | {
      readonly ok: true;
      /** For one run after another. Throws `ExtenderLost`, as do the links. */
      readonly openLink: OpenLink;
      readonly close: () => Promise<void>;
    }
  | { readonly ok: false; readonly message: string };

/** It does not answer any more, or not as it should: the run cannot go on. */
export class ExtenderLost extends Error {}

/**
 * Looks whether there is an extender that can be driven by a simulation.
 *
 * @param url where its verbs are, like `http://127.0.0.1:8888`
 */
export async function connectExtender(url: string): Promise<LiveExtender> {
  const base = baseOf(url);
  if (base === undefined) {
    return { ok: false, message: `found ${url}, allowed: a URL like http://127.0.0.1:8888` };
  }
  const problem = await problemWith(new URL(`.${PATHS.about}`, base));
  if (problem !== undefined) return { ok: false, message: `${url} ${problem}` };
  const http = await BlockingHttp.start(base, TIMEOUT_MS);
  return { ok: true, openLink: (input) => openLink(http, input), close: () => http.stop() };
}

/** With a slash at its end, so that what follows is added to its path. */
function baseOf(url: string): string | undefined {
  if (!URL.canParse(url) || new URL(url).protocol !== 'http:') return undefined;
  return url.endsWith('/') ? url : `${url}/`;
}

async function problemWith(about: URL): Promise<string | undefined> {
  try {
    const response = await fetch(about, { signal: AbortSignal.timeout(TIMEOUT_MS) });
    if (response.status === 404) {
      return 'takes no simulation: it would decide by a cluster of its own. Start one with: spillway serve-simulation';
    }
    if (response.status !== 200) return `answers ${response.status} to GET ${about.pathname}`;
    const text = await response.text();
    if (!text.startsWith('{')) return 'does not answer as an extender for simulations';
    const { format, version }: Partial<About> = JSON.parse(text);
    if (format === FORMAT) return undefined;
    return `is Spillway ${version}, which is fed in the format ${format}; this one speaks ${FORMAT}`;
  } catch (error) {
    return `does not answer: ${reasonOf(error)}`;
  }
}

/** fetch says only that it failed; what failed is the cause. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? error.cause.message || String(error.cause) : error.message;
}

function openLink(http: BlockingHttp, { configuration, now, observer, port }: LinkInput): SpillwayLink {
  const start = { format: FORMAT, configuration, nowMs: now() } satisfies StartBody;
  const { run }: StartAnswer = post(http, PATHS.start, start);
  let waiting: TimedTold[] = [];
  let fedMs = Number.NaN;

  function feed(over: Partial<FeedBody> = {}): FeedAnswer {
    const body = { run, nowMs: now(), told: waiting, forecasts: false, ended: false, ...over };
    waiting = [];
    fedMs = body.nowMs;
    const answer: FeedAnswer = post(http, PATHS.feed, body satisfies FeedBody);
    for (const { verb, error } of answer.failures) observer.failedOpen(verb, new Error(error));
    for (const decision of answer.decisions) observer.decided(decision);
    for (const { number, act } of answer.acts) {
      port.carryOut(act, (outcome) => waiting.push({ type: 'actEnded', number, outcome, atMs: now() }));
    }
    return answer;
  }

  return {
    tell: (told) => {
      waiting.push({ ...told, atMs: now() });
      if (waiting.length >= MAX_WAITING) feed();
    },
    forecasts: () => feed({ forecasts: true }).forecasts,
    ask: (verb, body) => {
      if (waiting.length > 0 || fedMs !== now()) feed();
      const reply = answered(`/${verb}`, http.post(`./${verb}`, body));
      // The decision behind an answer belongs to the attempt that asked.
      if (verb === 'filter') feed();
      return reply;
    },
    end: () => void feed({ ended: true }),
  };
}

function post<T>(http: BlockingHttp, path: string, body: object): T {
  const reply = answered(path, http.post(`.${path}`, JSON.stringify(body)));
  if (reply.status !== 200)
    throw new ExtenderLost(`POST ${path} was answered ${reply.status}: ${reply.body}`);
  return JSON.parse(reply.body);
}

function answered(path: string, outcome: ReturnType<BlockingHttp['post']>): HttpReply {
  if ('problem' in outcome) throw new ExtenderLost(`POST ${path} was not answered: ${outcome.problem}`);
  return outcome;
}
