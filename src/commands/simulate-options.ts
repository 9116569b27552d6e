import { type Command, Option } from 'commander';

export interface SimulateOptions {
  readonly trace: string;
  readonly output: 'table' | 'json' | 'junit';
  readonly explain?: string | undefined;
  readonly verbose: boolean;
  readonly report?: string | undefined;
}

/** Gives a command the options and the action of `simulate`: it is a program of its own, and one of `spillway`. */
export function simulateCommand(command: Command): Command {
  return (
    command
      .description('replay a trace through the decision code, in virtual time, and check what it expects')
      .requiredOption('--trace <file>', 'the trace: a path, or the name of one in simulations/')
      .addOption(
        new Option('--output <format>', 'what to print').choices(['table', 'json', 'junit']).default('table'),
      )
      .option('--explain <pod>', 'print every decision about this pod, with all candidates, instead')
      .option('--verbose', 'print the log of all events too', false)
      .option('--report <file>', 'write a page with the figures of the run: one HTML file that works offline')
      .addHelpText(
        'after',
        '\nExit codes: 0 all expectations hold, 1 internal error, 2 the trace or the options are not valid, 3 an expectation failed.',
      )
      // Commander's own code for wrong options is 1, which stands for an internal error here.
      .exitOverride(({ exitCode }) => process.exit(exitCode === 0 ? 0 : 2))
      .action(async (options: SimulateOptions) => {
        const { simulate } = await import('./simulate.ts');
        process.exitCode = await simulate(options);
      })
  );
}
