import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const SRC = fileURLToPath(new URL('../../src', import.meta.url));

/**
 * What each folder of src/ may import: folders of ours, packages, and Node's own modules where said. A folder within
 * one that is named here has a rule of its own.
 */
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  text: [],
  placement: ['text'],
  picture: ['placement', 'lru-cache'],
  reading: ['placement', 'picture', 'zod', 'yaml'],
  config: ['placement', 'picture', 'reading', 'zod', 'yaml'],
  rebalance: ['placement', 'picture'],
  extender: ['text', 'placement', 'picture', 'config'],
  kubernetes: ['placement', 'picture', 'config', '@kubernetes/client-node', 'yaml', 'node:'],
  telemetry: ['text', 'placement', 'picture', 'config', 'lru-cache', 'pino', 'prom-client', 'node:'],
  server: ['text', 'placement', 'picture', 'config', 'extender', 'telemetry', 'express', 'node:'],
  trace: ['placement', 'picture', 'reading', 'config', 'zod', 'yaml'],
  outcome: ['placement', 'reading', 'trace', 'zod'],
  simulator: ['placement', 'picture', 'config', 'extender', 'rebalance', 'trace', 'outcome'],
  compare: ['text', 'placement', 'picture', 'trace', 'outcome', 'simulator'],
  sweep: ['text', 'reading', 'trace', 'simulator', 'compare', 'node:'],
  report: ['text', 'placement', 'outcome', 'sweep', 'd3-array', 'd3-scale', 'd3-shape', 'node:'],
  recorder: ['placement', 'picture', 'reading', 'config', 'trace'],
  rehearsal: ['placement', 'picture', 'trace', 'outcome', 'simulator'],
  'rehearsal/on-cluster': [
    'placement',
    'picture',
    'kubernetes',
    'trace',
    'outcome',
    'simulator',
    'rehearsal',
  ],
  live: [
    'placement',
    'picture',
    'reading',
    'config',
    'extender',
    'rebalance',
    'telemetry',
    'server',
    'simulator',
    'zod',
    'node:',
  ],
  commands: [
    'placement',
    'picture',
    'reading',
    'config',
    'extender',
    'rebalance',
    'kubernetes',
    'telemetry',
    'server',
    'trace',
    'outcome',
    'simulator',
    'compare',
    'sweep',
    'report',
    'recorder',
    'rehearsal',
    'rehearsal/on-cluster',
    'live',
    'yaml',
    'commander',
    'node:',
  ],
  // cli.ts and simulate.ts, the two programs.
  '.': ['commands', 'commander', 'node:'],
};

const files = readdirSync(SRC, { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.ts'))
  .map((name) => join(SRC, name));

function importsOf(text: string): readonly string[] {
  const found = text.matchAll(
    /(?:^|\s)(?:import|export)\b[^'"`;]*?from\s*['"]([^'"]+)['"]|import\(\s*['"]([^'"]+)['"]/g,
  );
  return Array.from(found, ([, fromStatic, fromDynamic]) => fromStatic ?? fromDynamic ?? '');
}

/** The folder of src/, or the package, that an import leads to. */
function targetOf(file: string, specifier: string): string {
  if (specifier.startsWith('.')) return folderOf(join(dirname(file), specifier));
  if (specifier.startsWith('node:')) return 'node:';
  const parts = specifier.split('/');
  return specifier.startsWith('@') ? parts.slice(0, 2).join('/') : (parts[0] ?? '');
}

function folderOf(file: string): string {
  const parts = relative(SRC, file).split(sep).slice(0, -1);
  const within = parts.slice(0, 2).join('/');
  return within in MAY_IMPORT ? within : (parts[0] ?? '.');
}

function forbidden(file: string, text: string): readonly string[] {
  const folder = folderOf(file);
  return importsOf(text).filter((specifier) => {
    const target = targetOf(file, specifier);
    return target !== folder && !(MAY_IMPORT[folder] ?? []).includes(target);
  });
}

describe('imports point inward', () => {
  it('in every file', () => {
    const offenders = files.flatMap((file) => {
      const found = forbidden(file, readFileSync(file, 'utf8'));
      return found.length === 0 ? [] : [`${relative(SRC, file)}: ${found.join(', ')}`];
    });
    expect(offenders).toEqual([]);
  });

  it.each([
    {
      file: 'placement/a.ts',
      text: "import { x } from '../picture/picture.ts';",
      found: ['../picture/picture.ts'],
    },
    { file: 'placement/a.ts', text: "import { x } from './load.ts';", found: [] },
    { file: 'placement/a.ts', text: "import { z } from 'zod';", found: ['zod'] },
    {
      file: 'simulator/a.ts',
      text: "const m = await import('../kubernetes/b.ts');",
      found: ['../kubernetes/b.ts'],
    },
    {
      file: 'server/a.ts',
      text: "import type { KubeConfig } from '@kubernetes/client-node';",
      found: ['@kubernetes/client-node'],
    },
    {
      file: 'picture/a.ts',
      text: "export { y } from '../extender/wire.ts';",
      found: ['../extender/wire.ts'],
    },
    { file: 'picture/a.ts', text: "import {\n  a,\n  b,\n} from 'express';", found: ['express'] },
  ])('the check itself: $text in $file', ({ file, text, found }) => {
    expect(forbidden(join(SRC, file), text)).toEqual(found);
  });

  it('every folder has its rule', () => {
    expect(new Set(files.map(folderOf))).toEqual(new Set(Object.keys(MAY_IMPORT)));
  });
});
