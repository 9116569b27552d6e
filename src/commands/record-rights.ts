import { isRecord, metadataText } from '../kubernetes/api-object.ts';
import type { Connection } from '../kubernetes/connection.ts';
import type { ApiFailure, ApiResult } from '../kubernetes/failure.ts';
import { getBody, getJson } from '../kubernetes/http-get.ts';
import { getItems } from '../kubernetes/list.ts';
import type { WatchedResource } from '../kubernetes/sink.ts';

/** One collection that a recording reads. */
export interface RecordedCollection {
  readonly resource: WatchedResource;
  readonly path: string;
  /** Where: `in the cluster`, `in namespace fn`. */
  readonly where: string;
}

/** What a recording of these namespaces watches. Pods are those of the whole cluster: they all use nodes. */
export function collectionsOf(namespaces: readonly string[]): readonly RecordedCollection[] {
  const everywhere = 'in the cluster';
  return [
    { resource: 'nodes', path: '/api/v1/nodes', where: everywhere },
    { resource: 'pods', path: '/api/v1/pods', where: everywhere },
    ...namespaces.flatMap((namespace) => {
      const where = `in namespace ${namespace}`;
      const apps = `/apis/apps/v1/namespaces/${namespace}`;
      const autoscaling = `/apis/autoscaling/v2/namespaces/${namespace}`;
      return [
        { resource: 'replicasets', path: `${apps}/replicasets`, where },
        { resource: 'deployments', path: `${apps}/deployments`, where },
        { resource: 'horizontalpodautoscalers', path: `${autoscaling}/horizontalpodautoscalers`, where },
      ] as const;
    }),
  ];
}

const TIMEOUTS = { idleTimeoutMs: 10_000, totalTimeoutMs: 30_000 };
const METRICS = '/apis/metrics.k8s.io/v1beta1';

/**
 * Asks once for all that a recording reads. What is missing shows now, not when the recording was to end:
 * sources try again for ever.
 *
 * @returns one line for each thing that cannot be read; empty: all can
 */
export async function missingRights(
  connection: Connection,
  collections: readonly RecordedCollection[],
  signal: AbortSignal,
): Promise<readonly string[]> {
  // A signal for each: Node warns of one that many listen to.
  const own = () => AbortSignal.any([signal]);
  const problems = await Promise.all([
    ...collections.map((collection) => checkCollection(connection, collection, own())),
    ...['nodes', 'pods'].map((kind) => checkMetrics(connection, kind, own())),
  ]);
  return problems.filter((problem) => problem !== undefined);
}

async function checkCollection(
  connection: Connection,
  { resource, path, where }: RecordedCollection,
  signal: AbortSignal,
): Promise<string | undefined> {
  const list = await getJson(connection, { path, query: { limit: '1' }, signal, ...TIMEOUTS });
  if (!list.ok) return sentence('list', `${resource} ${where}`, list.failure);
  const resourceVersion = metadataText(list.value, 'resourceVersion');
  const watched = await openWatch(connection, path, resourceVersion, signal);
  return watched.ok ? undefined : sentence('watch', `${resource} ${where}`, watched.failure);
}

/** Whether a watch is accepted; it is closed as soon as that is known. */
async function openWatch(
  connection: Connection,
  path: string,
  resourceVersion: string | undefined,
  outer: AbortSignal,
): Promise<ApiResult<undefined>> {
  const closing = new AbortController();
  const query = { watch: 'true', resourceVersion, timeoutSeconds: '1' };
  const request = { path, query, signal: AbortSignal.any([outer, closing.signal]), ...TIMEOUTS };
  const result = await getBody(connection, request, async () => undefined);
  closing.abort();
  return result;
}

async function checkMetrics(
  connection: Connection,
  kind: string,
  signal: AbortSignal,
): Promise<string | undefined> {
  const request = { path: `${METRICS}/${kind}`, signal, ...TIMEOUTS };
  const result = await getItems(connection, request, () => undefined);
  if (result.ok) return undefined;
  const line = sentence('list', `${kind} of metrics.k8s.io`, result.failure);
  const { status } = result.failure;
  return status === 404 || status === 503 ? `${line} (is metrics-server installed, and ready?)` : line;
}

function sentence(verb: string, what: string, { message }: ApiFailure): string {
  return `cannot ${verb} ${what}: ${message}`;
}

/** Like 1.36; undefined when the server does not say, or its version is not one that a trace can have. */
export async function serverVersion(
  connection: Connection,
  signal: AbortSignal,
): Promise<string | undefined> {
  const found = await getJson(connection, { path: '/version', signal, ...TIMEOUTS });
  if (!found.ok || !isRecord(found.value)) return undefined;
  const { major, minor: text } = found.value;
  // Some providers write "27+".
  const minor = Number.parseInt(String(text), 10);
  return major === '1' && minor >= 25 && minor <= 36 ? `1.${minor}` : undefined;
}
