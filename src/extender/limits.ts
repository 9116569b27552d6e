import { excess, problem, type Read } from './guard.ts';

/*
 * A question of a real scheduler is far below these. Whoever else reaches the port must not make us read,
 * keep and answer more than the cluster has.
 */

/** Kubernetes' own for names; its UIDs have 36. */
const MAX_NAME_CHARACTERS = 253;

/** The scheduler may know nodes that the watch has not shown us yet, and still know some that are gone. */
export function maxNodes(knownNodes: number): number {
  return 2 * knownNodes + 1000;
}

/**
 * Of all nodes together. 110 pods a node is the kubelet's default maximum; the rest leaves room for small
 * clusters whose nodes take more.
 */
export function maxVictims(knownNodes: number): number {
  return 110 * knownNodes + 10_000;
}

export function isName(value: unknown): value is string {
  return typeof value === 'string' && value.length <= MAX_NAME_CHARACTERS;
}

export function notAName(path: string, found: unknown): Read<never> {
  return typeof found === 'string'
    ? excess(path, found.length, 'characters', MAX_NAME_CHARACTERS)
    : problem(path, found, 'a text');
}
