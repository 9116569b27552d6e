import { type Command, Option } from 'commander';
import { POLICY_NAMES, type PolicyName } from '../trace/policy-names.ts';
import { endWithReader } from './end-with-reader.ts';

export interface SimulateOptions {
  readonly trace: string;
  /** In the place of the trace's own. */
  readonly policy?: PolicyName | undefined;
  /** The URL of a live extender, which decides in the place of the code in this process. */
  readonly extender?: string | undefined;
  readonly output: 'table' | 'json' | 'junit';
  readonly explain?: string | undefined;
  readonly verbose: boolean;
  readonly report?: string | undefined;
}

/** As they are given: which of them go together depends on what is done. */
interface GivenOptions extends Omit<SimulateOptions, 'trace' | 'output'> {
  readonly trace?: string | undefined;
  readonly output: OutputFormat;
  readonly compare?: string | undefined;
  readonly sweep?: readonly string[] | undefined;
  readonly seeds?: string | undefined;
  readonly workers?: string | undefined;
  readonly shard?: string | undefined;
  readonly shardFile?: string | undefined;
}

const OUTPUTS = ['table', 'json', 'junit', 'csv'] as const;
type OutputFormat = (typeof OUTPUTS)[number];

const EXIT_CODES =
  '\nExit codes: 0 all expectations hold, 1 internal error, or a live extender was lost, 2 the trace or the options are not valid, 3 an expectation failed.';

/** Gives a command the options and the action of `simulate`: it is a program of its own, and one of `spillway`. */
export function simulateCommand(command: Command): Command {
  const output = new Option('--output <format>', 'what to print: csv is for sweeps, junit for single runs');
  const policy = new Option('--policy <name>', "how pods get their nodes, in the place of the trace's own");
  const extender = new Option(
    '--extender <url>',
    'let a live extender decide, started by: spillway serve-simulation',
  );
  command
    .description('replay a trace through the decision code, in virtual time, and check what it expects')
    .option('--trace <file>', 'the trace: a path, or the name of one in simulations/')
    .addOption(policy.choices(POLICY_NAMES).conflicts(['compare', 'sweep']))
    .addOption(extender.conflicts(['compare', 'sweep']))
    .addOption(output.choices(OUTPUTS).default('table'))
    .option('--explain <pod>', 'print every decision about this pod, with all candidates, instead')
    .option('--verbose', 'print the log of all events too', false)
    .option('--report <file>', 'write a page with the figures of the run: one HTML file that works offline')
    .addHelpText('after', EXIT_CODES)
    // Commander's own code for wrong options is 1, which stands for an internal error here.
    .exitOverride(({ exitCode }) => process.exit(exitCode === 0 ? 0 : 2))
    .action(async (options: GivenOptions) => {
      endWithReader();
      process.exitCode = await act(command, options);
    });
  addManyRuns(command);
  addMerge(command);
  addCompare(command);
  return command;
}

/** Options that make many runs of one trace: docs/policies.md and docs/sweep.md. */
function addManyRuns(command: Command): void {
  const collect = (value: string, before: readonly string[] | undefined) => [...(before ?? []), value];
  const compare = new Option(
    '--compare <policies>',
    'run it under each of these: spillway,default,affinity,…',
  );
  const sweep = new Option(
    '--sweep <key=values>',
    'run it with each value: threshold=0.5..0.9:0.1; repeatable',
  );
  const shard = new Option(
    '--shard <i/n>',
    'run only the i-th of n parts of a sweep, and write a file for merge',
  );
  command
    .addOption(compare.conflicts(['sweep', 'explain', 'verbose']))
    .addOption(sweep.argParser(collect).conflicts(['explain', 'verbose']))
    .option('--seeds <n>', 'run each combination with the seeds 1 to n')
    .option('--workers <n>', 'how many threads run a sweep (default: one for each core)')
    .addOption(shard.conflicts('report'))
    .option('--shard-file <file>', 'where (default: sweep-shard-<i>-of-<n>.json)');
}

/** Its `--output` is that of the command above it, which takes options from after a subcommand too. */
function addMerge(command: Command): void {
  const action = async (files: readonly string[], _own: unknown, self: Command) => {
    const { output, report } = self.optsWithGlobals<GivenOptions>();
    if (!isSweepFormat(output)) return command.error(`error: --output ${output} is not for merge`);
    const { merge } = await import('./merge.ts');
    process.exitCode = await merge(files, { output, report });
  };
  command
    .command('merge')
    .copyInheritedSettings(command)
    .description('print what the shards of a sweep come to; --output and --report as for the sweep')
    .argument('<files...>', 'the files that all shards wrote')
    .action(action);
}

/** Its options are those of the command above it, which takes them from after a subcommand too. */
function addCompare(command: Command): void {
  const action = async (runs: readonly string[], _own: unknown, self: Command) => {
    const { trace, output, report } = self.optsWithGlobals<GivenOptions>();
    if (trace === undefined) return command.error("error: required option '--trace <file>' not specified");
    if (output === 'csv' || output === 'junit') {
      return command.error(`error: --output ${output} is not for compare`);
    }
    const { compareResults } = await import('./compare-results.ts');
    process.exitCode = await compareResults(runs, { trace, output, report });
  };
  command
    .command('compare')
    .copyInheritedSettings(command)
    .description('hold runs of one trace beside each other that were written with --output json')
    .argument('<runs...>', 'each name=file: spillway=a.json default=b.json')
    .action(action);
}

async function act(command: Command, options: GivenOptions): Promise<number> {
  const { trace, output, compare, sweep, explain } = options;
  if (trace === undefined) return command.error("error: required option '--trace <file>' not specified");
  const forSweeps = (['seeds', 'workers', 'shard', 'shardFile'] as const).find(
    (key) => options[key] !== undefined,
  );
  if (sweep === undefined && forSweeps !== undefined) {
    const name = forSweeps === 'shardFile' ? 'shard-file' : forSweeps;
    return command.error(`error: option '--${name}' is only for --sweep`);
  }
  if (sweep !== undefined) {
    if (!isSweepFormat(output)) return command.error(`error: --output ${output} is not for --sweep`);
    const { sweep: run } = await import('./sweep.ts');
    return run({ ...options, trace, sweep, output });
  }
  if (output === 'csv') return command.error('error: --output csv is only for --sweep');
  if (compare !== undefined) {
    if (output === 'junit') return command.error('error: --output junit is not for --compare');
    const { compare: run } = await import('./compare.ts');
    return run({ trace, compare, output, report: options.report });
  }
  const { simulate } = await import('./simulate.ts');
  const { policy, extender, verbose, report } = options;
  return simulate({ trace, policy, extender, output, explain, verbose, report });
}

function isSweepFormat(format: unknown): format is 'table' | 'json' | 'csv' {
  return format === 'table' || format === 'json' || format === 'csv';
}
