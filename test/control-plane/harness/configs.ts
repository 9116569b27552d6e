import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';

type Json = Readonly<Record<string, unknown>>;

/** Ways of plugging in, by the names of their folders in scheduler-config/ and deploy/kustomize. */
export type PlugIn = 'second-scheduler' | 'default-profile';

export interface ExtenderOptions {
  readonly urlPrefix: string;
  readonly nodeCacheCapable?: boolean;
  readonly ignorable?: boolean;
  readonly weight?: number;
  readonly httpTimeout?: string;
  readonly enableHTTPS?: boolean;
  readonly tlsConfig?: Json;
}

export interface OtherExtenders {
  readonly before?: readonly Json[];
  readonly after?: readonly Json[];
}

interface SchedulerFile extends Json {
  readonly extenders: readonly Json[];
}

interface SpillwayFile extends Json {
  readonly server: Json & { readonly management?: Json; readonly tls?: Json };
}

/**
 * The configuration that users apply, from scheduler-config/, with what differs on this machine filled in:
 * where the extender listens and how to log in. Everything else is tested as it is written there.
 *
 * @param others extenders that kube-scheduler asks before and after Spillway
 */
export function schedulerConfig(
  plugIn: PlugIn,
  kubeconfig: string,
  extender: ExtenderOptions,
  { before = [], after = [] }: OtherExtenders = {},
): object {
  const file = readYaml(`scheduler-config/${plugIn}/kube-scheduler.yaml`) as SchedulerFile;
  const [own] = file.extenders;
  return {
    ...file,
    clientConnection: { kubeconfig },
    extenders: [...before, { ...own, ...extender }, ...after],
  };
}

/** Spillway's configuration from deploy/kustomize, with what a test wants otherwise. */
export function spillwayConfig(plugIn: PlugIn, changes: Json): SpillwayFile {
  return merge(readYaml(`deploy/kustomize/${plugIn}/config.yaml`), changes) as SpillwayFile;
}

export const REPOSITORY = fileURLToPath(new URL('../../..', import.meta.url));

function readYaml(path: string): Json {
  return parse(readFileSync(`${REPOSITORY}/${path}`, 'utf8'));
}

function merge(base: Json, changes: Json): Json {
  const merged: Record<string, unknown> = { ...base };
  for (const [key, value] of Object.entries(changes)) {
    const old = merged[key];
    merged[key] = isRecord(old) && isRecord(value) ? merge(old, value) : value;
  }
  return merged;
}

function isRecord(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
