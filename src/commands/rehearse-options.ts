import { type Command, Option } from 'commander';
import { REHEARSED_POLICIES, type RehearsedPolicy } from '../rehearsal/limits.ts';

export interface RehearseOptions {
  /** Undefined: only what earlier rehearsals have left is deleted. */
  readonly trace?: string | undefined;
  readonly kubeconfig?: string | undefined;
  readonly spillway?: string | undefined;
  readonly policy: RehearsedPolicy;
  readonly schedulerName?: string | undefined;
  readonly output: 'table' | 'json' | 'junit';
  readonly result?: string | undefined;
  readonly report?: string | undefined;
}

export function rehearseCommand(command: Command): Command {
  const policy = new Option(
    '--policy <name>',
    'how pods get their nodes: by the scheduler that asks Spillway, or by the default one',
  );
  const output = new Option('--output <format>', 'what to print');
  const cleanUp = new Option(
    '--clean-up',
    'instead: delete what rehearsals that were killed have left on the cluster',
  );
  return command
    .description('play a trace on a cluster of KWOK nodes, in real time, and check what it expects')
    .option('--trace <file>', 'the trace: a path, or the name of one in simulations/')
    .addOption(cleanUp.conflicts('trace'))
    .option('--kubeconfig <file>', 'absent: as kubectl finds it')
    .option('--spillway <url>', 'where Spillway answers: its decisions become part of the result')
    .addOption(policy.choices(REHEARSED_POLICIES).default('spillway'))
    .option('--scheduler-name <name>', "in the place of the templates' own; absent: as the policy needs it")
    .addOption(output.choices(['table', 'json', 'junit']).default('table'))
    .option('--result <file>', 'write everything that happened, for simulate compare')
    .option('--report <file>', 'write a page with the figures of the run')
    .addHelpText(
      'after',
      '\nCtrl-C ends it early, and what it created is deleted. Exit codes: 0 all expectations hold, 1 failed, 2 the trace or the options are not valid, 3 an expectation failed. See docs/rehearsal.md.',
    )
    .action(async (options: RehearseOptions & { readonly cleanUp?: boolean }) => {
      if (options.trace === undefined && options.cleanUp !== true) {
        command.error("error: required option '--trace <file>' not specified");
      }
      const { rehearse } = await import('./rehearse.ts');
      process.exitCode = await rehearse(options);
    });
}
