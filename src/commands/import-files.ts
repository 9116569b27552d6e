import { createReadStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { foundText, type PathKey, pathText, valueAt } from '../reading/problems.ts';
import type { JsonObject } from '../recorder/objects.ts';
import { deploymentObject, nodeObject } from '../trace/kubernetes.ts';
import { messageOf } from './trace-file.ts';

/** What was read; or what is wrong, for people: every problem names the file, the place, and what is allowed. */
export type Imported<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly problems: readonly string[] };

export function imported<T>(value: T): Imported<T> {
  return { ok: true, value };
}

export function refused(...problems: readonly string[]): {
  readonly ok: false;
  readonly problems: readonly string[];
} {
  return { ok: false, problems };
}

type Kind = 'Node' | 'Deployment' | 'Pod' | 'HorizontalPodAutoscaler';

/** The items of a list as `kubectl get -o json` (or `-o yaml`) prints it; one object is a list too. */
export async function readList(file: string, kind: string): Promise<Imported<readonly unknown[]>> {
  const document = await readDocument(file);
  if (!document.ok) return document;
  const items = valueAt(document.value, ['items']);
  if (Array.isArray(items)) return imported(items);
  if (valueAt(document.value, ['kind']) === kind) return imported([document.value]);
  const found = foundText(valueAt(document.value, ['kind']) ?? document.value);
  return refused(`${file}: found ${found}, allowed: a list of objects of the kind ${kind}`);
}

/** A list of objects of one kind, of which everything is checked that a trace needs. */
export async function readObjects(
  file: string | undefined,
  kind: Kind,
): Promise<Imported<readonly JsonObject[]>> {
  if (file === undefined) return imported([]);
  const list = await readList(file, kind);
  if (!list.ok) return list;
  const problems = list.value.flatMap((item, index) => problemsOf(item, kind, ['items', index]));
  return problems.length === 0
    ? imported(list.value as readonly JsonObject[])
    : refused(...problems.map((problem) => `${file}: ${problem}`));
}

function problemsOf(item: unknown, kind: Kind, path: readonly PathKey[]): readonly string[] {
  const found = valueAt(item, ['kind']);
  if (found !== undefined && found !== kind) {
    return [`${pathText([...path, 'kind'])}: found ${foundText(found)}, allowed: ${kind}`];
  }
  const name = valueAt(item, ['metadata', 'name']);
  if (typeof name !== 'string') {
    return [`${pathText([...path, 'metadata', 'name'])}: found ${foundText(name)}, allowed: a name`];
  }
  if (valueAt(item, ['apiVersion']) === 'autoscaling/v1') {
    return [`${pathText([...path, 'apiVersion'])}: found "autoscaling/v1", allowed: autoscaling/v2`];
  }
  // A pod that has no node yet, and an autoscaler by something else than CPU, are left out later.
  if (kind === 'Pod' || kind === 'HorizontalPodAutoscaler') return [];
  const issues = (kind === 'Node' ? nodeObject : deploymentObject).safeParse(item).error?.issues ?? [];
  return issues.map((issue) => {
    const at = issue.path.map((key) => (typeof key === 'number' ? key : String(key)));
    return `${pathText([...path, ...at])}: found ${foundText(valueAt(item, at))}, allowed: ${issue.message}`;
  });
}

async function readDocument(file: string): Promise<Imported<unknown>> {
  const text = await readFile(file, 'utf8').catch((error: unknown) => ({ problem: messageOf(error) }));
  if (typeof text !== 'string') return refused(`${file} cannot be read: ${text.problem}`);
  try {
    return imported(JSON.parse(text));
  } catch {
    // The parser of YAML names line and column of what is wrong in JSON too.
    const { parse } = await import('../reading/yaml.ts');
    try {
      return imported(parse(text));
    } catch (error) {
      return refused(`${file}: found ${messageOf(error)}, allowed: JSON or YAML, as kubectl prints it`);
    }
  }
}

/** The bytes of a file, unpacked when its name says that it is packed; or standard input. */
export async function openBytes(file: string): Promise<AsyncIterable<Buffer>> {
  if (file === '-') return process.stdin;
  const stream = createReadStream(file);
  if (!file.endsWith('.gz')) return stream;
  const { createGunzip } = await import('node:zlib');
  const unpacked = createGunzip();
  // An error of the one must not be left unheard when the other is read.
  stream.on('error', (error) => unpacked.destroy(error));
  return stream.pipe(unpacked);
}
