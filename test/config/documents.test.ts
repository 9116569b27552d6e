import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { Document } from 'yaml';
import { generatedFiles, pathOf } from '../../scripts/generated.ts';
import { defaultConfig } from '../../src/config/config.ts';
import { configJsonSchema, fieldsOf } from '../../src/config/json-schema.ts';
import { readConfig } from '../../src/config/read.ts';
import { ANNOTATION_NAMES, ANNOTATION_PREFIX } from '../../src/placement/annotations.ts';
import { formatProblems } from '../../src/reading/problems.ts';

const PAGE = readFileSync(pathOf('docs/configuration.md'), 'utf8');
const FIELDS = fieldsOf(configJsonSchema());

/** The first cell of every table row of the page that holds a name in code, and the cells after it. */
const ROWS = PAGE.split('\n').flatMap((line) => {
  const cells = line.split(/(?<!\\)\|/).map((cell) => cell.trim());
  const name = /^`([^`]+)`$/.exec(cells[1] ?? '')?.[1];
  return name === undefined ? [] : [{ name, cells: cells.slice(2) }];
});

describe('generated files', async () => {
  it.each(await generatedFiles())('$path is as `npm run schemas` writes it', ({ path, text }) => {
    expect(readFileSync(pathOf(path), 'utf8')).toBe(text);
  });
});

describe('the JSON Schema', () => {
  it('describes every field, and says what is allowed wherever a value is', () => {
    for (const { path, what, allowed, default: byDefault } of FIELDS) {
      expect(what, path).not.toBe('');
      const isSection = FIELDS.some((field) => field.path.startsWith(`${path}.`));
      if (!isSection) expect(allowed, path).toBeDefined();
      else expect(byDefault === undefined || typeof byDefault === 'object', path).toBe(true);
    }
  });

  it('is strict everywhere', () => {
    const open = JSON.stringify(configJsonSchema(), (key, value: unknown) =>
      key === 'matchLabels' ? undefined : value,
    ).match(/"properties":/g);
    const strict = JSON.stringify(configJsonSchema()).match(/"additionalProperties":false/g);
    expect(strict?.length).toBe(open?.length);
  });
});

describe('docs/configuration.md', () => {
  it('has a row for every field, and no other', () => {
    const named = ROWS.map(({ name }) => name).filter((name) => FIELDS.some(({ path }) => path === name));
    const leaves = FIELDS.filter(({ path }) => path.includes('.') || /^(apiVersion|kind)$/.test(path));
    expect(named).toEqual(expect.arrayContaining(leaves.map(({ path }) => path)));
    const paths = ROWS.map(({ name }) => name).filter(
      (name) => /^[a-z]+\.\w/i.test(name) && !name.includes('/'),
    );
    expect(FIELDS.map(({ path }) => path)).toEqual(expect.arrayContaining(paths));
  });

  it('has defaults that make the default configuration', () => {
    const document = new Document({ apiVersion: 'spillway.dev/v1alpha1', kind: 'SpillwayConfiguration' });
    const written = ROWS.filter(({ name }) => FIELDS.some(({ path }) => path === name)).flatMap(
      ({ name, cells }) => {
        const text = /^`(.*)`$/.exec(cells[0] ?? '')?.[1];
        return text === undefined ? [] : [{ name, value: JSON.parse(text) as unknown }];
      },
    );
    for (const { name, value } of written) document.setIn(name.split('.'), value);
    expect(written.length).toBeGreaterThan(20);
    expect(readConfig(document.toString())).toEqual({ ok: true, config: defaultConfig() });
  });

  it('has a row for every annotation, and no other', () => {
    const named = ROWS.map(({ name }) => name).filter((name) => name.startsWith(ANNOTATION_PREFIX));
    expect(named.toSorted()).toEqual(ANNOTATION_NAMES.map((name) => ANNOTATION_PREFIX + name).toSorted());
  });

  it('shows an example that can be read', () => {
    const example = /```yaml\n(.*?)```/s.exec(PAGE)?.[1] ?? '';
    expect(readConfig(example)).toEqual({ ok: true, config: defaultConfig() });
  });

  it('names a rule’s settings as the annotations are', () => {
    const inSet = FIELDS.map(({ path }) => /\.set\.(\w+)$/.exec(path)?.[1]).filter(
      (key) => key !== undefined,
    );
    const kebab = inSet.map((key) => key.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`));
    expect(kebab.toSorted()).toEqual(ANNOTATION_NAMES.toSorted());
  });
});

describe('the configurations that are shipped', () => {
  const shipped = readdirSync(pathOf('deploy'), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.yaml'))
    .map((name) => ({ name, text: readFileSync(pathOf(`deploy/${name}`), 'utf8') }))
    .filter(({ text }) => /^kind: SpillwayConfiguration$/m.test(text));

  it('are found', () => expect(shipped).not.toEqual([]));

  it.each(shipped)('deploy/$name can be read', ({ text }) => {
    const result = readConfig(text);
    expect(result.ok ? '' : formatProblems(result.problems)).toBe('');
  });
});
