import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '../bench/processes.ts';
import type { Played } from './attacker.ts';
import type { GoodQuestions } from './good-asker.ts';

export interface Run {
  readonly seed: number;
  readonly requests: number;
  readonly seconds: number;
  readonly families: readonly FamilyCounts[];
  /** The service's end, and what was under way then. */
  readonly crash: { readonly how: string; readonly underWay: readonly number[] } | undefined;
  readonly undocumented: readonly Finding[];
  readonly unanswered: readonly Finding[];
  readonly peakRssBytes: number;
  readonly limitBytes: number;
  readonly good: GoodQuestions;
  /** What the service's log has of them, each kind once. */
  readonly errors: readonly string[];
  /** How the picture differs from that before. Undefined after a crash, as is the next. */
  readonly picture: readonly string[] | undefined;
  readonly answer: { readonly before: string; readonly after: string } | undefined;
}

const WRONG_SHOWN = 5;

export interface Finding {
  readonly index: number;
  readonly family: string;
  readonly what: string;
}

export interface FamilyCounts {
  readonly family: string;
  readonly played: number;
  readonly statuses: ReadonlyMap<number, number>;
  readonly slowest: { readonly ms: number; readonly index: number };
  readonly largest: { readonly bytes: number; readonly index: number };
}

/** The statuses that the table "Answers" of docs/operations.md has. */
export function documentedStatuses(
  text: string = readFileSync(join(ROOT, 'docs/operations.md'), 'utf8'),
): ReadonlySet<number> {
  const section = /^## Answers\n([\s\S]*?)(?=^## |(?![\s\S]))/m.exec(text)?.[1] ?? '';
  const cells = Array.from(section.matchAll(/^\|([\d, ]+)\|/gm), ([, cell = '']) => cell.split(','));
  return new Set(cells.flat().map(Number));
}

type Mutable<T> = { -readonly [Key in keyof T]: T[Key] };

/** Adds up what was played, and keeps only what is worth it: a million are too many. */
export class Tally {
  readonly #documented = documentedStatuses();
  readonly #families = new Map<string, Mutable<FamilyCounts> & { readonly statuses: Map<number, number> }>();
  readonly undocumented: Finding[] = [];
  readonly unanswered: Finding[] = [];

  add({ index, family, ms, statuses, bytes, missing }: Played): void {
    const counts = this.#countsOf(family);
    counts.played += 1;
    for (const status of statuses) counts.statuses.set(status, (counts.statuses.get(status) ?? 0) + 1);
    if (ms > counts.slowest.ms) counts.slowest = { ms, index };
    if (bytes > counts.largest.bytes) counts.largest = { bytes, index };
    const unknown = statuses.filter((status) => !this.#documented.has(status));
    if (unknown.length > 0) this.undocumented.push({ index, family, what: String(unknown[0]) });
    if (missing > 0) this.unanswered.push({ index, family, what: `${missing} of the answers due` });
  }

  families(): readonly FamilyCounts[] {
    return Array.from(this.#families.values()).sort((left, right) => (left.family < right.family ? -1 : 1));
  }

  #countsOf(family: string) {
    const none = { slowest: { ms: 0, index: -1 }, largest: { bytes: 0, index: -1 } };
    const counts = this.#families.get(family) ?? {
      family,
      played: 0,
      statuses: new Map<number, number>(),
      ...none,
    };
    this.#families.set(family, counts);
    return counts;
  }
}

/** kube-scheduler gives up after `httpTimeout`: an answer that comes later is none. */
export function httpTimeoutMs(): number {
  const text = readFileSync(join(ROOT, 'scheduler-config/second-scheduler/kube-scheduler.yaml'), 'utf8');
  return Number(/^ *httpTimeout: (\d+)s$/m.exec(text)?.[1]) * 1000;
}

const INTERNAL_ERROR = 500;
const NOT_SEEN = ['not looked at: the service had ended'];

export const CRITERIA = [
  'the service never ends',
  'the service meets no defect of its own',
  'every status is a documented one',
  'every whole request is answered',
  'memory stays below the limit',
  'sound questions are answered rightly',
  'sound questions are answered before the scheduler gives up',
  'the picture is that of the watch afterwards',
  'the answer is the same afterwards',
] as const;
export type Criterion = (typeof CRITERIA)[number];

/** What was found where a criterion does not hold; empty: it holds. */
export function judge(run: Run): Readonly<Record<Criterion, readonly string[]>> {
  const { crash, good, peakRssBytes, limitBytes, picture, answer } = run;
  const timeoutMs = httpTimeoutMs();
  const ended = crash === undefined ? [] : [`${crash.how}\nunder way: ${crash.underWay.join(', ')}`];
  const tooMuch = [`${mib(peakRssBytes)} of ${mib(limitBytes)}`];
  const tooLate = [`${good.worstMs.toFixed(0)} ms, httpTimeout ${timeoutMs} ms`];
  return {
    'the service never ends': ended,
    'the service meets no defect of its own': defects(run),
    'every status is a documented one': run.undocumented.map(describe),
    'every whole request is answered': run.unanswered.map(describe),
    'memory stays below the limit': peakRssBytes < limitBytes ? [] : tooMuch,
    'sound questions are answered rightly': good.wrong.slice(0, WRONG_SHOWN),
    'sound questions are answered before the scheduler gives up': good.worstMs < timeoutMs ? [] : tooLate,
    'the picture is that of the watch afterwards': picture ?? NOT_SEEN,
    'the answer is the same afterwards':
      answer === undefined ? NOT_SEEN : change(answer.before, answer.after),
  };
}

/** A verb that meets one fails open, with 200, and a sample is lost without a word to anybody but the log. */
function defects({ errors, families }: Run): readonly string[] {
  const onPages = families.filter(({ statuses }) => statuses.has(INTERNAL_ERROR));
  return [...onPages.map(({ family }) => `${INTERNAL_ERROR} (${family})`), ...errors];
}

function change(before: string, after: string): readonly string[] {
  return before === after ? [] : [`${before} → ${after}`];
}

export function mib(bytes: number): string {
  return `${(bytes / 1_048_576).toFixed(0)} MiB`;
}

function describe({ index, family, what }: Finding): string {
  return `${index} (${family}): ${what}`;
}
