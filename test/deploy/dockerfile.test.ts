import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

/*
 * The image without an engine to build it: what each stage copies is put where the stage would have it, and the
 * stage's programs are run there. Only `npm ci` is left out, as the packages are here already.
 */
const ROOT = fileURLToPath(new URL('../..', import.meta.url));

interface Copy {
  readonly from: string | undefined;
  readonly sources: readonly string[];
  readonly target: string;
}

const stages = readFileSync(join(ROOT, 'Dockerfile'), 'utf8')
  .replaceAll('\\\n', ' ')
  .split(/^(?=FROM )/m)
  .slice(1);
const [buildStage = '', imageStage = ''] = stages;

function copiesOf(stage: string): readonly Copy[] {
  return Array.from(stage.matchAll(/^COPY (?:--from=(\S+) )?(.+)$/gm), ([, from, rest = '']) => {
    const paths = rest.trim().split(/\s+/);
    return { from, sources: paths.slice(0, -1), target: paths.at(-1) ?? '' };
  });
}

const fromContext = stages.flatMap(copiesOf).filter(({ from }) => from === undefined);
const contextPaths = fromContext.flatMap(({ sources }) => sources);

describe('the Dockerfile', () => {
  it.each(contextPaths)('copies %s, which is in the repository and sent to the engine', (path) => {
    const tracked = execFileSync('git', ['ls-files', '--', path], { cwd: ROOT, encoding: 'utf8' });
    expect(tracked).not.toBe('');
    expect(readFileSync(join(ROOT, '.dockerignore'), 'utf8').split('\n')).toContain(`!${path}`);
  });

  it('builds by what npm runs after an install', () => {
    const { scripts } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
    expect(buildStage).toMatch(/^RUN npm ci\b/m);
    expect(scripts.prepare).toBe('node scripts/build.mjs');
  });
});

describe('the image', () => {
  const folder = mkdtempSync(join(tmpdir(), 'spillway-image-'));
  const image = join(folder, 'image');
  const inImage = (...args: readonly string[]) =>
    spawnSync(process.execPath, args, { cwd: image, encoding: 'utf8' });

  beforeAll(() => {
    const build = join(folder, 'build');
    stage(copiesOf(buildStage), join(build, 'src'), build);
    symlinkSync(join(ROOT, 'node_modules'), join(build, 'src', 'node_modules'));
    const script = join(build, 'src', 'scripts', 'build.mjs');
    execFileSync(process.execPath, [script, join(build, 'src', 'dist')], { cwd: join(build, 'src') });
    stage(copiesOf(imageStage), image, build);
  }, 60_000);

  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('starts the service, with the configuration that its command names', () => {
    const [entry = '', command = ''] = ['ENTRYPOINT', 'CMD'].map(
      (word) => new RegExp(`^${word} (.+)$`, 'm').exec(imageStage)?.[1],
    );
    const [node, program] = JSON.parse(entry);
    expect(node).toBe('/nodejs/bin/node');
    const workdir = /^WORKDIR (.+)$/m.exec(imageStage)?.[1] ?? '';
    const { status, stderr } = inImage(program.replace(workdir, image), ...JSON.parse(command));
    expect(stderr).toContain('/etc/spillway/config.yaml');
    expect(status).toBe(2);
  });

  it('replays a trace that it carries', () => {
    const { status, stdout } = inImage(join(image, 'dist', 'simulate.js'), '--trace', 'e1.json');
    expect(stdout).toContain('e1');
    expect(status).toBe(0);
  });

  it('passes the licences on', () => {
    expect(readFileSync(join(image, 'dist', 'THIRD_PARTY_LICENSES'), 'utf8')).toContain('express');
    expect(readFileSync(join(image, 'LICENSE'), 'utf8')).toContain('Apache License');
  });
});

/** @param build what stands for the root of the stage that is copied from */
function stage(copies: readonly Copy[], workdir: string, build: string): void {
  for (const { from, sources, target } of copies) {
    for (const source of sources) {
      const origin = join(from === undefined ? ROOT : build, source);
      // As COPY has it: several sources, or a target that ends in a slash, go into a folder by their names.
      const into = target.endsWith('/')
        ? join(workdir, target, source.split('/').at(-1) ?? '')
        : join(workdir, target);
      mkdirSync(dirname(into), { recursive: true });
      cpSync(origin, into, { recursive: true });
    }
  }
}
