import type { NodeObject, PodObject } from '../cluster/objects.ts';
import { done, isObject, isSet, problem, type Read, readJson, type Unread } from './guard.ts';

/*
 * Checked by hand: the body of every question comes by here, and a schema library costs more than the
 * decision itself. Only what we rely on is checked; the rest of a pod the API server has validated.
 */

export interface Question {
  readonly pod: PodObject;
  /** The candidates' names, in the scheduler's order. */
  readonly names: readonly string[];
  /** The candidates as they were sent, in the order of `names`; undefined with `nodeCacheCapable: true`. */
  readonly nodes: readonly NodeObject[] | undefined;
}

export interface PreemptionQuestion {
  readonly pod: PodObject;
  /** By node name. Identifiers only, whichever way they were sent: that is how they are answered. */
  readonly victims: ReadonlyMap<string, NodeVictims>;
}

export interface NodeVictims {
  readonly uids: readonly string[];
  readonly pdbViolations: number;
}

type Args = Unread<'Pod' | 'Nodes' | 'NodeNames' | 'NodeNameToVictims' | 'NodeNameToMetaVictims'>;

/** Reads the question of filter and prioritize. */
export function readQuestion(body: string | Uint8Array): Read<Question> {
  const args = readArgs(body);
  if (!args.ok) return args;
  const { pod, fields } = args.value;
  // The scheduler reads NodeNames first where an answer has both, so they are what is answered.
  if (isSet(fields.NodeNames)) {
    const names = readNames(fields.NodeNames);
    return names.ok ? done({ pod, names: names.value, nodes: undefined }) : names;
  }
  if (!isSet(fields.Nodes)) {
    return problem('NodeNames', fields.NodeNames, 'a list of node names, or a NodeList under Nodes');
  }
  const nodes = readNodes(fields.Nodes);
  if (!nodes.ok) return nodes;
  return done({ pod, names: nodes.value.map(({ metadata }) => metadata.name), nodes: nodes.value });
}

/** Reads the question of preempt. */
export function readPreemption(body: string | Uint8Array): Read<PreemptionQuestion> {
  const args = readArgs(body);
  if (!args.ok) return args;
  const { pod, fields } = args.value;
  const key = isSet(fields.NodeNameToMetaVictims) ? 'NodeNameToMetaVictims' : 'NodeNameToVictims';
  const byNode = fields[key];
  if (!isObject(byNode)) return problem(key, byNode, 'victims by node name');
  const victims = new Map<string, NodeVictims>();
  for (const name of Object.keys(byNode)) {
    const read = readVictims(byNode[name], `${key}.${name}`);
    if (!read.ok) return read;
    victims.set(name, read.value);
  }
  return done({ pod, victims });
}

/** The pod's uid, of a question that may not be readable: the one thing that must be known before it is read. */
export function uidAskedAbout(body: string | Uint8Array): string | undefined {
  const json = readJson(body);
  const { Pod: pod }: Unread<'Pod'> = json.ok && isObject(json.value) ? json.value : {};
  const { metadata }: Unread<'metadata'> = isObject(pod) ? pod : {};
  const { uid }: Unread<'uid'> = isObject(metadata) ? metadata : {};
  return typeof uid === 'string' ? uid : undefined;
}

function readArgs(body: string | Uint8Array): Read<{ readonly pod: PodObject; readonly fields: Args }> {
  const json = readJson(body);
  if (!json.ok) return json;
  if (!isObject(json.value)) return problem('', json.value, 'a JSON object');
  const fields: Args = json.value;
  const pod = readPod(fields.Pod);
  return pod.ok ? done({ pod: pod.value, fields }) : pod;
}

/** What identifies the pod must be right: it would be kept under a wrong identity otherwise. */
function readPod(pod: unknown): Read<PodObject> {
  if (!isObject(pod)) return problem('Pod', pod, 'an object');
  const { metadata }: Unread<'metadata'> = pod;
  if (!isObject(metadata)) return problem('Pod.metadata', metadata, 'an object');
  const { name, namespace, uid }: Unread<'name' | 'namespace' | 'uid'> = metadata;
  if (!isNamed(pod)) return problem('Pod.metadata.name', name, 'a text that is not empty');
  if (isSet(namespace) && typeof namespace !== 'string') {
    return problem('Pod.metadata.namespace', namespace, 'a text');
  }
  if (isSet(uid) && typeof uid !== 'string') return problem('Pod.metadata.uid', uid, 'a text');
  // As it came, not copied: each pod has keys of its own, and V8 makes no quick work of copying those.
  return done(pod);
}

function isNamed(pod: Unread<'metadata'>): pod is { readonly metadata: { readonly name: string } } {
  const { name }: Unread<'name'> = isObject(pod.metadata) ? pod.metadata : {};
  return typeof name === 'string' && name !== '';
}

function readNames(value: unknown): Read<readonly string[]> {
  if (!Array.isArray(value)) return problem('NodeNames', value, 'a list of node names');
  const wrong = value.findIndex((name) => typeof name !== 'string');
  return wrong < 0 ? done(value) : problem(`NodeNames[${wrong}]`, value[wrong], 'a text');
}

function readNodes(list: unknown): Read<readonly NodeObject[]> {
  if (!isObject(list)) return problem('Nodes', list, 'a NodeList');
  const { items: sent }: Unread<'items'> = list;
  const items = sent ?? [];
  if (!Array.isArray(items)) return problem('Nodes.items', items, 'a list of nodes');
  const wrong = items.findIndex((node) => typeof node?.metadata?.name !== 'string');
  if (wrong < 0) return done(items);
  return problem(`Nodes.items[${wrong}].metadata.name`, items[wrong]?.metadata?.name, 'a text');
}

function readVictims(value: unknown, path: string): Read<NodeVictims> {
  if (isSet(value) && !isObject(value)) return problem(path, value, 'an object');
  const victims: Unread<'Pods' | 'NumPDBViolations'> = isObject(value) ? value : {};
  const pods = victims.Pods ?? [];
  if (!Array.isArray(pods)) return problem(`${path}.Pods`, pods, 'a list of pods');
  const pdbViolations = victims.NumPDBViolations ?? 0;
  if (typeof pdbViolations !== 'number' || !Number.isSafeInteger(pdbViolations)) {
    return problem(`${path}.NumPDBViolations`, pdbViolations, 'a whole number');
  }
  const uids: string[] = [];
  for (const [index, pod] of pods.entries()) {
    const uid: unknown = pod?.UID ?? pod?.metadata?.uid;
    if (typeof uid !== 'string') return problem(`${path}.Pods[${index}].UID`, uid, 'a text');
    uids.push(uid);
  }
  return done({ uids, pdbViolations });
}
