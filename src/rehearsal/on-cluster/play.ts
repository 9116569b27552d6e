import type { SimulationResult } from '../../outcome/result.ts';
import type { MetricsLook } from '../../picture/records.ts';
import { clockMs } from '../../simulator/model/world.ts';
import type { TraceEvent } from '../../trace/events.ts';
import { autoscalerResults } from '../autoscalers.ts';
import { overheadName, SYSTEM_NAMESPACE, usageOf } from '../objects.ts';
import { onClock, rehearsalResult } from '../result.ts';
import type { ScrapeBeat } from '../scrapes.ts';
import { advance } from '../shadow.ts';
import { createUsageBook, meansSinceScrape, noteScrape, type UsageBook } from '../usage.ts';
import { whereText } from '../where.ts';
import { inParallel } from './cluster.ts';
import { createDecisionReader, type DecisionReader } from './decisions.ts';
import { applyTraceEvent } from './events.ts';
import type { Rehearsal } from './rehearsal.ts';
import { readScalingEvents } from './scaling.ts';
import { createSilences, loseScrapes, requireLeases, type Silences, welcomeBack } from './silence.ts';
import type { Stage } from './stage.ts';

/** How often pods are told what they use, and Spillway is asked what it decided. */
const BEAT_MS = 1000;
/**
 * What a pod uses is written anew when it has changed by more than this, in millicores and as a share; before a
 * scrape, which goes by what is written then, when it has changed at all.
 */
const NOTICEABLE = { milli: 0.5, ratio: 0.002 } as const;
const BEFORE_SCRAPE_MS = 1500;
/** The last beat before a scrape: what is said then has to be extrapolated least, and must still arrive. */
const LAST_BEAT_MS = 200;
/** How often it says that it is still at work. */
const PROGRESS_MS = 30_000;

/** A rehearsal that is under way. */
interface Play {
  readonly rehearsal: Rehearsal;
  readonly stage: Stage;
  readonly book: UsageBook;
  /** What was written last, by the path of the pod. */
  readonly told: Map<string, number>;
  readonly silences: Silences;
  /** Those to come, the next one first. */
  readonly events: TraceEvent[];
  readonly reader: DecisionReader | undefined;
  looksTaken: number;
  saidMs: number;
  /** Why decisions could not be read last. */
  problem: string | undefined;
}

/**
 * Lets the time of the trace pass.
 *
 * @returns undefined: it was ended early
 */
export async function playTrace(rehearsal: Rehearsal, stage: Stage): Promise<SimulationResult | undefined> {
  const { trace, host, options } = rehearsal;
  const { signal, runtime, err } = host;
  const play: Play = {
    rehearsal,
    stage,
    book: createUsageBook(),
    told: new Map(),
    silences: createSilences(),
    events: trace.events.map((event) => event).sort((left, right) => left.at - right.at),
    reader:
      options.spillway === undefined ? undefined : createDecisionReader(options.spillway, stage.startMs),
    looksTaken: 0,
    saidMs: 0,
    problem: undefined,
  };
  try {
    await requireLeases(rehearsal);
    while (!signal.aborted && stage.sinceStart() < trace.duration) {
      await playBeat(play);
      await runtime.sleep(Math.max(1, nextBeatMs(play) - stage.sinceStart()), signal);
    }
  } finally {
    await stage.sources.stop();
  }
  if (signal.aborted) {
    err(`ended after ${Math.round(stage.sinceStart() / 1000)} s\n`);
    return undefined;
  }
  return resultOf(play);
}

/** What has happened since the beat before, and what the cluster is told of it. */
async function playBeat(play: Play): Promise<void> {
  const { rehearsal, stage, book, silences } = play;
  for (; play.looksTaken < stage.looks.length; play.looksTaken += 1) {
    takeLook(stage, book, stage.looks[play.looksTaken]?.look);
  }
  advance(stage.shadow, stage.sinceStart());
  await playEvents(play);
  advance(stage.shadow, stage.sinceStart());
  await tellUsage(play);
  await loseScrapes(rehearsal, stage, silences, book);
  await welcomeBack(rehearsal, silences);
  sayProgress(play);
  await readDecisions(play);
}

/** Those whose time has come, also while others happen. */
async function playEvents({ rehearsal, stage, silences, events }: Play): Promise<void> {
  while (events[0] !== undefined && events[0].at <= stage.sinceStart()) {
    const event = events.shift();
    if (event !== undefined) await applyTraceEvent(rehearsal, stage, silences, event);
  }
}

function sayProgress(play: Play): void {
  const { stage } = play;
  const { trace, host } = play.rehearsal;
  if (stage.sinceStart() < play.saidMs + PROGRESS_MS) return;
  play.saidMs += PROGRESS_MS;
  host.err(`${play.saidMs / 1000} s of ${trace.duration / 1000} s: ${whereText(stage.shadow)}\n`);
}

/** What is wrong with it is said once, not at every beat. */
async function readDecisions(play: Play): Promise<void> {
  const found = await play.reader?.read();
  if (found !== play.problem && found !== undefined) play.rehearsal.host.err(`${found}\n`);
  play.problem = found;
}

async function resultOf({ rehearsal, stage, reader }: Play): Promise<SimulationResult> {
  const { trace } = rehearsal;
  advance(stage.shadow, trace.duration);
  // Those of the last beat too.
  await reader?.read();
  const decisions = reader?.decisions.map((decision) => onClock(decision, stage.startMs));
  const scalingEvents = await readScalingEvents(rehearsal, stage);
  const autoscalers = autoscalerResults(trace, stage.autoscalers, scalingEvents);
  return { ...rehearsalResult(stage.shadow, decisions, autoscalers), clusterStartMs: stage.startMs };
}

function nextBeatMs({ rehearsal, stage, silences, events }: Play): number {
  return Math.min(
    rehearsal.trace.duration,
    nextBeat(stage.sinceStart()),
    lastBeat(silences.beat, stage),
    events[0]?.at ?? Number.POSITIVE_INFINITY,
  );
}

function nextBeat(sinceStartMs: number): number {
  return (Math.floor(sinceStartMs / BEAT_MS) + 1) * BEAT_MS;
}

/** Before the next scrape, where its beat is known and it is not past. */
function lastBeat(beat: ScrapeBeat | undefined, { startMs, sinceStart }: Stage): number {
  if (beat === undefined) return Number.POSITIVE_INFINITY;
  const now = sinceStart();
  const at = now + untilScrapeMs(beat, startMs + now) - LAST_BEAT_MS;
  return at > now ? at : Number.POSITIVE_INFINITY;
}

/** What metrics-server served, as the result has it. */
function takeLook(
  { shadow, startMs, sinceStart }: Stage,
  book: UsageBook,
  look: MetricsLook | undefined,
): void {
  const { measured } = shadow.recorder;
  for (const { name, usageMilli, timestampMs, windowMs } of look?.nodes ?? []) {
    noteScrape(book, name, timestampMs - startMs);
    const list = measured.get(name) ?? [];
    measured.set(name, list);
    const sampleEndMs = clockMs(timestampMs - startMs);
    if (list.at(-1)?.sampleEndMs === sampleEndMs || timestampMs < startMs) continue;
    list.push({ atMs: clockMs(sinceStart()), milli: usageMilli, sampleEndMs, windowMs });
  }
}

async function tellUsage({ rehearsal, stage, silences, book, told }: Play): Promise<void> {
  const { shadow, startMs } = stage;
  const { beat } = silences;
  const changes: { readonly path: string; readonly annotations: Readonly<Record<string, string>> }[] = [];
  const own = beat && { ...beat, atMs: clockMs(beat.atMs - startMs) };
  const isScrapeNear = beat !== undefined && untilScrapeMs(beat, Date.now()) < BEFORE_SCRAPE_MS;
  for (const node of shadow.world.nodes.values()) {
    for (const [uid, milli] of meansSinceScrape(shadow, book, node, own)) {
      const pod = shadow.world.pods.get(uid);
      const path = uid === '' ? overheadPath(node.name) : shadow.paths.get(uid);
      const before = told.get(path ?? '');
      if (path === undefined || (before !== undefined && !isScrapeNear && !isNoticeable(milli, before)))
        continue;
      told.set(path, milli);
      changes.push({ path, annotations: usageOf(milli, pod?.spec ?? { containers: [{}] }) });
    }
  }
  await inParallel(changes, ({ path, annotations }) =>
    // It may have gone meanwhile.
    rehearsal.cluster.patch(path, { metadata: { annotations } }).catch(() => undefined),
  );
}

function untilScrapeMs({ atMs, periodMs }: ScrapeBeat, nowMs: number): number {
  return periodMs - ((((nowMs - atMs) % periodMs) + periodMs) % periodMs);
}

function isNoticeable(milli: number, before: number): boolean {
  return Math.abs(milli - before) > NOTICEABLE.milli + NOTICEABLE.ratio * before;
}

function overheadPath(node: string): string {
  return `/api/v1/namespaces/${SYSTEM_NAMESPACE}/pods/${overheadName(node)}`;
}
