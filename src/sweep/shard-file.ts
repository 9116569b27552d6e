import { createHash } from 'node:crypto';
import { MEASURE_COLUMNS } from '../compare/columns.ts';
import { TRACE_API_VERSION } from '../trace/schema.ts';
import { runsOf, runsOfShard, type Shard } from './plan.ts';
import type { Sweep } from './report.ts';
import type { RunOutcome } from './run.ts';
import { readAxis } from './spec.ts';

const KIND = 'SweepShard';

/** The part of a sweep that one shard ran, as it is written to a file and read by `merge`. */
interface ShardFile {
  readonly apiVersion: typeof TRACE_API_VERSION;
  readonly kind: typeof KIND;
  readonly sweep: SweepIdentity;
  readonly shard: Shard;
  readonly outcomes: readonly RunOutcome[];
}

/** Shards belong together when all of this is the same. */
interface SweepIdentity {
  readonly name: string;
  /** SHA-256 of the trace's text. */
  readonly traceDigest: string;
  /** As they were written: `threshold=0.5,0.6`. */
  readonly axes: readonly string[];
  readonly seeds: readonly number[];
}

export function shardText(
  sweep: Sweep,
  traceText: string,
  shard: Shard,
  outcomes: readonly RunOutcome[],
): string {
  const file: ShardFile = {
    apiVersion: TRACE_API_VERSION,
    kind: KIND,
    sweep: {
      name: sweep.name,
      traceDigest: createHash('sha256').update(traceText).digest('hex'),
      axes: sweep.plan.axes.map(({ key, values }) => `${key.name}=${values.join(',')}`),
      seeds: sweep.plan.seeds,
    },
    shard,
    outcomes: [...outcomes].sort((left, right) => left.index - right.index),
  };
  return `${JSON.stringify(file)}\n`;
}

export interface NamedText {
  readonly file: string;
  readonly text: string;
}

export type MergeResult =
  | { readonly ok: true; readonly sweep: Sweep; readonly outcomes: readonly RunOutcome[] }
  | { readonly ok: false; readonly problem: string };

/** All shards of one sweep, in any order, each of them once. */
export function mergeShards(texts: readonly NamedText[]): MergeResult {
  const parsed: { readonly file: string; readonly content: ShardFile }[] = [];
  for (const { file, text } of texts) {
    const content = readShard(text);
    if (content === undefined) return { ok: false, problem: `${file} is not what a sweep's shard writes` };
    parsed.push({ file, content });
  }
  const [first, ...others] = parsed;
  if (first === undefined) return { ok: false, problem: 'no files to merge' };
  const { sweep: identity, shard } = first.content;
  for (const { file, content } of others) {
    if (!isSame(content.sweep, identity) || content.shard.count !== shard.count) {
      return { ok: false, problem: `${file} is of another sweep than ${first.file}` };
    }
  }
  const numbers = parsed.map(({ content }) => content.shard.number);
  const twice = parsed.find(({ content }, index) => numbers.indexOf(content.shard.number) !== index);
  if (twice !== undefined) {
    return { ok: false, problem: `${twice.file} is shard ${twice.content.shard.number} for the second time` };
  }
  const missing = Array.from({ length: shard.count }, (_, index) => index + 1).filter(
    (number) => !numbers.includes(number),
  );
  if (missing.length > 0) {
    return { ok: false, problem: `of ${shard.count} shards these are missing: ${missing.join(', ')}` };
  }
  return sweepOf(identity, parsed);
}

function sweepOf(
  { name, axes: texts, seeds }: SweepIdentity,
  parsed: readonly { readonly file: string; readonly content: ShardFile }[],
): MergeResult {
  const read = texts.map(readAxis);
  const wrong = read.find((result) => !result.ok);
  if (wrong !== undefined && !wrong.ok) return { ok: false, problem: wrong.problem };
  const plan = { axes: read.flatMap((result) => (result.ok ? [result.axis] : [])), seeds };
  const outcomes = parsed.flatMap(({ content }) => content.outcomes);
  for (const { file, content } of parsed) {
    if (content.outcomes.length !== runsOfShard(plan, content.shard).length) {
      return { ok: false, problem: `${file} does not have all runs of its shard` };
    }
  }
  return outcomes.length === runsOf(plan).length
    ? { ok: true, sweep: { name, plan }, outcomes }
    : { ok: false, problem: 'the shards do not make up the sweep' };
}

/** Undefined: it is something else. */
function readShard(text: string): ShardFile | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  return isShardFile(value) ? value : undefined;
}

/** Files come from this program: their kind is checked, and what a report reads of each outcome. */
function isShardFile(value: unknown): value is ShardFile {
  if (typeof value !== 'object' || value === null) return false;
  const { kind, apiVersion, sweep, shard, outcomes } = value as Partial<ShardFile>;
  return (
    kind === KIND &&
    apiVersion === TRACE_API_VERSION &&
    Array.isArray(sweep?.axes) &&
    Array.isArray(sweep.seeds) &&
    typeof shard?.number === 'number' &&
    Array.isArray(outcomes) &&
    outcomes.every(isOutcome)
  );
}

function isOutcome(outcome: Partial<Record<'index' | 'error' | 'measures', unknown>>): boolean {
  const { index, error, measures } = outcome;
  if (typeof index !== 'number') return false;
  if (typeof error === 'string') return true;
  return (
    typeof measures === 'object' && measures !== null && MEASURE_COLUMNS.every(({ key }) => key in measures)
  );
}

function isSame(left: SweepIdentity, right: SweepIdentity): boolean {
  return JSON.stringify(left) === JSON.stringify(right);
}
