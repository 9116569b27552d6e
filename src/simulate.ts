import { Command } from 'commander';
import { simulateCommand } from './commands/simulate-options.ts';
import { VERSION } from './commands/version.ts';

/** A bundle of its own, so that a replay does not load the service's libraries. */
await simulateCommand(new Command('simulate').version(VERSION)).parseAsync();
