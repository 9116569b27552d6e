import type { UsageObject } from '../picture/objects.ts';
import { projectNodeUsage, projectPodUsage } from '../picture/project.ts';
import type { NodeUsage, PodUsage } from '../picture/records.ts';
import { isRecord } from './api-object.ts';
import type { Connection } from './connection.ts';
import { type ApiResult, errorText, ok } from './failure.ts';
import { getItems } from './list.ts';

/** The two lists of metrics.k8s.io. It knows neither watch nor pages. */
export interface MetricsReader {
  readonly nodes: (signal: AbortSignal) => Promise<ApiResult<readonly NodeUsage[]>>;
  readonly pods: (signal: AbortSignal) => Promise<ApiResult<readonly PodUsage[]>>;
}

export interface MetricsTimeouts {
  readonly idleTimeoutMs: number;
  readonly totalTimeoutMs: number;
}

/** A look that takes longer than two scrapes (15 s each in metrics-server's manifests) is worth nothing. */
export const METRICS_TIMEOUTS = { idleTimeoutMs: 10_000, totalTimeoutMs: 30_000 } satisfies MetricsTimeouts;

const METRICS_API = '/apis/metrics.k8s.io/v1beta1';

export interface MetricsReaderOptions {
  readonly connection: Connection;
  readonly podLabelSelector?: string | undefined;
  readonly timeouts: MetricsTimeouts;
  /** Items that could not be read are left out: their nodes and pods look as if they were not measured. */
  readonly unreadable: (kind: 'nodes' | 'pods', count: number, example: string) => void;
}

export function createMetricsReader(options: MetricsReaderOptions): MetricsReader {
  const { connection, timeouts, podLabelSelector } = options;

  async function read<T>(
    kind: 'nodes' | 'pods',
    signal: AbortSignal,
    project: (item: UsageObject) => T | undefined,
    labelSelector?: string,
  ): Promise<ApiResult<readonly T[]>> {
    const records: T[] = [];
    let unreadableCount = 0;
    let example = '';
    const request = { path: `${METRICS_API}/${kind}`, query: { labelSelector }, signal, ...timeouts };
    const page = await getItems(connection, request, (item) => {
      const record = projectOr(item, project);
      if (typeof record !== 'string') {
        records.push(record);
        return;
      }
      unreadableCount += 1;
      example ||= record;
    });
    if (!page.ok) return page;
    if (unreadableCount > 0) options.unreadable(kind, unreadableCount, example);
    return ok(records);
  }

  return {
    nodes: (signal) => read('nodes', signal, projectNodeUsage),
    pods: (signal) => read('pods', signal, projectPodUsage, podLabelSelector),
  };
}

const MAX_EXAMPLE_LENGTH = 300;

/** The record; or, as text, what cannot be read and why. */
function projectOr<T>(item: unknown, project: (item: UsageObject) => T | undefined): T | string {
  try {
    const record = isRecord(item) ? project(item) : undefined;
    if (record !== undefined) return record;
    return JSON.stringify(item).slice(0, MAX_EXAMPLE_LENGTH);
  } catch (error) {
    return `${errorText(error)}: ${JSON.stringify(item)}`.slice(0, MAX_EXAMPLE_LENGTH);
  }
}
