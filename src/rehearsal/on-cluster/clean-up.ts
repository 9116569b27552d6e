import { errorText } from '../../kubernetes/failure.ts';
import { REHEARSAL_LABEL } from '../objects.ts';
import { type Item, inParallel, type RehearsalCluster } from './cluster.ts';
import type { RehearsalHost } from './rehearsal.ts';

const PODS = '/api/v1/pods';
/** Where a rehearsal may have left something, namespaced collections first: their namespaces go last. */
const COLLECTIONS = [
  '/apis/autoscaling/v2/horizontalpodautoscalers',
  '/apis/apps/v1/deployments',
  '/apis/apps/v1/replicasets',
  PODS,
  '/api/v1/nodes',
  '/api/v1/namespaces',
] as const;

/** The namespace controller empties a namespace within seconds. */
const GONE_WITHIN_MS = 60_000;
const CHECK_MS = 500;

/**
 * Deletes what a rehearsal created, found by its label, and waits until it is gone. A failure is told, not thrown:
 * it must not hide what came of the rehearsal.
 *
 * @param id undefined: what any rehearsal has left
 * @returns whether nothing is left
 */
export async function cleanUp(
  cluster: RehearsalCluster,
  { runtime, err }: Pick<RehearsalHost, 'runtime' | 'err'>,
  id?: string,
): Promise<boolean> {
  const never = new AbortController().signal;
  try {
    const count = (await deleteOnce(cluster, id)).length;
    err(`${count} objects are deleted\n`);
    const untilMs = runtime.nowMs() + GONE_WITHIN_MS;
    // Again each time: a controller may have made a pod anew before it heard that its owner is gone.
    let left = await deleteOnce(cluster, id);
    while (left.length > 0 && runtime.nowMs() < untilMs) {
      await runtime.sleep(CHECK_MS, never);
      left = await deleteOnce(cluster, id);
    }
    if (left.length === 0) return true;
    err(`still there after ${GONE_WITHIN_MS / 1000} s: ${left.slice(0, 3).join(', ')}\n`);
  } catch (error) {
    err(`not all could be deleted: ${errorText(error)}\n`);
  }
  err('spillway rehearse --clean-up deletes what is left\n');
  return false;
}

/** @returns the paths of what was found, what is being deleted already with it */
async function deleteOnce(cluster: RehearsalCluster, id: string | undefined): Promise<readonly string[]> {
  const labelSelector = id === undefined ? REHEARSAL_LABEL : `${REHEARSAL_LABEL}=${id}`;
  const found: string[] = [];
  for (const collection of COLLECTIONS) {
    const items = await cluster.list(collection, { labelSelector });
    found.push(...items.map(({ metadata }) => pathOf(collection, metadata)));
    // A pod is deleted for good, since nobody ends the containers of a node that is silent or gone.
    const open = items.filter(
      ({ metadata }) => collection === PODS || metadata.deletionTimestamp === undefined,
    );
    await inParallel(open, ({ metadata }) => cluster.remove(pathOf(collection, metadata)));
  }
  return found;
}

function pathOf(collection: string, { namespace, name }: Item['metadata']): string {
  if (namespace === undefined) return `${collection}/${name}`;
  const slash = collection.lastIndexOf('/');
  return `${collection.slice(0, slash)}/namespaces/${namespace}${collection.slice(slash)}/${name}`;
}
