import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

const SERVE = fileURLToPath(new URL('../../src/commands/serve.ts', import.meta.url));

/** The files of ours, and the packages, that are loaded before a module's first line runs. */
function loadedBefore(file: string, seen = new Set<string>()): ReadonlySet<string> {
  const found = readFileSync(file, 'utf8').matchAll(/^(?:import|export) (?!type )[^;]*? from '([^']+)';/gm);
  for (const [, from = ''] of found) {
    const path = from.startsWith('.') ? join(dirname(file), from) : from;
    if (seen.has(path)) continue;
    seen.add(path);
    if (from.startsWith('.')) loadedBefore(path, seen);
  }
  return seen;
}

it('serve begins without the libraries that take long to load: each comes in a turn of its own', () => {
  const loaded = loadedBefore(SERVE);
  expect(loaded).toContain('pino');
  for (const library of ['zod', '@kubernetes/client-node', 'express', 'prom-client']) {
    expect(loaded).not.toContain(library);
  }
});
