import type { IncomingMessage, ServerResponse } from 'node:http';
import type { ExtenderContext } from '../extender/context.ts';
import type { Decision, DecisionResult } from '../placement/decision.ts';
import type { Verb } from '../placement/verbs.ts';
import type { Endpoint } from './endpoints.ts';

/** What the endpoints speak from. Structural: the server knows what it asks for, not who answers. */
export interface ServerParts {
  readonly extender: ExtenderContext;
  /** What is still missing before questions can be answered; empty: ready. */
  readonly missing: () => readonly string[];
  /** What does not work right now, also after all has been known once. */
  readonly problems: () => readonly string[];
  readonly metrics: MetricsPage;
  readonly decisions: DecisionHistory;
  readonly observer: ServerObserver;
  readonly about: About;
  /** Endpoints that other servers do not have. */
  readonly further?: readonly ServedEndpoint[] | undefined;
}

export interface MetricsPage {
  readonly contentType: string;
  /** Each made when it is asked for, and so small that it holds up nobody. */
  readonly pieces: () => AsyncIterable<string>;
}

export interface ServedEndpoint extends Endpoint {
  readonly serve: (request: IncomingMessage, response: ServerResponse) => void;
}

interface DecisionHistory {
  /** The newest first; `pod` is `namespace/name`. */
  readonly recent: (query: {
    readonly pod?: string | undefined;
    readonly limit: number;
  }) => readonly Decision[];
  /** By result, since the start. */
  readonly counts: () => Readonly<Partial<Record<DecisionResult, number>>>;
}

/** Told what happens to requests, for metrics and logs. Must not throw. */
export interface ServerObserver {
  /** @param durationMs from the arrival of the request's headers until the answer is handed to the socket */
  readonly answered?: (verb: Verb, status: number, durationMs: number) => void;
  /** From now on this certificate is in use: the server's own, or the first to end of the clients' CA. */
  readonly certificateInUse?: (certificate: CertificateUse, expiresAtMs: number) => void;
  /** What the files hold cannot be used; what was in use stays. */
  readonly certificateRefused?: () => void;
  readonly log?: (level: 'info' | 'warn', message: string, fields: Readonly<Record<string, unknown>>) => void;
}

interface About {
  readonly version: string;
  readonly startedAtMs: number;
  /** What an operator wants to see of the configuration at a glance. */
  readonly config: Readonly<Record<string, unknown>>;
}

type CertificateUse = 'server' | 'client-ca';

export interface HttpServerOptions extends Address, ServerLimits {
  /** Where all but the verbs is served. Undefined: at the same address. */
  readonly management?: Address | undefined;
  /** Undefined: plain HTTP. */
  readonly tls?: TlsFiles | undefined;
  readonly maxBodyBytes: number;
  /** Of all requests at a time. */
  readonly maxBufferedBytes: number;
}

export interface Address {
  readonly bindAddress: string;
  /** 0: any free one. */
  readonly port: number;
}

/** What holds for every listener. */
export interface ServerLimits {
  readonly maxConnections: number;
  /** A request that has not come whole by then is given up, and so is an answer that nobody fetches. */
  readonly requestTimeoutMs: number;
  /** How long `stop` waits for requests under way. */
  readonly drainTimeoutMs: number;
}

export interface TlsFiles {
  readonly certFile: string;
  readonly keyFile: string;
  /** With it the verbs answer only to certificates of this CA. */
  readonly clientCaFile?: string | undefined;
  /** Undefined: any name. */
  readonly clientNames?: readonly string[] | undefined;
}
