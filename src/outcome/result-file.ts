import { type ConfigProblem, foundText, pathText, valueAt } from '../reading/problems.ts';
import type { SimulationResult } from './result.ts';
import { resultFile } from './result-schema.ts';

export type ReadResult =
  | { readonly ok: true; readonly result: SimulationResult }
  | { readonly ok: false; readonly problems: readonly ConfigProblem[] };

/** A file of a wrong kind has a problem with nearly every key: the first ones tell enough. */
const MOST_PROBLEMS = 10;

/** Reads what `--output json` of `simulate` and `rehearse` prints. */
export function readResult(text: string): ReadResult {
  let document: unknown;
  try {
    document = JSON.parse(text);
  } catch (error) {
    const found = error instanceof Error ? error.message : String(error);
    return { ok: false, problems: [{ path: '', found, allowed: 'JSON' }] };
  }
  const parsed = resultFile.safeParse(document);
  if (parsed.success) return { ok: true, result: parsed.data };
  const problems = parsed.error.issues.slice(0, MOST_PROBLEMS).map((issue) => {
    const path = issue.path.map((key) => (typeof key === 'number' ? key : String(key)));
    return { path: pathText(path), found: foundText(valueAt(document, path)), allowed: issue.message };
  });
  return { ok: false, problems };
}
