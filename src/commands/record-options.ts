import { type Command, InvalidArgumentError } from 'commander';
import { parseDurationMs } from '../picture/project.ts';

export interface RecordOptions {
  readonly namespace: readonly string[];
  /** Undefined: until a signal. */
  readonly duration?: number | undefined;
  /** A path, or `-`. */
  readonly output: string;
  readonly name?: string | undefined;
  readonly config?: string | undefined;
  readonly kubeconfig?: string | undefined;
  readonly expect: boolean;
}

const NAMESPACE = /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/;

export function recordCommand(command: Command): Command {
  return command
    .description('watch a cluster and write a trace that simulate replays')
    .requiredOption(
      '--namespace <name>',
      'the namespace whose Deployments are recorded; may be given several times',
      namespaces,
    )
    .requiredOption('-o, --output <file>', 'where the trace is written; - is standard output')
    .option('--duration <time>', 'how long, like 10m; absent: until Ctrl-C', duration)
    .option('--name <text>', "the trace's name; absent: that of the namespace")
    .option('--config <file>', "Spillway's configuration: what decides of it becomes part of the trace")
    .option('--kubeconfig <file>', 'absent: as kubectl finds it')
    .option('--expect', 'let the trace expect the pods on the tiers where they were', false)
    .addHelpText(
      'after',
      '\nCtrl-C ends a recording and writes it. Exit codes: 0 written, 1 failed, 2 the options or the configuration are not valid. See docs/recording.md.',
    )
    .action(async (options: RecordOptions) => {
      const { record } = await import('./record.ts');
      process.exitCode = await record(options);
    });
}

function namespaces(value: string, before: readonly string[] = []): readonly string[] {
  if (!NAMESPACE.test(value)) throw new InvalidArgumentError('Allowed: the name of a namespace.');
  return before.includes(value) ? before : [...before, value];
}

function duration(value: string): number {
  const ms = parseDurationMs(value);
  if (ms === undefined || ms <= 0) {
    throw new InvalidArgumentError('Allowed: a duration above 0, written like 90s or 10m.');
  }
  return ms;
}
