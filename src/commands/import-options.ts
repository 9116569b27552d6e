import { type Command, InvalidArgumentError, Option } from 'commander';
import { parseDurationMs } from '../picture/project.ts';
import { parseKey } from '../recorder/objects.ts';

export interface ImportEventsOptions {
  readonly events: string;
  readonly nodes: string;
  readonly deployments: string;
  readonly hpas?: string | undefined;
  readonly pods?: string | undefined;
  readonly config?: string | undefined;
  readonly output: string;
  readonly name: string;
  readonly expect: boolean;
}

export interface ImportK6Options {
  readonly json: string;
  readonly trace: string;
  /** `namespace/name` */
  readonly deployment: string;
  /** In milliseconds; undefined: from the trace's recorded CPU. */
  readonly cpuPerRequest?: number | undefined;
  /** Where in the trace the load test begins, in milliseconds. */
  readonly offset: number;
  /** `name=value`: only requests that carry this tag. */
  readonly tag?: string | undefined;
  readonly as: 'users' | 'arrivals';
  readonly output: string;
}

const EXIT_CODES =
  '\nExit codes: 0 written, 1 failed, 2 the options or a file are not valid. See docs/recording.md.';
const OUTPUT = ['-o, --output <file>', 'where the trace is written; - is standard output'] as const;

export function importCommand(command: Command): Command {
  command.description('make a trace of what other tools have written down');
  command
    .command('events')
    .copyInheritedSettings(command)
    .description('replica changes, nodes and placements from kubectl get events -o json')
    .requiredOption('--events <file>', 'of kubectl get events --all-namespaces -o json')
    .requiredOption('--nodes <file>', 'of kubectl get nodes -o json')
    .requiredOption(
      '--deployments <file>',
      'of kubectl get deployments -o json: those that the trace is about',
    )
    .option('--hpas <file>', 'of kubectl get hpa -o json')
    .option('--pods <file>', 'of kubectl get pods --all-namespaces -o json: what else uses the nodes')
    .option('--config <file>', "Spillway's configuration: what decides of it becomes part of the trace")
    .requiredOption(...OUTPUT)
    .option('--name <text>', "the trace's name", 'events')
    .option('--expect', 'let the trace expect the pods on the tiers where they were', false)
    .addHelpText('after', EXIT_CODES)
    .action(async (options: ImportEventsOptions) => {
      const { importEvents } = await import('./import-events.ts');
      process.exitCode = await importEvents(options);
    });
  command
    .command('k6')
    .copyInheritedSettings(command)
    .description('virtual users and response times from k6 run --out json=FILE')
    .requiredOption('--json <file>', 'what k6 wrote, .gz too; - is standard input')
    .requiredOption('--trace <file>', 'the trace that gets the load')
    .requiredOption('--deployment <namespace/name>', 'whose pods answered', deploymentKey)
    .option(
      '--cpu-per-request <time>',
      'like 12ms on one core; absent: from CPU that the trace has recorded',
      span,
    )
    .option('--offset <time>', 'where in the trace the test begins', span, 0)
    .addOption(
      new Option('--as <load>', 'users who wait for answers, or requests at the rate at which they came')
        .choices(['users', 'arrivals'])
        .default('users'),
    )
    .option('--tag <name=value>', 'only requests with this tag, like name=checkout', tag)
    .requiredOption(...OUTPUT)
    .addHelpText('after', EXIT_CODES)
    .action(async (options: ImportK6Options) => {
      const { importK6 } = await import('./import-k6.ts');
      process.exitCode = await importK6(options);
    });
  return command;
}

function span(value: string): number {
  const ms = value === '0' ? 0 : parseDurationMs(value);
  if (ms === undefined) throw new InvalidArgumentError('Allowed: a duration, written like 12ms, 1.5s or 2m.');
  return ms;
}

function deploymentKey(value: string): string {
  if (parseKey(value) === undefined) throw new InvalidArgumentError('Allowed: namespace/name, like fn/web.');
  return value;
}

function tag(value: string): string {
  if (!/^[^=]+=.+$/s.test(value)) throw new InvalidArgumentError('Allowed: name=value, like name=checkout.');
  return value;
}
