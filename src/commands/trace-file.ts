import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { formatTraceProblems, readTrace } from '../simulator/trace/read.ts';
import type { Trace } from '../simulator/trace/schema.ts';

export type LoadedTrace =
  | { readonly ok: true; readonly file: string; readonly text: string; readonly trace: Trace }
  /** For people: what is wrong, with every problem of the trace. */
  | { readonly ok: false; readonly message: string };

/**
 * Finds, reads and checks a trace.
 *
 * @param name a path is a path; a bare name is one of the traces that come with the package, or a file here
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

function findTrace(name: string): string | undefined {
  const isPath = name.includes('/') || name.includes('\\');
  const folder = simulationsFolder();
  const shipped = isPath ? [] : [`${folder}${name}`, `${folder}${name}.json`];
  return [...shipped, name].find((file) => existsSync(file));
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
