import { randomUUID } from 'node:crypto';
import { type Connection, connectionFromKubeconfig } from '../../kubernetes/connection.ts';
import { type Runtime, systemRuntime } from '../../kubernetes/runtime.ts';
import { refusals } from '../../rehearsal/limits.ts';
import { POLICIES, withPolicy } from '../../simulator/policies/policy.ts';
import type { SimulationResult } from '../../simulator/result.ts';
import { traceConfig } from '../../simulator/simulate.ts';
import type { TraceEvent } from '../../simulator/trace/events.ts';
import { parseDocument } from '../../simulator/trace/read.ts';
import type { Trace } from '../../simulator/trace/schema.ts';
import { printResult, unwritable } from '../print-result.ts';
import { exitCodeOf, INTERNAL_ERROR, NOT_VALID, type Output, TERMINAL } from '../simulate.ts';
import { loadTrace, messageOf } from '../trace-file.ts';
import { cleanUp, cleanUpAll } from './clean-up.ts';
import { createRehearsalCluster, type RehearsalCluster } from './cluster.ts';
import { spillwayProblem } from './decisions.ts';
import type { RehearseOptions } from './options.ts';
import { playTrace } from './play.ts';
import { createStage } from './stage.ts';

/** What a rehearsal has from outside, for tests to give it another. */
export interface RehearseHost extends Output {
  readonly runtime: Runtime;
  /** Aborted: the rehearsal ends early, and what it created is deleted. */
  readonly signal: AbortSignal;
  /** Takes the services of the cluster down and up. Absent: traces that want this are refused. */
  readonly services?: RehearsedServices | undefined;
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
  readonly options: RehearseOptions;
  readonly connection: Connection;
  readonly cluster: RehearsalCluster;
  readonly host: RehearseHost;
}

/**
 * Plays a trace on a cluster in real time, and prints what came of it.
 *
 * @returns the exit code: 0 all expectations hold, 1 it could not be played to its end, 2 the trace or the
 *   options are not valid, 3 an expectation failed
 */
export async function rehearse(
  options: RehearseOptions,
  host: RehearseHost = processHost(),
): Promise<number> {
  const refuse = (message: string) => {
    host.err(`${message}\n`);
    return NOT_VALID;
  };
  if (options.trace === undefined) return cleanUpAll(options.kubeconfig, host);
  const loaded = await loadTrace(options.trace);
  if (!loaded.ok) return refuse(loaded.message);
  const cannot = refusals(loaded.trace, host.services !== undefined);
  if (cannot.length > 0) return refuse(`${loaded.file} cannot be rehearsed:\n${cannot.join('\n')}`);
  const problem = (await unwritable(options)) ?? (await spillwayProblem(options.spillway));
  if (problem !== undefined) return refuse(problem);
  let connection: Connection | undefined;
  try {
    connection = connectionFromKubeconfig(options.kubeconfig);
    const result = await onCluster({
      id: randomUUID().slice(0, 8),
      trace: underPolicy(loaded.trace, options),
      autoscalers: await rawAutoscalers(loaded.text),
      options,
      connection,
      cluster: createRehearsalCluster(connection),
      host,
    });
    if (result === undefined) return INTERNAL_ERROR;
    const unprinted = await printResult(result, options, loaded.file, host);
    return unprinted === undefined ? exitCodeOf(result) : refuse(unprinted);
  } catch (error) {
    host.err(`cannot rehearse: ${messageOf(error)}\n`);
    return INTERNAL_ERROR;
  } finally {
    connection?.close();
  }
}

/** Whatever happens, nothing of it is left on the cluster; undefined: it was ended early. */
async function onCluster(rehearsal: Rehearsal): Promise<SimulationResult | undefined> {
  const { id, host, cluster } = rehearsal;
  let created = false;
  try {
    const stage = await createStage(rehearsal, () => {
      created = true;
    });
    if (stage === undefined) return undefined;
    return await playTrace(rehearsal, stage);
  } finally {
    if (created) await cleanUp(cluster, host, id);
  }
}

function underPolicy(trace: Trace, { policy }: RehearseOptions): Trace {
  const under = withPolicy(trace, policy);
  return POLICIES[policy].traceOf?.(under, traceConfig(under).tiers) ?? under;
}

async function rawAutoscalers(text: string): Promise<readonly unknown[]> {
  const parsed = await parseDocument(text);
  const document = parsed.ok && typeof parsed.value === 'object' ? parsed.value : {};
  const list = (document as Readonly<Record<string, unknown>> | null)?.['horizontalPodAutoscalers'];
  return Array.isArray(list) ? list : [];
}

function processHost(): RehearseHost {
  const ending = new AbortController();
  const onSignal = () => {
    if (ending.signal.aborted) {
      TERMINAL.err('ended before all was deleted: spillway rehearse --clean-up deletes what is left\n');
      process.exit(INTERNAL_ERROR);
    }
    ending.abort();
  };
  for (const name of ['SIGINT', 'SIGTERM'] as const) process.on(name, onSignal);
  return { ...TERMINAL, runtime: systemRuntime, signal: ending.signal };
}
