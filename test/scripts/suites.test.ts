import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { ROOT } from './programs.ts';

it('npm run test:all runs the suites of .ci/run, which are all there are', () => {
  const { scripts } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
  const gate = readFileSync(join(ROOT, '.ci', 'run'), 'utf8');
  const inGate = Array.from(gate.matchAll(/^run_suite \S+ (.+)$/gm), ([, command]) => command);
  expect(scripts['test:all']).toBe(`CI=true ${inGate.join(' && ')}`);
  const suites = Object.keys(scripts).filter((name) => /^test(:|$)/.test(name));
  const apart = ['test:all', 'test:watch'];
  const inAll = inGate.flatMap((command = '') => /^npm (?:run )?(\S+)/.exec(command)?.[1] ?? []);
  expect(suites.filter((name) => !apart.includes(name)).sort()).toEqual(inAll.sort());
});
