import { Counter, Gauge, Histogram, type Registry } from 'prom-client';

/** From 100 µs, where a small cluster's questions end, to the scheduler's time-out for an extender. */
const REQUEST_BUCKETS_SECONDS = [
  0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5,
];
const READ_BUCKETS_SECONDS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];
/** Below 0: less was used than predicted, so room was left empty. Above: the edge was fuller than planned. */
const ERROR_BUCKETS_CORES = [
  -4, -2, -1, -0.5, -0.25, -0.1, -0.05, -0.02, 0, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 2, 4,
];

export type Instruments = ReturnType<typeof createInstruments>;

/** Everything that is counted as it happens. docs/metrics.md says what each means; a test compares them. */
export function createInstruments(registry: Registry, logLinesDropped: () => number) {
  const registers = [registry];
  return {
    decisions: new Counter({
      name: 'spillway_decisions_total',
      help: 'Questions answered, by verb, tier that the pod was sent to, and result.',
      labelNames: ['verb', 'tier', 'result'] as const,
      registers,
    }),
    overflows: new Counter({
      name: 'spillway_overflows_total',
      help: 'Pods that wanted the edge and went to the cloud, by why the edge did not take them.',
      labelNames: ['reason'] as const,
      registers,
    }),
    rejections: new Counter({
      name: 'spillway_rejections_total',
      help: 'Candidate nodes refused by filter, by reason and tier.',
      labelNames: ['reason', 'tier'] as const,
      registers,
    }),
    requestSeconds: new Histogram({
      name: 'spillway_request_duration_seconds',
      help: "Time from a request's arrival to its answer, by verb. Of requests answered with 200.",
      labelNames: ['verb'] as const,
      buckets: REQUEST_BUCKETS_SECONDS,
      registers,
    }),
    requestErrors: new Counter({
      name: 'spillway_request_errors_total',
      help: 'Requests not answered with 200, by verb and status code.',
      labelNames: ['verb', 'code'] as const,
      registers,
    }),
    certificateExpiry: new Gauge({
      name: 'spillway_tls_certificate_expiry_timestamp_seconds',
      help: 'When the certificate in use ends, in seconds since 1970.',
      labelNames: ['certificate'] as const,
      registers,
    }),
    tlsReloadErrors: new Counter({
      name: 'spillway_tls_reload_errors_total',
      help: 'Changes of the TLS files that could not be used; what was in use stayed.',
      registers,
    }),
    failOpens: new Counter({
      name: 'spillway_fail_opens_total',
      help: 'Questions answered as if Spillway were not there, after an internal error.',
      labelNames: ['verb', 'cause'] as const,
      registers,
    }),
    annotationProblems: new Counter({
      name: 'spillway_annotation_problems_total',
      help: 'Annotations that could not be read when their pod was filtered; defaults held.',
      labelNames: ['annotation'] as const,
      registers,
    }),
    reservationsEnded: new Counter({
      name: 'spillway_reservations_ended_total',
      help: 'Reservations that ended, by outcome and tier of the node they were on.',
      labelNames: ['outcome', 'tier'] as const,
      registers,
    }),
    unaskedBindings: new Counter({
      name: 'spillway_unasked_bindings_total',
      help: 'Pods bound by a scheduler that asks here, without a question about them, by tier of their node.',
      labelNames: ['tier'] as const,
      registers,
    }),
    predictionError: new Histogram({
      name: 'spillway_prediction_error_cpu_cores',
      help: 'CPU measured minus CPU predicted, by what the prediction was made from.',
      labelNames: ['kind'] as const,
      buckets: ERROR_BUCKETS_CORES,
      registers,
    }),
    watchRestarts: new Counter({
      name: 'spillway_watch_restarts_total',
      help: 'Watches of the API server begun anew, by resource and cause.',
      labelNames: ['resource', 'cause'] as const,
      registers,
    }),
    metricsReadSeconds: new Histogram({
      name: 'spillway_metrics_read_duration_seconds',
      help: 'Time that a read of metrics.k8s.io took, by result.',
      labelNames: ['result'] as const,
      buckets: READ_BUCKETS_SECONDS,
      registers,
    }),
    logLinesDropped: new Counter({
      name: 'spillway_log_lines_dropped_total',
      help: 'Lines of the log dropped because standard output was not read.',
      registers,
      // The log is there before there are metrics, and counts by itself.
      collect() {
        this.reset();
        this.inc(logLinesDropped());
      },
    }),
    buildInfo: new Gauge({
      name: 'spillway_build_info',
      help: 'Always 1; the labels say what runs.',
      labelNames: ['version', 'node_version'] as const,
      registers,
    }),
  };
}
