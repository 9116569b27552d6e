import { constants } from 'node:fs';
import { access, readFile, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { TierSettings } from '../cluster/picture.ts';
import { defaultConfig } from '../config/config.ts';
import { formatProblems } from '../config/problems.ts';
import { readConfig } from '../config/read.ts';
import { type Connection, connectionFromKubeconfig } from '../kubernetes/connection.ts';
import { type Runtime, systemRuntime } from '../kubernetes/runtime.ts';
import type { Window } from '../recorder/curves.ts';
import type { JsonObject } from '../recorder/objects.ts';
import { decidingConfiguration, traceText } from '../recorder/output.ts';
import { createRecording, type Recording } from '../recorder/recording.ts';
import { spanText } from '../recorder/text.ts';
import { type RecordedTrace, traceOf, whereText } from '../recorder/trace.ts';
import { checkTrace, formatTraceProblems } from '../simulator/trace/read.ts';
import type { RecordOptions } from './record-options.ts';
import { collectionsOf, missingRights, serverVersion } from './record-rights.ts';
import { createRecordSources } from './record-sources.ts';
import { messageOf } from './trace-file.ts';

const WRITTEN = 0;
const FAILED = 1;
const NOT_VALID = 2;

/** What a recording has from outside, for tests to give it another. */
export interface RecordHost {
  readonly out: (text: string) => void;
  readonly err: (text: string) => void;
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
  const settings = await settingsOf(options);
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
  settings: Settings,
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
  return write(trace, span, options.output, host);
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

interface Settings {
  readonly tiers: TierSettings;
  readonly kubeconfig: string | undefined;
  readonly configuration: JsonObject | undefined;
}

/** What is known before anything is recorded; or, as text, what is wrong. */
async function settingsOf({ config: file, output }: RecordOptions): Promise<Settings | string> {
  try {
    if (output !== '-') await access(dirname(output), constants.W_OK);
  } catch (error) {
    return `${output} cannot be written: ${messageOf(error)}`;
  }
  if (file === undefined) {
    return { tiers: defaultConfig().tiers, kubeconfig: undefined, configuration: undefined };
  }
  try {
    const text = await readFile(file, 'utf8');
    const read = readConfig(text);
    if (!read.ok) return `${file} is not valid:\n${formatProblems(read.problems)}`;
    const { parse } = await import('yaml');
    const { tiers, kubernetes } = read.config;
    const { kubeconfig } = kubernetes;
    return { tiers, kubeconfig, configuration: decidingConfiguration(parse(text)) };
  } catch (error) {
    return `${file} cannot be read: ${messageOf(error)}`;
  }
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

async function write(
  trace: RecordedTrace,
  { toMs }: Window,
  output: string,
  { out, err }: RecordHost,
): Promise<number> {
  const text = traceText(trace.document);
  const read = await checkTrace(trace.document);
  for (const note of trace.notes) err(`note: ${note}\n`);
  for (const line of whereText(trace, toMs)) err(`${line}\n`);
  if (output === '-') out(text);
  else await writeFile(output, text);
  if (!read.ok) {
    err(`the trace is written, and simulate will not read it:\n${formatTraceProblems(read.problems)}\n`);
    return FAILED;
  }
  if (output !== '-') err(`${output} is written: spillway simulate --trace ${output}\n`);
  return WRITTEN;
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
    out: (text) => process.stdout.write(text),
    err: (text) => process.stderr.write(text),
    now: Date.now,
    runtime: systemRuntime,
    signal: ending.signal,
  };
}
