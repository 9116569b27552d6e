import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import { parse } from 'yaml';
import { loadTrace } from '../../../src/commands/trace-file.ts';
import { refusals } from '../../../src/rehearsal/limits.ts';
import { REPOSITORY } from '../harness/configs.ts';
import type { Playground } from './open.ts';

/** A trace that the playground is opened for. */
export interface PlaygroundTrace {
  readonly file: string;
  /** Spillway's, as the trace has it. */
  readonly configuration: Readonly<Record<string, unknown>>;
  /** Seconds between two scrapes; metrics-server takes no less than 10. */
  readonly resolutionS: number;
}

const SHORTEST_RESOLUTION_S = 10;

/** Reads a trace before anything is started. Throws with what is wrong with it. */
export async function playgroundTrace(name: string): Promise<PlaygroundTrace> {
  const loaded = await loadTrace(name);
  if (!loaded.ok) throw new Error(loaded.message);
  const { file, text, trace } = loaded;
  const cannot = refusals(trace, false);
  if (cannot.length > 0) throw new Error(`${file} cannot be rehearsed:\n${cannot.join('\n')}`);
  return {
    file,
    configuration: parse(text).configuration ?? {},
    resolutionS: Math.max(SHORTEST_RESOLUTION_S, Math.round(trace.metricsServer.resolution / 1000)),
  };
}

/**
 * Rehearses it, as a process of its own. Ctrl-C in a terminal does not reach that one: who started it passes it on.
 *
 * @param args further ones, for `spillway rehearse`
 */
export function startRehearsal(
  { kubeconfig, url }: Playground,
  { file }: PlaygroundTrace,
  args: readonly string[],
): ChildProcess {
  const own = ['rehearse', '--trace', file, '--kubeconfig', kubeconfig, '--spillway', url];
  return spawn(process.execPath, [join(REPOSITORY, 'dist', 'spillway.js'), ...own, ...args], {
    detached: true,
    stdio: ['ignore', 'inherit', 'inherit'],
  });
}
