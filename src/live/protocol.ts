import type { ConfigFile } from '../config/schema.ts';
import type { Decision } from '../placement/decision.ts';
import type { Verb } from '../placement/verbs.ts';
import type { Act, ActOutcome } from '../rebalance/acts.ts';
import type { NodeForecast, Told } from '../simulator/link.ts';

/*
 * What a simulation and the live extender that it drives say to each other, beside the scheduler's own calls:
 * the extender sees no cluster and has no clock of its own, it is told both.
 */

/** The format of all of it. Other formats are refused, other versions of Spillway are not. */
export const FORMAT = 'simulate.spillway.dev/v1alpha2';

export const PATHS = {
  /** GET: `About`. */
  about: '/simulation',
  /** POST `StartBody`: `StartAnswer`. */
  start: '/simulation/start',
  /** POST `FeedBody`: `FeedAnswer`. */
  feed: '/simulation/feed',
} as const;

export interface About {
  readonly format: string;
  /** Of Spillway. */
  readonly version: string;
}

export interface StartBody {
  readonly format: string;
  /** As the simulator has read it: with numbers where the file has texts with units. */
  readonly configuration: ConfigFile;
  /** The virtual time. */
  readonly nowMs: number;
}

export interface StartAnswer {
  /** Names the run in what it is fed. */
  readonly run: string;
}

export interface FeedBody {
  readonly run: string;
  /** The virtual time from now on, until the next feed. */
  readonly nowMs: number;
  readonly told: readonly TimedTold[];
  /** Answer with what is expected of the nodes. */
  readonly forecasts: boolean;
  /** No question follows. */
  readonly ended: boolean;
}

export type TimedTold = (Told | ActEnded) & { readonly atMs: number };

export interface FeedAnswer {
  /** Made since the last feed. */
  readonly decisions: readonly Decision[];
  /** Questions that were answered as if Spillway were not there, since the last feed. */
  readonly failures: readonly { readonly verb: Verb; readonly error: string }[];
  /** Empty when not asked for. */
  readonly forecasts: readonly NodeForecast[];
  /** What it asks of the cluster since the last feed. Each is answered by an `actEnded`. */
  readonly acts: readonly NumberedAct[];
}

export interface NumberedAct {
  /** Within the run. */
  readonly number: number;
  readonly act: Act;
}

/** What became of an act. */
export interface ActEnded {
  readonly type: 'actEnded';
  readonly number: number;
  readonly outcome: ActOutcome;
}
