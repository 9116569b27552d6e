import { readdirSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** Folders of test/ that are none of src/: docs/architecture.md says what each is for. */
const OWN = [
  'architecture',
  'bench',
  'browser',
  'contract',
  'control-plane',
  'deploy',
  'docs',
  'fake',
  'fidelity',
  'fuzz',
  'scripts',
  // Whole runs of the simulator: what the shipped traces print, and what holds for drawn ones.
  'simulator/golden',
  'simulator/properties',
  'simulator/shipped',
  // Answers of the real plugins.
  'simulator/scheduler/recorded',
];

function foldersOf(top: string): readonly string[] {
  const files = readdirSync(join(ROOT, top), { recursive: true, withFileTypes: true });
  return files
    .filter((entry) => entry.isFile())
    .map(({ parentPath }) => relative(join(ROOT, top), parentPath))
    .flatMap(withParents)
    .filter((folder, index, all) => all.indexOf(folder) === index);
}

function withParents(folder: string): readonly string[] {
  return folder === '' ? [] : [folder, ...withParents(dirname(folder).replace(/^\.$/, ''))];
}

function strangers(tests: readonly string[], sources: readonly string[]): readonly string[] {
  const isOwn = (folder: string) => OWN.some((own) => folder === own || folder.startsWith(`${own}/`));
  return tests.filter((folder) => !isOwn(folder) && !sources.includes(folder));
}

describe('tests mirror src/', () => {
  it('every folder of test/ is one of src/, or one of those that are named', () => {
    expect(strangers(foldersOf('test'), foldersOf('src'))).toEqual([]);
  });

  it('every folder that is named is there, and is none of src/', () => {
    expect(foldersOf('test')).toEqual(expect.arrayContaining(OWN));
    expect(foldersOf('src').filter((folder) => OWN.includes(folder))).toEqual([]);
  });

  it.each([
    { tests: ['picture', 'bench/a'], sources: ['picture'], found: [] },
    { tests: ['cluster'], sources: ['picture'], found: ['cluster'] },
    { tests: ['simulator/cluster'], sources: ['simulator', 'cluster'], found: ['simulator/cluster'] },
  ])('the check itself: $tests beside $sources', ({ tests, sources, found }) => {
    expect(strangers(tests, sources)).toEqual(found);
  });
});
