import { defaultConfig } from '../config/config.ts';
import { API_VERSION, type ConfigFile, configFile, KIND } from '../config/schema.ts';
import type { Plan } from '../rebalance/rebalancer.ts';
import { BodyBudget } from '../server/body-budget.ts';
import { HttpServer } from '../server/http-server.ts';
import type { Logger } from '../telemetry/logger.ts';
import { createMetrics } from '../telemetry/metrics.ts';
import { type Answer, simulationEndpoints } from './endpoints.ts';
import { FORMAT } from './protocol.ts';
import { readFeed, readStart } from './read.ts';
import { createLiveRun, feed } from './run.ts';

/** A whole cluster can come in one body, as nobody watches an API server here. */
const MAX_BODY_BYTES = 33_554_432;

export interface SimulatedServiceOptions {
  readonly bindAddress: string;
  readonly port: number;
  /** Of Spillway. */
  readonly version: string;
  /** Since the start. */
  readonly logLinesDropped?: (() => number) | undefined;
  /** What it asks of the simulated cluster after each sample; absent: nothing. */
  readonly plan?: Plan | undefined;
}

interface Service {
  readonly start: () => Promise<{ readonly port: number }>;
  readonly stop: () => Promise<void>;
}

/**
 * The live service without a cluster: one simulation after the other feeds it. Nothing here reads an API
 * server, and questions are refused while no simulation runs, so a real scheduler gets nowhere with it.
 */
export function createSimulatedService(
  { bindAddress, port, version, logLinesDropped, plan }: SimulatedServiceOptions,
  log: Logger,
): Service {
  const { server: defaults } = defaultConfig();
  // One for all runs: it holds what cannot be given back, like an observer of the garbage collector.
  const metrics = createMetrics({
    version,
    look: () => ({ picture: run.picture, nowMs: run.nowMs, ready: !run.ended }),
    logLinesDropped,
  });
  const create = (configuration: ConfigFile, nowMs: number) =>
    createLiveRun({ configuration, nowMs, metrics, version, log, plan });
  let run = create(configFile.parse({ apiVersion: API_VERSION, kind: KIND }), 0);
  run.ended = true;

  function start(body: unknown): Answer {
    const read = readStart(body);
    if (!read.ok) return { ok: false, status: 400, error: read.error };
    run = create(read.value.configuration, read.value.nowMs);
    server.speakFrom({ ...run.parts, further });
    log.info({ run: run.id }, 'a simulation starts');
    return { ok: true, answer: { run: run.id } };
  }

  function take(body: unknown): Answer {
    const read = readFeed(body);
    if (!read.ok) return { ok: false, status: 400, error: read.error };
    if (read.value.run !== run.id) {
      return {
        ok: false,
        status: 409,
        error: 'the run is over: another one has begun, or the extender was restarted',
      };
    }
    if (read.value.ended) log.info({ run: run.id }, 'the simulation has ended');
    return { ok: true, answer: feed(run, read.value) };
  }

  const limits = { maxBytes: MAX_BODY_BYTES, budget: new BodyBudget(defaults.maxBufferedBytes) };
  const further = simulationEndpoints({ about: { format: FORMAT, version }, start, take, limits });
  const options = { ...defaults, bindAddress, port, maxBodyBytes: MAX_BODY_BYTES };
  const server = new HttpServer(options, { ...run.parts, further });
  return { start: () => server.start(), stop: () => server.stop() };
}
