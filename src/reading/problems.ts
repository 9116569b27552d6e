/** One thing that is wrong with a configuration. */
export interface ConfigProblem {
  /** The field at fault, like `placement.rules[0].set.load`; empty: the document itself. */
  readonly path: string;
  /** The line that it, or what it is missing from, stands on, counted from 1; undefined when not even what it belongs to is there. */
  readonly line?: number | undefined;
  readonly found: string;
  readonly allowed: string;
}

export type PathKey = string | number;

const MAX_FOUND_CHARACTERS = 80;

/** Lines for an operator's terminal, one a problem. */
export function formatProblems(problems: readonly ConfigProblem[]): string {
  return problems.map(formatProblem).join('\n');
}

export function pathText(keys: readonly PathKey[]): string {
  return keys.reduce<string>((path, key) => {
    if (typeof key === 'number') return `${path}[${key}]`;
    if (!/^[A-Za-z_]\w*$/.test(key)) return `${path}[${JSON.stringify(key)}]`;
    return path === '' ? key : `${path}.${key}`;
  }, '');
}

/** Undefined when there is nothing at that path. Own keys only: a file may well say `constructor`. */
export function valueAt(document: unknown, path: readonly PathKey[]): unknown {
  return path.reduce<unknown>(
    (value, key) => (isMapping(value) && Object.hasOwn(value, key) ? value[key] : undefined),
    document,
  );
}

/** A mapping or a list. */
function isMapping(value: unknown): value is Readonly<Record<PathKey, unknown>> {
  return typeof value === 'object' && value !== null;
}

export function foundText(value: unknown): string {
  if (value === undefined) return 'nothing';
  const text = JSON.stringify(value) ?? String(value);
  return text.length > MAX_FOUND_CHARACTERS ? `${text.slice(0, MAX_FOUND_CHARACTERS)}…` : text;
}

function formatProblem({ path, line, found, allowed }: ConfigProblem): string {
  const where = path === '' ? 'configuration' : path;
  return `${where}${line === undefined ? '' : ` (line ${line})`}: found ${found}, allowed: ${allowed}`;
}
