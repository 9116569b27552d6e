import { readFile } from 'node:fs/promises';
import type { Config } from '../config/config.ts';
import { formatProblems } from '../config/problems.ts';
import { readConfig } from '../config/read.ts';
import { connectionFromKubeconfig } from '../kubernetes/connection.ts';
import { createLogger } from '../telemetry/logger.ts';
import { createService } from './service.ts';
import { endOnDefects, FAILED, nextSignal } from './until-signal.ts';
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
  const log = createLogger(config.logging.level);
  endOnDefects(log);
  // Before anything that takes long: a signal during the start is not lost.
  const signal = nextSignal();
  try {
    const connection = connectionFromKubeconfig(config.kubernetes.kubeconfig);
    const service = createService(config, connection, log);
    const listening = await service.start();
    const { bindAddress, tls } = config.server;
    log.info({ version: VERSION, bindAddress, ...listening, tls: tls !== undefined }, 'listening');
    log.info({ signal: await signal }, 'stopping');
    await service.stop();
    log.info('stopped');
    return STOPPED;
  } catch (error) {
    // The address is taken, or a file cannot be read: the message says it all.
    log.fatal(`cannot serve: ${messageOf(error)}`);
    return FAILED;
  }
}

/** The configuration, or what is wrong with it. */
async function configOf(file: string): Promise<Config | string> {
  try {
    const read = readConfig(await readFile(file, 'utf8'));
    return read.ok ? read.config : `${file} is not valid:\n${formatProblems(read.problems)}`;
  } catch (error) {
    return `${file} cannot be read: ${messageOf(error)}`;
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
