import type { IncomingMessage, ServerResponse } from 'node:http';
import type { ExtenderContext, Verb } from '../extender/context.ts';
import type { Decision, DecisionResult } from '../placement/decision.ts';
import type { Endpoint } from './endpoints.ts';

/** What the endpoints speak from. Structural: the server knows what it asks for, not who answers. */
export interface ServerParts {
  readonly extender: ExtenderContext;
  /** What is still missing before questions can be answered; empty: ready. */
  readonly missing: () => readonly string[];
  /** What does not work right now, also after all has been known once. */
  readonly problems: () => readonly string[];
  readonly metrics: { readonly contentType: string; readonly text: () => Promise<string> };
  readonly decisions: DecisionHistory;
  readonly observer: ServerObserver;
  readonly about: About;
  /** Endpoints that other servers do not have. */
  readonly further?: readonly ServedEndpoint[] | undefined;
}

export interface ServedEndpoint extends Endpoint {
  readonly serve: (request: IncomingMessage, response: ServerResponse) => void;
}

export interface DecisionHistory {
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
  readonly log?: (level: 'info' | 'warn', message: string, fields: Readonly<Record<string, unknown>>) => void;
}

export interface About {
  readonly version: string;
  readonly startedAtMs: number;
  /** What an operator wants to see of the configuration at a glance. */
  readonly config: Readonly<Record<string, unknown>>;
}

export interface HttpServerOptions {
  readonly bindAddress: string;
  /** 0: any free one. */
  readonly port: number;
  /** Undefined: plain HTTP. */
  readonly tls?: TlsFiles | undefined;
  readonly maxBodyBytes: number;
  /** How long `stop` waits for requests under way. */
  readonly drainTimeoutMs: number;
}

export interface TlsFiles {
  readonly certFile: string;
  readonly keyFile: string;
}
