import type { SimulationResult } from '../../../src/outcome/result.ts';
import { simulate } from '../../../src/simulator/simulate.ts';
import { withPolicy } from '../../../src/trace/policy.ts';
import { checkTrace, formatTraceProblems } from '../../../src/trace/read.ts';
import { type Comparison, compareRuns, isOfVictims } from './compare.ts';
import { phasesOf, withPhases } from './phases.ts';
import { documentOf, type RealRun, type RunCase, resolutionS, type TraceDocument } from './real.ts';

/** A simulation within what is known of the real run. */
interface Variation {
  /** Samples agree to this: what pods are told that they use is extrapolated to the next scrape. */
  readonly demandRatio: number;
  /** Nodes are asked some tens of milliseconds after each other. */
  readonly scrapeMs: number;
  /** Of the draws between ties; absent: the trace's. */
  readonly seed?: number;
}

const DEMAND_RATIOS = [1, 0.995, 1.005, 0.99, 1.01] as const;
const SCRAPES_MS = [0, -100, 100] as const;

/** The first has everything as it was seen. */
const VARIATIONS: readonly Variation[] = DEMAND_RATIOS.flatMap((demandRatio) =>
  SCRAPES_MS.map((scrapeMs) => ({ demandRatio, scrapeMs })),
);

/**
 * A ReplicaSet deletes from the node that has most of its pods, and of two that have as many by the pods' uids: chance, by
 * which the tiers of later victims differ too.
 */
const SEEDS: readonly Variation[] = Array.from({ length: 60 }, (_, index) => ({
  demandRatio: 1,
  scrapeMs: 0,
  seed: index + 1,
}));

export interface Held extends Comparison {
  readonly variation: Variation;
  readonly simulated: SimulationResult;
}

/**
 * The trace simulated with the clocks and the lost scrapes of the real run. A quotient near a whole number is decided by
 * less than what is known of these; so the first variation that is the same counts, and which it was is told.
 */
export async function hold(run: RunCase, real: RealRun): Promise<Held> {
  const document = documentOf(run);
  const resolutionMs = resolutionS(document) * 1000;
  const phases = phasesOf(real.result, real.scrapes, resolutionMs);
  let first: Held | undefined;
  for (const variation of [...VARIATIONS, ...SEEDS]) {
    if (variation.seed !== undefined && first?.differences.some((one) => !isOfVictims(one))) break;
    const scrapeMs = (phases.scrapeMs + variation.scrapeMs + resolutionMs) % resolutionMs;
    const checked = await checkTrace(
      withPhases(varied(document, variation), { ...phases, scrapeMs }, resolutionMs),
    );
    if (!checked.ok) throw new Error(formatTraceProblems(checked.problems));
    const simulated = await simulate(withPolicy(checked.trace, run.policy));
    const held = { ...compareRuns(real.result, simulated), variation, simulated };
    if (held.differences.length === 0) return held;
    first ??= held;
  }
  if (first === undefined) throw new Error('nothing was simulated');
  return first;
}

interface Load {
  readonly type: string;
  readonly points?: readonly { readonly at: string; readonly cpu: string }[];
  readonly request?: { readonly cpuTime: string };
}

/** Loads that are shared over pods; what each pod or node uses by itself is told as it is. */
function varied(document: TraceDocument, { demandRatio, seed }: Variation): TraceDocument {
  const times = (text: string) => text.replace(/^[\d.]+/, (number) => String(Number(number) * demandRatio));
  const load = (document['load'] as readonly Load[]).map((one) => {
    if (one.type === 'demand') {
      return { ...one, points: one.points?.map(({ at, cpu }) => ({ at, cpu: times(cpu) })) };
    }
    if (one.request === undefined) return one;
    return { ...one, request: { ...one.request, cpuTime: times(one.request.cpuTime) } };
  });
  return { ...document, load, ...(seed === undefined ? {} : { seed }) };
}
