import { isRecord } from '../../kubernetes/api-object.ts';
import { errorText } from '../../kubernetes/failure.ts';
import type { Decision } from '../../placement/decision.ts';
import { buildNode } from '../../simulator/model/build.ts';
import { traceConfig } from '../../simulator/simulate.ts';
import type { Trace } from '../../trace/schema.ts';

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

/**
 * Holds what Spillway takes the nodes for against the trace, since it runs with a configuration of its own.
 *
 * @returns lines, one for each node that it takes for another. Throws when it does not know a node
 */
export async function spillwayDifferences(url: string, trace: Trace): Promise<readonly string[]> {
  const found = await pageOf<SeenNode>(url, 'nodes', '');
  if (typeof found === 'string') throw new Error(found);
  const { tiers, placement } = traceConfig(trace);
  return trace.nodes.flatMap((object) => {
    const { name, tier, allocatable } = buildNode(object, tiers);
    const seen = found.find((node) => node.name === name);
    if (seen === undefined) throw new Error(`Spillway knows no node ${name}: does it watch this cluster?`);
    const wanted = tier === 'edge' ? placement.thresholdRatio * allocatable.cpuMilli : undefined;
    if (seen.thresholdMilli === wanted) return [];
    return [`${name} ${tierText(seen.thresholdMilli)} to Spillway, ${tierText(wanted)} to the trace`];
  });
}

/** What is read of `/debug/nodes`. */
interface SeenNode {
  readonly name: string;
  /** Of edge nodes only. */
  readonly thresholdMilli?: number | undefined;
}

function tierText(thresholdMilli: number | undefined): string {
  return thresholdMilli === undefined ? 'is in the cloud' : `has a threshold of ${thresholdMilli}m`;
}

/** Newest first; a text says what went wrong. */
function recentDecisions(url: string): Promise<readonly Decision[] | string> {
  return pageOf<Decision>(url, 'decisions', `?limit=${LIMIT}`);
}

/** The list of one of Spillway's debug pages; a text says what went wrong. */
async function pageOf<T>(url: string, name: string, query: string): Promise<readonly T[] | string> {
  const address = `${url.replace(/\/$/, '')}/debug/${name}${query}`;
  try {
    const response = await fetch(address, { signal: AbortSignal.timeout(TIMEOUT_MS) });
    if (!response.ok) return `${address} answered ${response.status}`;
    const body: unknown = await response.json();
    const list = isRecord(body) ? body[name] : undefined;
    return Array.isArray(list) ? list : `${address} did not answer as Spillway does`;
  } catch (error) {
    // What went wrong with a connection is the cause of the error that fetch throws.
    const cause = error instanceof Error && error.cause !== undefined ? error.cause : error;
    return `${address} cannot be read: ${errorText(cause)}`;
  }
}
