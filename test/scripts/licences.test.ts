import { spawnSync } from 'node:child_process';
import { cpSync, readFileSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { folderOf, ROOT, runScript } from './programs.ts';

interface Entry {
  readonly version?: string;
  readonly license?: unknown;
  readonly dev?: boolean;
  readonly devOptional?: boolean;
}

function check(entry: Entry, path = 'node_modules/x') {
  const own = { name: 'spillway', license: 'Anything' };
  const packages = { '': own, [path]: { version: '1.2.3', ...entry } };
  return runScript('licences.mjs', folderOf({ 'package-lock.json': JSON.stringify({ packages }) }));
}

describe('the check of licences', () => {
  it.each<[string, Entry]>([
    ['one that is allowed', { license: 'MIT' }],
    ['alternatives of which one is allowed', { license: '(GPL-3.0-only OR Apache-2.0)' }],
    ['two that hold together and are allowed', { license: 'MIT AND BSD-3-Clause' }],
    ['any, of a package that is not shipped', { license: 'GPL-3.0-only', dev: true }],
  ])('lets %s pass', (_name, entry) => {
    expect(check(entry)).toEqual({
      status: 0,
      out: expect.stringMatching(/^Licences of [01] packages/),
      err: '',
    });
  });

  it.each<[string, Entry, string]>([
    ['one that is not allowed', { license: 'GPL-3.0-only' }, 'GPL-3.0-only'],
    ['none', {}, 'no licence'],
    ['what is no name', { license: { type: 'MIT' } }, 'no licence'],
    ['a file', { license: 'SEE LICENSE IN LICENSE' }, 'SEE LICENSE IN LICENSE'],
    ['an empty name', { license: '' }, ''],
    ['two that hold together, one not allowed', { license: 'MIT AND GPL-2.0-only' }, 'MIT AND GPL-2.0-only'],
    ['what can be installed with and without dev', { license: 'X', devOptional: true }, 'X'],
  ])('refuses %s, with package and version', (_name, entry, found) => {
    const { status, err } = check(entry);
    expect([status, err]).toEqual([
      1,
      expect.stringMatching(/^package-lock\.json: x 1\.2\.3: found .*, allowed: 0BSD, Apache-2\.0, /),
    ]);
    expect(err).toContain(`: found ${found}, allowed`);
  });

  it('names a package that lies below another as itself', () => {
    const { err } = check({ license: 'X' }, 'node_modules/a/node_modules/@b/c');
    expect(err).toContain('package-lock.json: @b/c 1.2.3: found X');
  });

  it('is part of lint, and this repository passes', () => {
    const { scripts } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
    expect(scripts.lint).toContain('node scripts/licences.mjs');
    expect(runScript('licences.mjs', ROOT)).toMatchObject({ status: 0, err: '' });
  });

  it('reads in the lockfile what the packages say themselves', () => {
    const { packages } = JSON.parse(readFileSync(join(ROOT, 'package-lock.json'), 'utf8'));
    const shipped = Object.entries<Entry>(packages).filter(([path, { dev }]) => path !== '' && dev !== true);
    expect(shipped.length).toBeGreaterThan(50);
    for (const [path, { version, license }] of shipped) {
      const installed: Entry = JSON.parse(readFileSync(join(ROOT, path, 'package.json'), 'utf8'));
      expect({ path, version, license }).toEqual({
        path,
        version: installed.version,
        license: installed.license,
      });
    }
  });
});

describe('the build', () => {
  it.each([
    { license: 'MIT', status: 0, says: /^$/ },
    {
      license: 'GPL-3.0-only',
      status: 1,
      says: /Error: x 1\.2\.3: its licence GPL-3\.0-only is not allowed/,
    },
  ])('of a package under $license ends with $status', ({ license, status, says }) => {
    const entries = [
      'src/cli.ts',
      'src/simulate.ts',
      'src/commands/sweep-worker.ts',
      'src/live/http-worker.ts',
    ];
    const folder = folderOf({
      ...Object.fromEntries(entries.map((entry) => [entry, "import 'x';\n"])),
      'package.json': '{"type":"module","version":"1.0.0","bin":{}}',
      'node_modules/x/package.json': JSON.stringify({ name: 'x', version: '1.2.3', license }),
      'node_modules/x/index.js': 'globalThis.x = 1;\n',
    });
    cpSync(join(ROOT, 'scripts'), join(folder, 'scripts'), { recursive: true });
    symlinkSync(join(ROOT, 'node_modules', 'esbuild'), join(folder, 'node_modules', 'esbuild'));
    const args = [join(folder, 'scripts', 'build.mjs'), join(folder, 'out')];
    const built = spawnSync(process.execPath, args, { encoding: 'utf8' });
    expect([built.status, built.stderr]).toEqual([status, expect.stringMatching(says)]);
  });
});
