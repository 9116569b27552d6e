import type { Trace } from '../../trace/schema.ts';
import { namespacesOf, REHEARSAL_LABEL } from '../objects.ts';
import type { Item, RehearsalCluster } from './cluster.ts';

/** These are there always, and their objects are none of ours. */
const KEPT: readonly string[] = ['default', 'kube-system'];
/** Of what is in the way so many are named. */
const NAMED = 3;

/**
 * Keeps a rehearsal from a cluster that is in use: pods would go to nodes that the trace does not have, and
 * what is deleted in the end must be ours. Throws with what is in the way.
 *
 * @returns the namespaces that have to be created
 */
export async function requireFreeCluster(
  cluster: RehearsalCluster,
  trace: Trace,
): Promise<readonly string[]> {
  const nodes = await cluster.list('/api/v1/nodes');
  if (nodes.length > 0) throw new Error(`the cluster has nodes, and a trace brings its own: ${text(nodes)}`);
  const wanted = new Set(namespacesOf(trace).filter((name) => !KEPT.includes(name)));
  const namespaces = await cluster.list('/api/v1/namespaces');
  const taken = namespaces.filter(({ metadata }) => wanted.has(metadata.name));
  if (taken.length > 0) throw new Error(`the cluster has namespaces of the trace: ${text(taken)}`);
  return [...wanted];
}

function text(items: readonly Item[]): string {
  const names = items.slice(0, NAMED).map(({ metadata }) => metadata.name);
  const more = items.length > NAMED ? ` and ${items.length - NAMED} more` : '';
  const isLeft = items.every(({ metadata }) => metadata.labels?.[REHEARSAL_LABEL] !== undefined);
  const advice = isLeft ? ', left by another rehearsal: spillway rehearse --clean-up deletes them' : '';
  return `${names.join(', ')}${more}${advice}`;
}
