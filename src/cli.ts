import { Command } from 'commander';
import { importCommand } from './commands/import-options.ts';
import { recordCommand } from './commands/record-options.ts';
import { rehearseCommand } from './commands/rehearse-options.ts';
import { serveSimulationCommand } from './commands/serve-simulation.ts';
import { simulateCommand } from './commands/simulate-options.ts';
import { VERSION } from './commands/version.ts';

/*
 * Each command loads its own modules when it is called: `--help` and a replay need neither the Kubernetes
 * client nor Express.
 */
// Commander's own code for wrong options is 1, which stands for a failure here.
const program = new Command('spillway')
  .exitOverride(({ exitCode }) => process.exit(exitCode === 0 ? 0 : 2))
  .description('Fills edge nodes by live CPU and lets the rest spill over into the cloud.')
  .version(VERSION);

program
  .command('serve')
  .copyInheritedSettings(program)
  .description('answer kube-scheduler as its extender')
  .requiredOption('--config <file>', 'configuration file (YAML); see docs/configuration.md')
  .action(async ({ config }: { readonly config: string }) => {
    const { serve } = await import('./commands/serve.ts');
    process.exitCode = await serve(config);
  });

serveSimulationCommand(program.command('serve-simulation').copyInheritedSettings(program));

simulateCommand(program.command('simulate'));

recordCommand(program.command('record').copyInheritedSettings(program));

rehearseCommand(program.command('rehearse').copyInheritedSettings(program));

importCommand(program.command('import').copyInheritedSettings(program));

await program.parseAsync();
