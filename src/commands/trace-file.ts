import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { isAbsolute } from 'node:path';
import { fileURLToPath } from 'node:url';
import { formatTraceProblems, readTrace } from '../trace/read.ts';
import type { Trace } from '../trace/schema.ts';

export type LoadedTrace =
  | { readonly ok: true; readonly file: string; readonly text: string; readonly trace: Trace }
  /** For people: what is wrong, with every problem of the trace. */
  | { readonly ok: false; readonly message: string };

/**
 * Finds, reads and checks a trace.
 *
 * @param name one of the traces that come with the package, or a file: what has a slash is first looked for as a path
 */
export async function loadTrace(name: string): Promise<LoadedTrace> {
  const file = findTrace(name);
  if (file === undefined) {
    return { ok: false, message: `${name} is not a file, nor a trace in ${simulationsFolder()}` };
  }
  const text = await readFile(file, 'utf8').catch((error: unknown) => ({ problem: messageOf(error) }));
  if (typeof text !== 'string') return { ok: false, message: `${file} cannot be read: ${text.problem}` };
  const read = await readTrace(text);
  return read.ok
    ? { ok: true, file, text, trace: read.trace }
    : { ok: false, message: `${file} is not valid:\n${formatTraceProblems(read.problems)}` };
}

/** Of the traces that come with the package, names may leave theirs out. */
const ENDINGS = ['', '.json', '.yaml'];

function findTrace(name: string): string | undefined {
  const folder = simulationsFolder();
  const shipped = isAbsolute(name) ? [] : ENDINGS.map((ending) => `${folder}${name}${ending}`);
  const isPath = name.includes('/') || name.includes('\\');
  return (isPath ? [name, ...shipped] : [...shipped, name]).find((file) => existsSync(file));
}

/** Beside dist/ in the package, two folders up in the sources. */
function simulationsFolder(): string {
  const folders = ['../simulations/', '../../simulations/'].map((path) =>
    fileURLToPath(new URL(path, import.meta.url)),
  );
  return folders.find((folder) => existsSync(folder)) ?? 'simulations/';
}

export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
