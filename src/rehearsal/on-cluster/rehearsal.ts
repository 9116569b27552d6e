import type { Connection } from '../../kubernetes/connection.ts';
import type { Runtime } from '../../kubernetes/runtime.ts';
import type { TraceEvent } from '../../trace/events.ts';
import type { Trace } from '../../trace/schema.ts';
import type { RehearsedPolicy } from '../limits.ts';
import type { RehearsalCluster } from './cluster.ts';

/** What a rehearsal has from outside. */
export interface RehearsalHost {
  readonly err: (text: string) => void;
  readonly runtime: Runtime;
  /** Aborted: the rehearsal ends early, and what it created is deleted. */
  readonly signal: AbortSignal;
  /** Takes the services of the cluster down and up. Absent: traces that want this are refused. */
  readonly services?: RehearsedServices | undefined;
}

interface RehearsalOptions {
  readonly policy: RehearsedPolicy;
  /** Where Spillway answers. */
  readonly spillway?: string | undefined;
  readonly schedulerName?: string | undefined;
}

/** For who runs the cluster's services: its API can end none of them. */
type RehearsedServices = Readonly<
  Record<'down' | 'up', (service: NonNullable<TraceEvent['down']>) => Promise<void>>
>;

/** One rehearsal: what is played, and where. */
export interface Rehearsal {
  readonly id: string;
  readonly trace: Trace;
  /** As the trace has them: read, their quantities are numbers. */
  readonly autoscalers: readonly unknown[];
  readonly options: RehearsalOptions;
  readonly connection: Connection;
  readonly cluster: RehearsalCluster;
  readonly host: RehearsalHost;
}
