import { type Connection, connectionFromKubeconfig } from '../kubernetes/connection.ts';
import { type Runtime, systemRuntime } from '../kubernetes/runtime.ts';
import type { Window } from '../recorder/curves.ts';
import { createRecording, type Recording } from '../recorder/recording.ts';
import { spanText } from '../recorder/text.ts';
import { traceOf, whereText } from '../recorder/trace.ts';
import type { RecordOptions } from './record-options.ts';
import { collectionsOf, missingRights, serverVersion } from './record-rights.ts';
import { createRecordSources } from './record-sources.ts';
import { messageOf } from './trace-file.ts';
import {
  FAILED,
  NOT_VALID,
  type Printer,
  TERMINAL,
  type TraceSettings,
  traceSettings,
  writeTrace,
} from './write-trace.ts';

/** What a recording has from outside, for tests to give it another. */
export interface RecordHost extends Printer {
  /** The time of day, in milliseconds since the epoch. */
  readonly now: () => number;
  readonly runtime: Runtime;
  /** Aborted: the recording ends and is written. */
  readonly signal: AbortSignal;
}

/** How often it says that it is still at work. */
const PROGRESS_MS = 30_000;

/**
 * Records a cluster.
 *
 * @returns the exit code: 0 written, 1 failed, 2 the options or the configuration are not valid
 */
export async function record(options: RecordOptions, host: RecordHost = processHost()): Promise<number> {
  const settings = await traceSettings(options.config, options.output);
  if (typeof settings === 'string') {
    host.err(`${settings}\n`);
    return NOT_VALID;
  }
  let connection: Connection | undefined;
  try {
    connection = connectionFromKubeconfig(options.kubeconfig ?? settings.kubeconfig);
    return await recordFrom(connection, settings, options, host);
  } catch (error) {
    host.err(`cannot record: ${messageOf(error)}\n`);
    return FAILED;
  } finally {
    connection?.close();
  }
}

async function recordFrom(
  connection: Connection,
  settings: TraceSettings,
  options: RecordOptions,
  host: RecordHost,
): Promise<number> {
  const { signal, err } = host;
  const missing = await missingRights(connection, collectionsOf(options.namespace), signal);
  if (missing.length > 0 && !signal.aborted) {
    err(`cannot record from ${connection.server()}:\n${missing.join('\n')}\n`);
    err('docs/recording.md has the ClusterRole that a recording needs.\n');
    return FAILED;
  }
  const kubernetesVersion = await serverVersion(connection, signal);
  const recording = createRecording();
  const span = await observe(connection, recording, options, host);
  if (span === undefined) {
    err('ended before the recording began: nothing is written\n');
    return FAILED;
  }
  const trace = traceOf(recording, {
    name: options.name ?? options.namespace.join('-'),
    description: descriptionOf(options, span),
    span,
    tiers: settings.tiers,
    configuration: settings.configuration,
    kubernetesVersion,
    expect: options.expect,
  });
  for (const note of trace.notes) err(`note: ${note}\n`);
  for (const line of whereText(trace, span.toMs)) err(`${line}\n`);
  return writeTrace(trace.document, options.output, host);
}

/** Fills the recording, and gives the time that it covers; undefined: a signal came before it began. */
async function observe(
  connection: Connection,
  recording: Recording,
  { namespace, duration }: RecordOptions,
  host: RecordHost,
): Promise<Window | undefined> {
  const { now, signal } = host;
  let startMs: number | undefined;
  const say = (what: string) => {
    const sinceMs = startMs === undefined ? 0 : now() - startMs;
    host.err(`${spanText(Math.round(sinceMs / 1000) * 1000).padStart(6)}  ${what}\n`);
  };
  const sources = createRecordSources({
    connection,
    recording,
    collections: collectionsOf(namespace),
    now,
    scaled: (deployment, from = 0, to) => {
      if (startMs !== undefined) say(`${deployment}: ${from} → ${to}`);
    },
    complain: say,
    runtime: host.runtime,
  });
  try {
    await Promise.race([sources.start(), aborted(signal)]);
    if (signal.aborted) return undefined;
    startMs = now();
    say(`recording from ${connection.server()}: ${stateText(recording)}`);
    await passTime(duration, startMs, host, () => say(stateText(recording)));
  } finally {
    await sources.stop();
  }
  // A timer may fire late.
  return { fromMs: startMs, toMs: Math.min(now(), startMs + (duration ?? Number.POSITIVE_INFINITY)) };
}

async function passTime(
  durationMs: number | undefined,
  startMs: number,
  { now, runtime, signal }: RecordHost,
  progress: () => void,
): Promise<void> {
  const untilMs = startMs + (durationMs ?? Number.POSITIVE_INFINITY);
  while (!signal.aborted) {
    const leftMs = untilMs - now();
    if (leftMs <= 0) return;
    await runtime.sleep(Math.min(PROGRESS_MS, leftMs), signal);
    if (!signal.aborted && now() < untilMs) progress();
  }
}

function stateText({ nodes, deployments, pods, looks }: Recording): string {
  const alive = Array.from(pods.values()).filter(({ goneAtMs }) => goneAtMs === undefined).length;
  return `${nodes.size} nodes, ${deployments.size} Deployments, ${alive} pods, ${looks.length} looks at metrics`;
}

function descriptionOf({ namespace }: RecordOptions, { fromMs: startMs, toMs }: Window): string {
  const seconds = Math.round((toMs - startMs) / 1000);
  return `Recorded at ${new Date(startMs).toISOString()} for ${seconds} s: namespace ${namespace.join(', ')}.`;
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
}

function processHost(): RecordHost {
  const ending = new AbortController();
  // Once: a second signal ends the process at once.
  for (const name of ['SIGINT', 'SIGTERM'] as const) process.once(name, () => ending.abort());
  return {
    ...TERMINAL,
    now: Date.now,
    runtime: systemRuntime,
    signal: ending.signal,
  };
}
