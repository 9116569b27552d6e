import type { NodeObject, PodObject } from '../picture/objects.ts';
import {
  done,
  excess,
  isObject,
  isSet,
  pathBelow,
  problem,
  type Read,
  readJson,
  type Unread,
} from './guard.ts';
import { isName, maxNodes, maxVictims, notAName } from './limits.ts';
import { readPod } from './read-pod.ts';

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

/**
 * Reads the question of filter and prioritize.
 *
 * @param knownNodes how many nodes there are, as far as is known
 */
export function readQuestion(body: string | Uint8Array, knownNodes: number): Read<Question> {
  const args = readArgs(body);
  if (!args.ok) return args;
  const { pod, fields } = args.value;
  // The scheduler reads NodeNames first where an answer has both, so they are what is answered.
  if (isSet(fields.NodeNames)) {
    const names = readNames(fields.NodeNames, maxNodes(knownNodes));
    return names.ok ? done({ pod, names: names.value, nodes: undefined }) : names;
  }
  if (!isSet(fields.Nodes)) {
    return problem('NodeNames', fields.NodeNames, 'a list of node names, or a NodeList under Nodes');
  }
  const nodes = readNodes(fields.Nodes, maxNodes(knownNodes));
  if (!nodes.ok) return nodes;
  return done({ pod, names: nodes.value.map(({ metadata }) => metadata.name), nodes: nodes.value });
}

/** Reads the question of preempt. */
export function readPreemption(body: string | Uint8Array, knownNodes: number): Read<PreemptionQuestion> {
  const args = readArgs(body);
  if (!args.ok) return args;
  const { pod, fields } = args.value;
  const key = isSet(fields.NodeNameToMetaVictims) ? 'NodeNameToMetaVictims' : 'NodeNameToVictims';
  const byNode = fields[key];
  if (!isObject(byNode)) return problem(key, byNode, 'victims by node name');
  const names = Object.keys(byNode);
  if (names.length > maxNodes(knownNodes)) return excess(key, names.length, 'nodes', maxNodes(knownNodes));
  const long = names.find((name) => !isName(name));
  if (long !== undefined) return notAName(pathBelow(key, long), long);
  const inAll = countVictims(byNode);
  if (inAll > maxVictims(knownNodes)) return excess(key, inAll, 'victims', maxVictims(knownNodes));
  const victims = new Map<string, NodeVictims>();
  for (const name of names) {
    const read = readVictims(byNode[name], pathBelow(key, name));
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

function readNames(value: unknown, most: number): Read<readonly string[]> {
  if (!Array.isArray(value)) return problem('NodeNames', value, 'a list of node names');
  if (value.length > most) return excess('NodeNames', value.length, 'names', most);
  const wrong = value.findIndex((name) => !isName(name));
  return wrong < 0 ? done(value) : notAName(`NodeNames[${wrong}]`, value[wrong]);
}

function readNodes(list: unknown, most: number): Read<readonly NodeObject[]> {
  if (!isObject(list)) return problem('Nodes', list, 'a NodeList');
  const { items: sent }: Unread<'items'> = list;
  const items = sent ?? [];
  if (!Array.isArray(items)) return problem('Nodes.items', items, 'a list of nodes');
  if (items.length > most) return excess('Nodes.items', items.length, 'nodes', most);
  const wrong = items.findIndex((node) => !isName(node?.metadata?.name));
  if (wrong < 0) return done(items);
  return notAName(`Nodes.items[${wrong}].metadata.name`, items[wrong]?.metadata?.name);
}

/** Before they are read. What has no list of victims is looked at then. */
function countVictims(byNode: Readonly<Record<string, unknown>>): number {
  return Object.values(byNode).reduce<number>((count, value) => {
    const { Pods: pods }: Unread<'Pods'> = isObject(value) ? value : {};
    return count + (Array.isArray(pods) ? pods.length : 0);
  }, 0);
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
    if (!isName(uid)) return notAName(`${path}.Pods[${index}].UID`, uid);
    uids.push(uid);
  }
  return done({ uids, pdbViolations });
}
