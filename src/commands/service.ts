import { type Config, pictureSettings } from '../config/config.ts';
import { ClusterSources } from '../kubernetes/cluster-sources.ts';
import type { Connection } from '../kubernetes/connection.ts';
import type { ClusterSink } from '../kubernetes/sink.ts';
import { createPicture } from '../picture/create.ts';
import { apply, type ClusterEvent } from '../picture/events.ts';
import type { Picture } from '../picture/picture.ts';
import { refuseActs } from '../rebalance/acts.ts';
import { createRebalancer, planNothing } from '../rebalance/rebalancer.ts';
import { HttpServer, type Listening } from '../server/http-server.ts';
import { createDecisionLogger } from '../telemetry/decision-logger.ts';
import { createBindingTelemetry, createExtenderTelemetry } from '../telemetry/extender-observer.ts';
import { type Logger, writeTo } from '../telemetry/logger.ts';
import { createMetrics } from '../telemetry/metrics.ts';
import { createDecisionRing } from '../telemetry/ring.ts';
import { takeSample } from './sample-taker.ts';
import { VERSION } from './version.ts';

export interface Service {
  /** Serves at once; questions are answered once the cluster has been seen. */
  readonly start: () => Promise<Listening>;
  readonly stop: () => Promise<void>;
}

/** Puts the live service together: what the cluster tells into the picture, the picture behind the verbs. */
export function createService(
  config: Config,
  connection: Connection,
  log: Logger,
  logLinesDropped?: () => number,
): Service {
  const startedAtMs = Date.now();
  const metrics = createMetrics({
    version: VERSION,
    look: () => ({ picture, nowMs: Date.now(), ready: sources.missing().length === 0 }),
    logLinesDropped,
  });
  const logger = createDecisionLogger(log, Date.now);
  const steadyNow = () => performance.now();
  const { asked, podBound } = createBindingTelemetry(metrics, logger, steadyNow);
  const rebalancer = createRebalancer({
    plan: planNothing,
    port: refuseActs('rebalancing is not there yet'),
  });
  const observers = { ...metrics.picture, ...rebalancer, podBound };
  const picture = createPicture(pictureSettings(config), observers, steadyNow);
  const ring = createDecisionRing(config.decisions.keep);
  const observer = { ...createExtenderTelemetry(metrics.extender, ring, logger), asked };
  const sources = new ClusterSources({
    connection,
    sink: sinkOf(picture),
    metrics: {
      pollIntervalMs: config.metrics.pollIntervalMs,
      podLabelSelector: config.metrics.podSelector,
      timeouts: { idleTimeoutMs: config.metrics.timeoutMs, totalTimeoutMs: config.metrics.timeoutMs },
    },
    observer: { ...metrics.sources, log: writeTo(log) },
  });
  const server = new HttpServer(config.server, {
    extender: { picture, now: Date.now, observer },
    missing: () => sources.missing(),
    problems: () => sources.problems(),
    metrics,
    decisions: ring,
    observer: { ...metrics.server, log: writeTo(log) },
    about: { version: VERSION, startedAtMs, config: summaryOf(config) },
  });
  return {
    start: async () => {
      const listening = await server.start();
      await sources.start();
      return listening;
    },
    stop: async () => {
      await server.stop();
      await sources.stop();
      connection.close();
    },
  };
}

function sinkOf(picture: Picture): ClusterSink {
  const tell = (event: ClusterEvent) => apply(picture, event, Date.now());
  return {
    nodeSeen: (node) => tell({ type: 'nodeSeen', node }),
    nodeGone: (name) => tell({ type: 'nodeGone', name }),
    podSeen: (pod) => tell({ type: 'podSeen', pod }),
    podGone: (uid) => tell({ type: 'podGone', uid }),
    replicaSetSeen: (replicaSet) => tell({ type: 'replicaSetSeen', replicaSet }),
    replicaSetGone: (uid) => tell({ type: 'replicaSetGone', uid }),
    // In steps, so that questions are answered in between.
    sampleTaken: (look) => takeSample(picture, look),
  };
}

function summaryOf({ placement, metrics, reservations }: Config): Readonly<Record<string, unknown>> {
  const { default: byDefault, rules, ...rest } = placement;
  return {
    placement: { default: byDefault, ...rest, rules: rules.length },
    metrics: { pollIntervalMs: metrics.pollIntervalMs, podSelector: metrics.podSelector ?? 'all' },
    reservations,
  };
}
