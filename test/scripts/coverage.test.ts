import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import config from '../../vitest.config.ts';
import { ROOT } from './programs.ts';

it('the floor of coverage is one for folders that there are', () => {
  const floors = Object.keys(config.test?.coverage?.thresholds ?? {});
  expect(floors.length).toBeGreaterThan(2);
  const folders = floors.map((files) => files.replace(/\/\*\*$/, ''));
  expect(folders.filter((folder) => !existsSync(join(ROOT, folder)))).toEqual([]);
});
