import type { PictureSettings, ReservationSettings, TierSettings } from '../picture/picture.ts';
import type { Placement } from '../placement/annotations.ts';
import type { PolicyRule } from '../placement/policy.ts';
import type { LabelSelector } from '../placement/selector.ts';
import type { UnknownMetrics } from '../placement/types.ts';
import { readRuleSet } from './rules.ts';
import { API_VERSION, type ConfigFile, configFile, KIND } from './schema.ts';

export type LogLevel = 'trace' | 'debug' | 'info' | 'warn' | 'error';

/** The configuration as the program uses it: units in the names, defaults filled in. */
export interface Config {
  readonly server: {
    readonly bindAddress: string;
    readonly port: number;
    /** Undefined: plain HTTP. */
    readonly tls?: TlsConfig | undefined;
    /** Undefined: everything at the one address. */
    readonly management?: { readonly bindAddress: string; readonly port: number } | undefined;
    readonly maxBodyBytes: number;
    readonly maxBufferedBytes: number;
    readonly maxConnections: number;
    readonly requestTimeoutMs: number;
    readonly drainTimeoutMs: number;
  };
  /** Undefined: in the cluster, else by the usual loading rules. */
  readonly kubernetes: { readonly kubeconfig?: string | undefined };
  readonly tiers: TierSettings;
  readonly placement: {
    readonly default: Placement;
    readonly thresholdRatio: number;
    readonly resumeRatio: number;
    readonly limitRatio: number;
    readonly edgeCandidates: 'one' | 'all';
    readonly unknownMetrics: UnknownMetrics;
    readonly rules: readonly PolicyRule[];
  };
  readonly load: {
    readonly leadMs: number;
    readonly requestFactor: number;
    readonly defaultMilli: number;
    readonly trendBoundRatio: number;
    readonly saturatedRatio: number;
  };
  readonly metrics: {
    readonly pollIntervalMs: number;
    readonly ageingAfterMs: number;
    readonly unknownAfterMs: number;
    /** Undefined: all pods. */
    readonly podSelector?: string | undefined;
    readonly timeoutMs: number;
  };
  readonly reservations: ReservationSettings;
  readonly logging: { readonly level: LogLevel };
  readonly decisions: { readonly keep: number };
}

interface TlsConfig {
  readonly certFile: string;
  readonly keyFile: string;
  readonly clientCaFile?: string | undefined;
  readonly clientNames?: readonly string[] | undefined;
}

/** What Spillway's own pods carry: they are never placed by it, whatever the configuration says. */
const OWN_SELECTOR: LabelSelector = { matchLabels: { 'app.kubernetes.io/name': 'spillway' } };

/** What holds when the file says nothing but its kind. */
export function defaultConfig(): Config {
  return configOf(configFile.parse({ apiVersion: API_VERSION, kind: KIND }));
}

/** From the file's units and names to the program's. The file has been checked: see `acrossFields`. */
export function configOf(file: ConfigFile): Config {
  const { placement, load, metrics } = file;
  return {
    server: {
      bindAddress: file.server.bindAddress,
      port: file.server.port,
      tls: file.server.tls,
      management: file.server.management,
      maxBodyBytes: file.server.maxBodyBytes,
      maxBufferedBytes: file.server.maxBufferedBytes,
      maxConnections: file.server.maxConnections,
      requestTimeoutMs: file.server.requestTimeout,
      drainTimeoutMs: file.server.drainTimeout,
    },
    kubernetes: file.kubernetes,
    tiers: file.tiers,
    placement: {
      default: placement.default,
      thresholdRatio: placement.threshold,
      resumeRatio: placement.resume ?? defaultResumeRatio(placement.threshold),
      limitRatio: placement.limit,
      edgeCandidates: placement.edgeCandidates,
      unknownMetrics: placement.unknownMetrics,
      rules: placement.rules.map(({ namespaces, selector, set }) => ({
        namespaces,
        selector,
        policy: readRuleSet(set, placement.limit).policy,
      })),
    },
    load: {
      leadMs: load.lead,
      requestFactor: load.requestFactor,
      defaultMilli: load.defaultCpu,
      trendBoundRatio: load.trendBound,
      saturatedRatio: load.saturated,
    },
    metrics: {
      pollIntervalMs: metrics.pollInterval,
      ageingAfterMs: metrics.ageingAfter,
      unknownAfterMs: metrics.unknownAfter,
      podSelector: metrics.podSelector,
      timeoutMs: metrics.timeout,
    },
    reservations: { ttlMs: file.reservations.ttl, maxOpen: file.reservations.max },
    logging: file.logging,
    decisions: file.decisions,
  };
}

/** What the decision core and the picture of the cluster need of it. */
export function pictureSettings(config: Config): PictureSettings {
  const { placement, load, metrics } = config;
  return {
    placement: {
      thresholdRatio: placement.thresholdRatio,
      resumeRatio: placement.resumeRatio,
      limitRatio: placement.limitRatio,
      edgeCandidates: placement.edgeCandidates,
      unknownMetrics: placement.unknownMetrics,
      freshness: { ageingAfterMs: metrics.ageingAfterMs, unknownAfterMs: metrics.unknownAfterMs },
      load: {
        leadMs: load.leadMs,
        requestFactor: load.requestFactor,
        defaultMilli: load.defaultMilli,
        trendBoundRatio: load.trendBoundRatio,
      },
    },
    policy: {
      placement: placement.default,
      rules: placement.rules,
      limitRatio: placement.limitRatio,
      ownSelector: OWN_SELECTOR,
    },
    tiers: config.tiers,
    reservations: config.reservations,
    saturatedRatio: load.saturatedRatio,
  };
}

/** A small gap by default: a wide one leaves the edge emptier than it needs to be (see docs/adr). */
function defaultResumeRatio(thresholdRatio: number): number {
  const ratio = thresholdRatio > 0.1 ? thresholdRatio - 0.05 : thresholdRatio / 2;
  return Math.round(ratio * 1e6) / 1e6;
}
