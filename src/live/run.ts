import { randomUUID } from 'node:crypto';
import { configOf, pictureSettings } from '../config/config.ts';
import type { ConfigFile } from '../config/schema.ts';
import { createPicture } from '../picture/create.ts';
import type { Picture } from '../picture/picture.ts';
import type { Decision } from '../placement/decision.ts';
import type { Act, ActOutcome, ActPort } from '../rebalance/acts.ts';
import { createRebalancer, type Plan, planNothing } from '../rebalance/rebalancer.ts';
import type { ServerParts } from '../server/parts.ts';
import { forecastsOf, tellPicture } from '../simulator/link.ts';
import { createDecisionLogger } from '../telemetry/decision-logger.ts';
import { createExtenderTelemetry } from '../telemetry/extender-observer.ts';
import { type Logger, writeTo } from '../telemetry/logger.ts';
import type { Metrics } from '../telemetry/metrics.ts';
import { createDecisionRing } from '../telemetry/ring.ts';
import type { ActEnded, FeedAnswer, FeedBody, NumberedAct } from './protocol.ts';

/** One simulation, as the extender knows it. */
export interface LiveRun {
  readonly id: string;
  readonly picture: Picture;
  /** What the server's endpoints speak from. */
  readonly parts: Omit<ServerParts, 'further'>;
  /** The virtual time. */
  nowMs: number;
  ended: boolean;
  decisions: Decision[];
  failures: FeedAnswer['failures'][number][];
  acts: NumberedAct[];
  /** Acts whose end is not told yet, by their number. */
  readonly pending: Map<number, (outcome: ActOutcome) => void>;
  /** Acts so far. */
  actCount: number;
}

export interface LiveRunInput {
  readonly configuration: ConfigFile;
  /** The virtual time at which it begins. */
  readonly nowMs: number;
  readonly metrics: Metrics;
  readonly version: string;
  readonly log: Logger;
  /** What it asks of the cluster after each sample; absent: nothing. */
  readonly plan?: Plan | undefined;
}

/** Puts the service together as for a real cluster; the picture, and the clock, are fed by the simulation. */
export function createLiveRun(input: LiveRunInput): LiveRun {
  const { nowMs, metrics, version, log, plan = planNothing } = input;
  const config = configOf(input.configuration);
  const now = () => run.nowMs;
  const port: ActPort = { carryOut: (act, told) => ask(run, act, told) };
  const rebalancer = createRebalancer({ plan, port });
  const picture = createPicture(pictureSettings(config), { ...metrics.picture, ...rebalancer });
  const ring = createDecisionRing(config.decisions.keep);
  const telemetry = createExtenderTelemetry(metrics.extender, ring, createDecisionLogger(log, now));
  const run: LiveRun = {
    id: randomUUID(),
    picture,
    parts: {
      extender: {
        picture,
        now,
        observer: {
          ...telemetry,
          decided: (decision, verb, problems) => {
            telemetry.decided(decision, verb, problems);
            run.decisions.push(decision);
          },
          failedOpen: (verb, error) => {
            telemetry.failedOpen(verb, error);
            run.failures.push({ verb, error: error instanceof Error ? (error.stack ?? '') : String(error) });
          },
        },
      },
      missing: () => (run.ended ? ['a simulation, which simulate --extender begins'] : []),
      problems: () => [],
      metrics,
      decisions: ring,
      observer: { ...metrics.server, log: writeTo(log) },
      about: { version, startedAtMs: nowMs, config: { placement: config.placement } },
    },
    nowMs,
    ended: false,
    decisions: [],
    failures: [],
    acts: [],
    pending: new Map(),
    actCount: 0,
  };
  return run;
}

/** The simulation carries it out when it hears of it, and tells what became of it. */
function ask(run: LiveRun, act: Act, told: (outcome: ActOutcome) => void): void {
  run.actCount += 1;
  run.acts.push({ number: run.actCount, act });
  run.pending.set(run.actCount, told);
}

/** Takes in what is told, each at its time, and gives what came of the questions since the last feed. */
export function feed(run: LiveRun, { nowMs, told, forecasts, ended }: FeedBody): FeedAnswer {
  for (const one of told) {
    if (one.type === 'actEnded') endAct(run, one);
    else tellPicture(run.picture, one, one.atMs);
  }
  run.nowMs = nowMs;
  run.ended = ended;
  const { decisions, failures, acts } = run;
  run.decisions = [];
  run.failures = [];
  run.acts = [];
  return { decisions, failures, acts, forecasts: forecasts ? forecastsOf(run.picture, nowMs) : [] };
}

function endAct({ pending }: LiveRun, { number, outcome }: ActEnded): void {
  pending.get(number)?.(outcome);
  pending.delete(number);
}
