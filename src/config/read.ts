import { type Document, isNode, LineCounter, parseDocument, type YAMLError } from 'yaml';
import type * as z from 'zod';
import { nearest } from '../reading/nearest.ts';
import { type ConfigProblem, foundText, type PathKey, pathText, valueAt } from '../reading/problems.ts';
import { acrossFields } from './across.ts';
import { type Config, configOf } from './config.ts';
import { configJsonSchema, keysAt } from './json-schema.ts';
import { configFile } from './schema.ts';

export type ConfigResult =
  | { readonly ok: true; readonly config: Config }
  | { readonly ok: false; readonly problems: readonly ConfigProblem[] };

/** Reads the text of a configuration file. Names everything that is wrong, not only the first. */
export function readConfig(text: string): ConfigResult {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const broken = [...document.errors, ...document.warnings];
  if (broken.length > 0) {
    return { ok: false, problems: broken.map((error) => syntaxProblem(error, lines)) };
  }
  const value = plainValue(document);
  if (!value.ok) return { ok: false, problems: [value.problem] };
  const parsed = configFile.safeParse(value.data);
  const place = { data: value.data, lineOf: (path: readonly PathKey[]) => lineOf(document, lines, path) };
  const problems = [
    ...(parsed.error?.issues ?? []).flatMap((issue) => schemaProblems(issue, place)),
    ...acrossFields(value.data).map(({ path, allowed }) => problemAt(path, allowed, place)),
  ];
  if (parsed.success && problems.length === 0) return { ok: true, config: configOf(parsed.data) };
  return { ok: false, problems: inOrder(firstOfEachPath(problems)) };
}

interface Place {
  readonly data: unknown;
  readonly lineOf: (path: readonly PathKey[]) => number | undefined;
}

function syntaxProblem(error: YAMLError, lines: LineCounter): ConfigProblem {
  const { line, col } = lines.linePos(error.pos[0]);
  const found = error.code === 'MULTIPLE_DOCS' ? 'a second document' : error.message;
  return { path: '', line, found: `${found} (at column ${col})`, allowed: 'one YAML document' };
}

/** Too many aliases (a "billion laughs" file) are found out only now. */
function plainValue(
  document: Document,
): { readonly ok: true; readonly data: unknown } | { readonly ok: false; readonly problem: ConfigProblem } {
  try {
    return { ok: true, data: document.toJS({ maxAliasCount: 100 }) };
  } catch (error) {
    const found = error instanceof Error ? error.message : String(error);
    return { ok: false, problem: { path: '', found, allowed: 'YAML whose aliases can be resolved' } };
  }
}

function schemaProblems(issue: z.core.$ZodIssue, place: Place): readonly ConfigProblem[] {
  const path = issue.path.map((key) => (typeof key === 'number' ? key : String(key)));
  if (issue.code === 'invalid_key') {
    const allowed = issue.issues[0]?.message ?? issue.message;
    return [{ ...problemAt(path, allowed, place), found: `the key ${foundText(path.at(-1))}` }];
  }
  if (issue.code !== 'unrecognized_keys') return [problemAt(path, issue.message, place)];
  const known = keysAt(configJsonSchema(), path);
  return issue.keys.map((key) => {
    const meant = nearest(key, known);
    const keys = `the keys here are ${known.join(', ')}`;
    const allowed = meant === undefined ? keys : `did you mean ${meant}? (${keys})`;
    return { ...problemAt([...path, key], allowed, place), found: 'an unknown key' };
  });
}

function problemAt(path: readonly PathKey[], allowed: string, place: Place): ConfigProblem {
  const found = foundText(valueAt(place.data, path));
  return { path: pathText(path), line: place.lineOf(path), found, allowed };
}

/** A value that is wrong by itself needs no second word about its neighbours. */
function firstOfEachPath(problems: readonly ConfigProblem[]): readonly ConfigProblem[] {
  return problems.filter(
    ({ path }, index) => problems.findIndex((problem) => problem.path === path) === index,
  );
}

function inOrder(problems: readonly ConfigProblem[]): readonly ConfigProblem[] {
  return problems.toSorted((left, right) => (left.line ?? 0) - (right.line ?? 0));
}

/** Of what is missing: the line of what it is missing from. */
function lineOf(document: Document, lines: LineCounter, path: readonly PathKey[]): number | undefined {
  const node = path.length === 0 ? document.contents : document.getIn(path, true);
  if (isNode(node) && node.range) return lines.linePos(node.range[0]).line;
  return path.length === 0 ? undefined : lineOf(document, lines, path.slice(0, -1));
}
