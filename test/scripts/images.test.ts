import { cpSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { folderOf, ROOT, runScript } from './programs.ts';

const DIGEST = `sha256:${'0a'.repeat(32)}`;
const PACKAGE = '{"name":"spillway"}';

/** Gives every image the same digest, as `docker buildx imagetools inspect` would print it. */
const DOCKER = `console.log('{"schemaVersion":2,"digest":"${DIGEST}","size":1}');`;

function repository(over: Readonly<Record<string, string>>): string {
  return folderOf({
    'package.json': PACKAGE,
    Dockerfile: 'FROM scratch\n',
    'deploy/a.yaml': 'a: 1\n',
    ...over,
  });
}

const check = (folder: string) => runScript('release-check.mjs', folder);
const pin = (folder: string, docker = DOCKER) => runScript('pin-images.mjs', folder, { docker });
const read = (folder: string, file: string) => readFileSync(join(folder, file), 'utf8');

describe('the check of a release', () => {
  it.each([
    { what: 'FROM', dockerfile: 'FROM node:24\n', found: ['1: found node:24'] },
    {
      what: 'FROM with a platform',
      dockerfile: '\nfrom --platform=x node:24 as b\n',
      found: ['2: found node:24'],
    },
    { what: 'FROM without a tag', dockerfile: 'FROM node\n', found: ['1: found node'] },
    { what: 'a digest that is too short', dockerfile: 'FROM a@sha256:1f\n', found: ['1: found a@sha256:1f'] },
    { what: 'an argument', dockerfile: 'ARG B=a\nFROM $B\n', found: ['2: found $B'] },
    { what: 'COPY', dockerfile: 'FROM scratch\nCOPY --from=x:1 /a /b\n', found: ['2: found x:1'] },
    {
      what: 'RUN',
      dockerfile: 'FROM scratch\nRUN --mount=type=bind,from=x:1,target=/x ls\n',
      found: ['2: found x:1'],
    },
    {
      what: 'the syntax',
      dockerfile: '# syntax=docker/dockerfile:1\nFROM scratch\n',
      found: ['1: found docker/dockerfile:1'],
    },
    {
      what: 'what is named like ours elsewhere',
      dockerfile: 'FROM x/spillway:1\n',
      found: ['1: found x/spillway:1'],
    },
  ])('refuses $what in the Dockerfile', ({ dockerfile, found }) => {
    const { status, err } = check(repository({ Dockerfile: dockerfile }));
    expect(status).toBe(1);
    expect(err.split('\n').filter((line) => line.startsWith('Dockerfile:'))).toEqual(
      found.map((text) => `Dockerfile:${text}, allowed: an image with its digest, NAME:TAG@sha256:…`),
    );
  });

  it.each([
    { what: 'a block', yaml: 'a:\n  - image: x:1\n', place: '2: found x:1' },
    { what: 'quotes', yaml: 'image: "x:1" # why\n', place: '1: found x:1' },
    { what: 'a flow', yaml: 'a: [{name: a, image: x:1}]\n', place: '1: found x:1' },
    { what: 'a second document', yaml: 'a: 1\n---\nimage: x:1\n', place: '3: found x:1' },
    { what: 'a folder below', file: 'deploy/b/c.yml', yaml: 'image: x:1\n', place: '1: found x:1' },
  ])('refuses an image in $what', ({ file = 'deploy/a.yaml', yaml, place }) => {
    const { status, err } = check(repository({ [file]: yaml }));
    expect([status, err]).toEqual([1, expect.stringContaining(`${file}:${place}, allowed: `)]);
  });

  it.each([
    { what: 'a stage', files: { Dockerfile: 'FROM scratch AS One\nFROM one\nCOPY --from=one a b\n' } },
    { what: 'a comment', files: { Dockerfile: '# FROM x and --from=y\nFROM scratch\n' } },
    {
      what: 'our own image',
      files: { 'deploy/a.yaml': 'a: {image: spillway}\nb: {image: "spillway:0.1.0"}\n' },
    },
    { what: 'another field', files: { 'deploy/a.yaml': 'images: [{name: x}]\nimagePullPolicy: Always\n' } },
    { what: 'an image with its digest', files: { Dockerfile: `FROM x:1@${DIGEST}\n` } },
  ])('lets $what pass', ({ files }) => {
    expect(check(repository(files))).toMatchObject({ status: 0, err: '' });
  });
});

describe('writing digests', () => {
  it('makes this repository one that can be released, and changes nothing else', () => {
    const folder = folderOf({ 'package.json': PACKAGE });
    for (const path of ['Dockerfile', 'deploy'])
      cpSync(join(ROOT, path), join(folder, path), { recursive: true });
    const { status, out } = pin(folder);
    expect(status).toBe(0);
    const written = out.trim().split('\n');
    expect(written.length).toBeGreaterThanOrEqual(3);
    for (const file of new Set(written.map((line) => line.split(':')[0] ?? ''))) {
      expect(read(folder, file).replaceAll(`@${DIGEST}`, '')).toBe(
        read(ROOT, file).replaceAll(/@sha256:\w+/g, ''),
      );
    }
    expect(check(folder)).toMatchObject({ status: 0, err: '' });
  });

  it('asks for each image once, and writes it wherever it stands', () => {
    const asked = join(folderOf({}), 'asked');
    const docker = `${DOCKER} require('fs').appendFileSync('${asked}', process.argv[5] + '\\n');`;
    const folder = repository({
      Dockerfile: 'FROM x:1 AS x\nFROM y:1\n',
      'deploy/a.yaml': 'a: [{image: x:1}, {image: x:1}]\n',
    });
    expect(pin(folder, docker).status).toBe(0);
    expect(readFileSync(asked, 'utf8')).toBe('x:1\ny:1\n');
    expect(read(folder, 'Dockerfile')).toBe(`FROM x:1@${DIGEST} AS x\nFROM y:1@${DIGEST}\n`);
    const [document] = parseAllDocuments(read(folder, 'deploy/a.yaml'));
    expect(document?.toJS()).toEqual({ a: [{ image: `x:1@${DIGEST}` }, { image: `x:1@${DIGEST}` }] });
  });

  it('leaves a digest that is there', () => {
    const pinned = `FROM x:1@sha256:${'b1'.repeat(32)}\n`;
    const folder = repository({ Dockerfile: pinned });
    expect(pin(folder)).toMatchObject({ status: 0, out: '' });
    expect(read(folder, 'Dockerfile')).toBe(pinned);
  });

  it.each([
    { what: 'says nothing', docker: '', problem: 'y:1: found nothing, allowed: a manifest with its digest' },
    { what: 'gives no digest', docker: "console.log('{}')", problem: 'y:1: found {}, allowed: a manifest' },
    {
      what: 'gives something else',
      docker: `console.log('{"digest":"sha256:1f"}')`,
      problem: 'y:1: found {"digest":"sha256:1f"}, allowed: a manifest',
    },
    {
      what: 'cannot reach the registry',
      docker: "console.error('no route'); process.exit(1)",
      problem: 'y:1: its digest is not known: no route',
    },
  ])('writes nothing at all where docker $what about one image', ({ docker, problem }) => {
    const files = { Dockerfile: 'FROM x:1 AS x\nFROM y:1\n', 'deploy/a.yaml': 'image: y:1\n' };
    const folder = repository(files);
    const answer = `if (process.argv[5] === 'y:1') { ${docker} } else { ${DOCKER} }`;
    expect(pin(folder, answer)).toEqual({ status: 1, out: '', err: expect.stringContaining(problem) });
    for (const [file, text] of Object.entries(files)) expect(read(folder, file)).toBe(text);
  });
});

describe('the workflow of a release', () => {
  const [document] = parseAllDocuments(read(ROOT, '.github/workflows/release.yml'));
  const { permissions, jobs } = document?.toJS() ?? {};
  const steps: readonly { readonly run?: string; readonly uses?: string }[] = jobs.image.steps;
  const position = (command: string) => steps.findIndex(({ run }) => run?.startsWith(command));

  it('checks digests before it builds, and may write nothing', () => {
    const order = ['npm ci', 'npm run release:pin', 'npm run release:check', 'docker build'].map(position);
    expect(order.toSorted((left, right) => left - right)).toEqual(order);
    expect(order).not.toContain(-1);
    expect(permissions).toEqual({ contents: 'read' });
  });

  it('calls scripts that there are', () => {
    const { scripts } = JSON.parse(read(ROOT, 'package.json'));
    const called = steps.flatMap(({ run = '' }) => /^npm run (\S+)/.exec(run)?.[1] ?? []);
    expect(called.filter((name) => scripts[name] === undefined)).toEqual([]);
    expect(called.length).toBeGreaterThan(2);
  });

  it('uses no action that can be moved', () => {
    const moved = steps.flatMap(({ uses }) =>
      uses === undefined || /@[0-9a-f]{40}$/.test(uses) ? [] : [uses],
    );
    expect(moved).toEqual([]);
  });
});
