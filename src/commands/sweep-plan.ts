import { documentOf, type Plan, runsOf, type Shard } from '../sweep/plan.ts';
import { type Axis, readAxis } from '../sweep/spec.ts';
import { checkTrace, formatTraceProblems } from '../trace/read.ts';

const MAX_RUNS = 1_000_000;
const MAX_SEEDS = 100_000;
/** More problems than these say nothing new. */
const MOST_PROBLEMS = 5;

export interface SweepPlanOptions {
  readonly sweep: readonly string[];
  readonly seeds?: string | undefined;
}

type Read<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly problem: string };

/** @param traceSeed what the seed is without `--seeds` */
export function readPlan({ sweep, seeds }: SweepPlanOptions, traceSeed: number): Read<Plan> {
  const axes: Axis[] = [];
  for (const text of sweep) {
    const read = readAxis(text);
    if (!read.ok) return { ok: false, problem: `--sweep: ${read.problem}` };
    const { name } = read.axis.key;
    if (axes.some(({ key }) => key.path.join('.') === read.axis.key.path.join('.'))) {
      return { ok: false, problem: `--sweep: ${name} is swept twice` };
    }
    axes.push(read.axis);
  }
  if (seeds !== undefined && axes.some(({ key }) => key.path[0] === 'seed')) {
    return { ok: false, problem: '--seeds: not together with --sweep seed' };
  }
  const count = wholeNumber(seeds ?? '1', MAX_SEEDS);
  if (count === undefined) {
    return { ok: false, problem: `--seeds: found ${seeds}, allowed: a whole number from 1 to ${MAX_SEEDS}` };
  }
  const runs = axes.reduce((product, { values }) => product * values.length, count);
  if (runs > MAX_RUNS) return { ok: false, problem: `--sweep: ${runs} runs, allowed: at most ${MAX_RUNS}` };
  const value =
    seeds === undefined
      ? { axes, seeds: [traceSeed] }
      : { axes, seeds: Array.from({ length: count }, (_, index) => index + 1) };
  return { ok: true, value };
}

/** Every combination makes a valid trace; else the first problems, each with its values. */
export async function planProblems(document: unknown, plan: Plan): Promise<readonly string[]> {
  const problems: string[] = [];
  for (const run of runsOf({ axes: plan.axes, seeds: plan.seeds.slice(0, 1) })) {
    if (problems.length >= MOST_PROBLEMS) break;
    const values = run.combination.map((value, index) => `${plan.axes[index]?.key.name}=${value}`).join(' ');
    const made = documentOf(document, plan.axes, run);
    if (!made.ok) {
      problems.push(`${values}: ${made.problem}`);
      continue;
    }
    const read = await checkTrace(made.document);
    if (!read.ok) problems.push(`${values}: ${formatTraceProblems(read.problems)}`);
  }
  return problems;
}

/**
 * `3/8`, or `job/8` in a Pod of an Indexed Job: Kubernetes numbers those from 0 in JOB_COMPLETION_INDEX.
 */
export function readShard(text: string, completionIndex: string | undefined): Read<Shard> {
  const [number = '', count = '', ...more] = text.split('/');
  const of = wholeNumber(count, MAX_RUNS);
  if (of === undefined || more.length > 0) {
    return { ok: false, problem: `--shard: found ${text}, allowed: 1/8, 2/8 …, or job/8 in an Indexed Job` };
  }
  if (number === 'job' && !/^\d+$/.test(completionIndex ?? '')) {
    return { ok: false, problem: '--shard: job needs JOB_COMPLETION_INDEX, which an Indexed Job sets' };
  }
  const one = number === 'job' ? String(Number(completionIndex) + 1) : number;
  const value = wholeNumber(one, of);
  return value === undefined
    ? { ok: false, problem: `--shard: found ${one}/${of}, allowed: from 1/${of} to ${of}/${of}` }
    : { ok: true, value: { number: value, count: of } };
}

export function wholeNumber(text: string, most: number): number | undefined {
  const value = /^\d+$/.test(text) ? Number(text) : 0;
  return value >= 1 && value <= most ? value : undefined;
}
