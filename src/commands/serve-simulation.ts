import { type Command, InvalidArgumentError } from 'commander';

interface ServeSimulationOptions {
  readonly bindAddress: string;
  readonly port: number;
}

/** A command of its own, not an option of `serve`: nobody must come to it on a real cluster by a slip. */
export function serveSimulationCommand(command: Command): Command {
  return command
    .description('answer simulate --extender as the live service, without any cluster')
    .option('--port <n>', '0: any free one, which the log then names', port, 8888)
    .option('--bind-address <address>', 'who can reach it can feed it', '127.0.0.1')
    .addHelpText(
      'after',
      '\nExit codes: 0 stopped by a signal, 1 failed, 2 the options are not valid. See docs/simulator.md.',
    )
    .action(async (options: ServeSimulationOptions) => {
      process.exitCode = await serveSimulation(options);
    });
}

async function serveSimulation({ bindAddress, port }: ServeSimulationOptions): Promise<number> {
  const [{ createLogger, standardOutput }, { createSimulatedService }, ending, { VERSION }] =
    await Promise.all([
      import('../telemetry/logger.ts'),
      import('../live/service.ts'),
      import('./until-signal.ts'),
      import('./version.ts'),
    ]);
  const { endOnDefects, FAILED, nextSignal, writeLastLines } = ending;
  const output = standardOutput();
  const log = createLogger('info', output);
  endOnDefects(log, output);
  const signal = nextSignal();
  try {
    const logLinesDropped = () => output.droppedLines;
    const service = createSimulatedService({ bindAddress, port, version: VERSION, logLinesDropped }, log);
    const listening = await service.start();
    log.info({ version: VERSION, bindAddress, port: listening.port }, 'listening for simulations');
    log.info({ signal: await signal }, 'stopping');
    await service.stop();
    await writeLastLines(output);
    return 0;
  } catch (error) {
    log.fatal(`cannot serve: ${error instanceof Error ? error.message : String(error)}`);
    await writeLastLines(output);
    return FAILED;
  }
}

function port(value: string): number {
  if (!/^\d{1,5}$/.test(value) || Number(value) > 65_535) {
    throw new InvalidArgumentError('Allowed: a whole number from 0 to 65535.');
  }
  return Number(value);
}
