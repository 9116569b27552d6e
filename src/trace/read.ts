import type * as z from 'zod';
import { acrossFields } from '../config/across.ts';
import { nearest } from '../reading/nearest.ts';
import { type ConfigProblem, foundText, type PathKey, pathText } from '../reading/problems.ts';
import { referenceProblems } from './references.ts';
import { type Trace, traceFile } from './schema.ts';

export type TraceResult =
  | { readonly ok: true; readonly trace: Trace }
  | { readonly ok: false; readonly problems: readonly ConfigProblem[] };

/** Reads the text of a trace, JSON or YAML. Names everything that is wrong, not only the first. */
export async function readTrace(text: string): Promise<TraceResult> {
  const document = await parseDocument(text);
  return document.ok ? checkTrace(document.value) : { ok: false, problems: [document.problem] };
}

/** Checks a trace that was parsed already. */
export async function checkTrace(document: unknown): Promise<TraceResult> {
  const parsed = traceFile.safeParse(document);
  const problems: ConfigProblem[] = [];
  for (const issue of parsed.error?.issues ?? []) problems.push(...(await issueProblems(issue, document)));
  for (const { path, allowed } of acrossFields(valueAt(document, ['configuration']))) {
    problems.push(problemAt(document, ['configuration', ...path], allowed));
  }
  if (parsed.success) {
    for (const { path, allowed } of referenceProblems(parsed.data)) {
      problems.push(problemAt(document, path, allowed));
    }
  }
  return parsed.success && problems.length === 0 ? { ok: true, trace: parsed.data } : { ok: false, problems };
}

/** Lines for an operator's terminal, one a problem. */
export function formatTraceProblems(problems: readonly ConfigProblem[]): string {
  return problems
    .map(({ path, found, allowed }) => `${path === '' ? 'trace' : path}: found ${found}, allowed: ${allowed}`)
    .join('\n');
}

type Parsed =
  | { readonly ok: true; readonly value: unknown }
  | { readonly ok: false; readonly problem: ConfigProblem };

/**
 * The document that a trace's text stands for, not checked. The YAML parser is loaded only for a trace that is
 * no JSON: it would take a third of a short run.
 */
export async function parseDocument(text: string): Promise<Parsed> {
  try {
    return { ok: true, value: JSON.parse(text) };
  } catch {
    const { parse } = await import('../reading/yaml.ts');
    try {
      return { ok: true, value: parse(text) };
    } catch (error) {
      const found = error instanceof Error ? error.message : String(error);
      return { ok: false, problem: { path: '', found, allowed: 'JSON or YAML' } };
    }
  }
}

async function issueProblems(issue: z.core.$ZodIssue, document: unknown): Promise<readonly ConfigProblem[]> {
  const path = issue.path.map((key) => (typeof key === 'number' ? key : String(key)));
  if (issue.code !== 'unrecognized_keys') return [problemAt(document, path, issue.message)];
  const { traceKeysAt } = await import('./json-schema.ts');
  const known = traceKeysAt(document, path);
  return issue.keys.map((key) => {
    const meant = nearest(key, known);
    const hint = meant === undefined ? '' : `${meant}? `;
    const allowed = `${hint}The keys here are ${known.join(', ')}`;
    return { path: pathText([...path, key]), found: 'an unknown key', allowed };
  });
}

function problemAt(document: unknown, path: readonly PathKey[], allowed: string): ConfigProblem {
  return { path: pathText(path), found: foundText(valueAt(document, path)), allowed };
}

function valueAt(document: unknown, path: readonly PathKey[]): unknown {
  return path.reduce<unknown>(
    (value, key) =>
      typeof value === 'object' && value !== null
        ? Object.entries(value).find(([name]) => name === String(key))?.[1]
        : undefined,
    document,
  );
}
