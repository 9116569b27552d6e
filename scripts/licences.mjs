// Refuses packages that may not be passed on with Spillway: part of `npm run lint`. The folder is an argument for the tests.
// It reads what npm wrote into the lockfile, so it needs no package of its own, no registry and no node_modules.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isAllowed, LICENCES } from './allowed-licences.mjs';

const { packages } = JSON.parse(await readFile(join(process.argv[2] ?? '.', 'package-lock.json'), 'utf8'));

/** Those that are installed to run Spillway. What is bundled from them `scripts/build.mjs` looks at itself. */
const shipped = Object.entries(packages).filter(([path, { dev }]) => path !== '' && dev !== true);
const refused = shipped.filter(([, { license }]) => !isAllowed(license));
for (const [path, { version, license }] of refused) {
  const name = path.replace(/^.*node_modules\//, '');
  const found = typeof license === 'string' ? license : 'no licence';
  console.error(`package-lock.json: ${name} ${version}: found ${found}, allowed: ${LICENCES.join(', ')}`);
}
if (refused.length > 0) process.exitCode = 1;
else console.log(`Licences of ${shipped.length} packages are compatible with Apache-2.0.`);
