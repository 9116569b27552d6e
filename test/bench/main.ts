// npm run bench [-- NAME ...]: prints rates and ratios, all of them measured in this one run.
import { benchCore } from './core.ts';
import { benchExpress } from './express.ts';
import { benchHandlers } from './handlers.ts';

const BENCHES: Readonly<Record<string, () => void | Promise<void>>> = {
  core: benchCore,
  handlers: benchHandlers,
  express: benchExpress,
};

const asked = process.argv.slice(2);
const unknown = asked.filter((name) => !(name in BENCHES));
if (unknown.length > 0) {
  console.error(`unknown: ${unknown.join(', ')}; there are: ${Object.keys(BENCHES).join(', ')}`);
  process.exit(2);
}
for (const [name, bench] of Object.entries(BENCHES)) {
  if (asked.length === 0 || asked.includes(name)) await bench();
}
