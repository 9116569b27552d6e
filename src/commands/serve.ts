import { readFile } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import type { Config } from '../config/config.ts';
import { formatProblems } from '../reading/problems.ts';
import { createLogger, standardOutput } from '../telemetry/logger.ts';
import { endOnDefects, FAILED, nextSignal, writeLastLines } from './until-signal.ts';
import { VERSION } from './version.ts';

/** The exit codes of `serve`. */
const STOPPED = 0;
const NOT_CONFIGURED = 2;

/**
 * Runs the extender until SIGTERM or SIGINT.
 *
 * @param configFile path of the YAML configuration
 * @returns the exit code: 0 stopped by a signal, 1 failed, 2 the configuration is wrong
 */
export async function serve(configFile: string): Promise<number> {
  const config = await configOf(configFile);
  if (typeof config === 'string') {
    process.stderr.write(`${config}\n`);
    return NOT_CONFIGURED;
  }
  const output = standardOutput();
  const log = createLogger(config.logging.level, output);
  endOnDefects(log, output);
  // Before anything that takes long: a signal during the start is not lost.
  const signal = nextSignal();
  try {
    const { connectionFromKubeconfig } = await inTurn(import('../kubernetes/connection.ts'));
    const { createService } = await inTurn(import('./service.ts'));
    const connection = connectionFromKubeconfig(config.kubernetes.kubeconfig);
    const service = createService(config, connection, log, () => output.droppedLines);
    const listening = await service.start();
    const { bindAddress, tls } = config.server;
    log.info({ version: VERSION, bindAddress, ...listening, tls: tls !== undefined }, 'listening');
    log.info({ signal: await signal }, 'stopping');
    const stopByMs = performance.now() + config.server.drainTimeoutMs;
    await service.stop();
    log.info('stopped');
    await writeLastLines(output, stopByMs);
    return STOPPED;
  } catch (error) {
    // The address is taken, or a file cannot be read: the message says it all.
    log.fatal(`cannot serve: ${messageOf(error)}`);
    await writeLastLines(output);
    return FAILED;
  }
}

/** The configuration, or what is wrong with it. */
async function configOf(file: string): Promise<Config | string> {
  try {
    const { readConfig } = await inTurn(import('../config/read.ts'));
    const read = readConfig(await readFile(file, 'utf8'));
    return read.ok ? read.config : `${file} is not valid:\n${formatProblems(read.problems)}`;
  } catch (error) {
    return `${file} cannot be read: ${messageOf(error)}`;
  }
}

/**
 * The libraries take 150 ms to load: at one go, the process would be deaf for so long, to signals too. So each
 * part is loaded where it is needed, and what comes then waits for a turn of its own.
 */
async function inTurn<T>(loading: Promise<T>): Promise<T> {
  const loaded = await loading;
  // No immediate: that comes before signals and timers are looked at.
  await delay(0);
  return loaded;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
