import { constants } from 'node:fs';
import { access, readFile, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { defaultConfig } from '../config/config.ts';
import { readConfig } from '../config/read.ts';
import type { TierSettings } from '../picture/picture.ts';
import { formatProblems } from '../reading/problems.ts';
import type { JsonObject } from '../recorder/objects.ts';
import { decidingConfiguration, traceText } from '../recorder/output.ts';
import { checkTrace, formatTraceProblems } from '../trace/read.ts';
import { messageOf } from './trace-file.ts';

export interface Printer {
  readonly out: (text: string) => void;
  readonly err: (text: string) => void;
}

/** Exit codes of the commands that write a trace. */
const WRITTEN = 0;
export const FAILED = 1;
export const NOT_VALID = 2;

/** What a configuration file gives to a trace. */
export interface TraceSettings {
  readonly tiers: TierSettings;
  readonly kubeconfig: string | undefined;
  readonly configuration: JsonObject | undefined;
}

/**
 * Checks what can be checked before any work is done.
 *
 * @returns the settings; or, as text, what is wrong
 */
export async function traceSettings(
  file: string | undefined,
  output: string,
): Promise<TraceSettings | string> {
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
    const { parse } = await import('../reading/yaml.ts');
    const { tiers, kubernetes } = read.config;
    const { kubeconfig } = kubernetes;
    return { tiers, kubeconfig, configuration: decidingConfiguration(parse(text)) };
  } catch (error) {
    return `${file} cannot be read: ${messageOf(error)}`;
  }
}

/** Writes a trace, valid or not: a recording cannot be had again. */
export async function writeTrace(
  document: JsonObject,
  output: string,
  { out, err }: Printer,
): Promise<number> {
  const read = await checkTrace(document);
  const text = traceText(document);
  try {
    if (output === '-') out(text);
    else await writeFile(output, text);
  } catch (error) {
    err(`${output} cannot be written: ${messageOf(error)}\n`);
    return FAILED;
  }
  if (!read.ok) {
    err(`the trace is written, but simulate will not read it:\n${formatTraceProblems(read.problems)}\n`);
    return FAILED;
  }
  if (output !== '-') err(`${output} is written: spillway simulate --trace ${output}\n`);
  return WRITTEN;
}

export const TERMINAL: Printer = {
  out: (text) => process.stdout.write(text),
  err: (text) => process.stderr.write(text),
};
