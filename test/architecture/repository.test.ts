import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const MAX_LINES = 300;

/** Tracked files and new ones that are not ignored. */
const files = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard'], {
  cwd: ROOT,
  encoding: 'utf8',
})
  .split('\n')
  .filter((name) => /\.(ts|mjs)$/.test(name));

interface Rule {
  readonly name: string;
  readonly applies: (file: string) => boolean;
  readonly broken: (text: string) => boolean;
}

const inSource = (file: string) => file.startsWith('src/');
const PURE =
  'text placement picture rebalance reading trace outcome simulator compare sweep report recorder rehearsal';
const isPure = (file: string) =>
  PURE.split(' ').some((folder) => file.startsWith(`src/${folder}/`)) &&
  !file.startsWith('src/rehearsal/on-cluster/');

const rules: readonly Rule[] = [
  {
    name: `no file is longer than ${MAX_LINES} lines`,
    applies: () => true,
    broken: (text) => text.split('\n').length > MAX_LINES + 1,
  },
  {
    name: 'the core takes the time as an argument and has no chance of its own',
    applies: isPure,
    broken: (text) =>
      /\b(Date\.now|new Date\(\)|Math\.random|performance\.now|setTimeout|process\.)/.test(text),
  },
  {
    name: 'nothing depends on the language of the machine',
    applies: isPure,
    broken: (text) => /\b(localeCompare|toLocale\w*|Intl\.)/.test(text),
  },
  {
    name: 'the type checker and the linter are not told to look away',
    applies: inSource,
    broken: (text) => /@ts-(ignore|expect-error|nocheck)|biome-ignore/.test(text),
  },
  {
    name: 'no state belongs to a module',
    applies: inSource,
    broken: (text) => /^(export )?let /m.test(text),
  },
  {
    // In a bundle in pieces a CommonJS package has `default` alone then.
    name: 'what is loaded when it is needed is a module of ours, not a package itself',
    applies: inSource,
    broken: (text) => /\bimport\(\s*['"](?!\.|node:)/.test(text),
  },
  {
    name: 'no test is left out or runs alone',
    applies: (file) => file.startsWith('test/') && !file.includes('architecture'),
    broken: (text) => /\b(it|describe|test)\.(skip|only|todo)\b/.test(text),
  },
];

describe('the repository', () => {
  it.each(rules)('$name', ({ applies, broken }) => {
    const offenders = files.filter(applies).filter((file) => broken(readFileSync(join(ROOT, file), 'utf8')));
    expect(offenders).toEqual([]);
  });

  it('the rules look at something', () => {
    for (const { applies } of rules) expect(files.filter(applies).length).toBeGreaterThan(10);
  });
});
