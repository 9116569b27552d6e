// npm run bench [-- NAME ...]: prints rates and ratios, all of them measured in this one run.
import { execFileSync } from 'node:child_process';
import { benchCore } from './core.ts';
import { benchExpress } from './express.ts';
import { benchHandlers } from './handlers.ts';
import { benchLate } from './late.ts';
import { benchParts } from './parts.ts';
import { ROOT } from './processes.ts';
import { benchScheduler } from './scheduler.ts';
import { benchScrapes } from './scrapes.ts';
import { benchSimulator } from './simulator.ts';
import { benchStartup } from './startup.ts';

const BENCHES: Readonly<Record<string, () => void | Promise<void>>> = {
  core: benchCore,
  parts: benchParts,
  handlers: benchHandlers,
  late: benchLate,
  startup: benchStartup,
  express: benchExpress,
  scheduler: benchScheduler,
  scrapes: benchScrapes,
  simulator: benchSimulator,
};

const asked = process.argv.slice(2);
const unknown = asked.filter((name) => !(name in BENCHES));
if (unknown.length > 0) {
  console.error(`unknown: ${unknown.join(', ')}; there are: ${Object.keys(BENCHES).join(', ')}`);
  process.exit(2);
}
// What is measured as a process is the bundle, of today's source.
execFileSync(process.execPath, ['scripts/build.mjs'], { cwd: ROOT });
for (const [name, bench] of Object.entries(BENCHES)) {
  if (asked.length === 0 || asked.includes(name)) await bench();
}
