import { errorText } from '../kubernetes/failure.ts';
import type { Decision } from '../placement/decision.ts';

/** The most that Spillway gives at once; docs/operations.md. */
const LIMIT = 100;
const TIMEOUT_MS = 5000;

/** Collects what Spillway decides, oldest first, each once. */
export interface DecisionReader {
  readonly decisions: readonly Decision[];
  /** @returns what is wrong, if something is */
  readonly read: () => Promise<string | undefined>;
}

/** @param url where Spillway answers, without a path */
export function createDecisionReader(url: string, sinceMs: number): DecisionReader {
  const decisions: Decision[] = [];
  const known = new Set<string>();
  return {
    decisions,
    read: async () => {
      const recent = await recentDecisions(url);
      if (typeof recent === 'string') return recent;
      let news = 0;
      for (const decision of recent.toReversed()) {
        const key = `${decision.pod.uid} ${decision.atMs}`;
        if (decision.atMs < sinceMs || known.has(key)) continue;
        known.add(key);
        decisions.push(decision);
        news += 1;
      }
      return news < LIMIT ? undefined : `${LIMIT} decisions or more since the last look: some may be missing`;
    },
  };
}

/**
 * Asks once, before anything is done.
 *
 * @returns what is wrong with `--spillway`, if something is
 */
export async function spillwayProblem(url: string | undefined): Promise<string | undefined> {
  if (url === undefined) return undefined;
  if (!URL.canParse(url)) return `--spillway: found ${url}, allowed: a URL, like http://127.0.0.1:8888`;
  const recent = await recentDecisions(url);
  return typeof recent === 'string' ? `--spillway: ${recent}` : undefined;
}

/** Newest first; a text says what went wrong. */
async function recentDecisions(url: string): Promise<readonly Decision[] | string> {
  const address = `${url.replace(/\/$/, '')}/debug/decisions?limit=${LIMIT}`;
  try {
    const response = await fetch(address, { signal: AbortSignal.timeout(TIMEOUT_MS) });
    if (!response.ok) return `${address} answered ${response.status}`;
    const body: unknown = await response.json();
    if (typeof body !== 'object' || body === null || !('decisions' in body)) {
      return `${address} did not answer as Spillway does`;
    }
    return body.decisions as readonly Decision[];
  } catch (error) {
    // What went wrong with a connection is the cause of the error that fetch throws.
    const cause = error instanceof Error && error.cause !== undefined ? error.cause : error;
    return `${address} cannot be read: ${errorText(cause)}`;
  }
}
