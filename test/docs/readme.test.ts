import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, inject, it } from 'vitest';
import { ANNOTATION_NAMES } from '../../src/placement/annotations.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const readme = readFileSync(join(ROOT, 'README.md'), 'utf8');

/** The code block that begins with this line. */
function block(first: string): string {
  const start = readme.indexOf(`\`\`\`\n${first}`);
  expect(start).toBeGreaterThan(0);
  return readme.slice(start + 4, readme.indexOf('\n```', start + 4));
}

function withoutComments(yaml: string): string {
  return yaml
    .split('\n')
    .filter((line) => !line.startsWith('#'))
    .join('\n')
    .trim();
}

describe('README', () => {
  it('shows what the simulator prints; … stands for lines left out', () => {
    const args = [join(inject('bundle'), 'simulate.js'), '--trace', 'simulations/e1.json'];
    const run = spawnSync(process.execPath, args, { cwd: ROOT, encoding: 'utf8' });
    expect(run.status).toBe(0);
    const printed = run.stdout.split('\n').map((line) => line.trimEnd());
    let at = 0;
    for (const line of block('e1:').split('\n')) {
      if (line.trim() === '…') continue;
      const found = printed.indexOf(line, at);
      expect(found, `not printed, or not there: ${line}`).toBeGreaterThanOrEqual(at);
      at = found + 1;
    }
  });

  it('shows what --compare gives', () => {
    const args = [
      '--import',
      'tsx',
      'src/simulate.ts',
      '--trace',
      'e1.json',
      '--compare',
      'spillway,default',
    ];
    const run = spawnSync(process.execPath, [...args, '--output', 'json'], { cwd: ROOT, encoding: 'utf8' });
    const { runs } = JSON.parse(run.stdout);
    for (const { policy, measures } of runs) {
      const { edgeFillRatio, secondsAboveThreshold, expectationsHeld: held, expectationsFailed } = measures;
      const cells = [
        `\`${policy}\``,
        edgeFillRatio.toFixed(3),
        `${secondsAboveThreshold.toFixed(1)} s`,
        `${held} of ${held + expectationsFailed}`,
      ];
      expect(readme).toContain(`| ${cells.join(' | ')} |`);
    }
  });

  it("gives the scheduler's configuration as scheduler-config/ has it", () => {
    const file = readFileSync(join(ROOT, 'scheduler-config/default-profile/kube-scheduler.yaml'), 'utf8');
    expect(readme).toContain(withoutComments(file));
  });

  it('has every annotation in its table', () => {
    const listed = Array.from(readme.matchAll(/^\| `spillway\.dev\/([\w-]+)`/gm), ([, name]) => name);
    expect(listed.sort()).toEqual([...ANNOTATION_NAMES].sort());
  });

  it('points to files that are there', () => {
    for (const [, path = ''] of readme.matchAll(/\]\(([\w./-]+)\)/g)) {
      expect(() => readFileSync(join(ROOT, path)), path).not.toThrow();
    }
  });
});

describe('docs/README.md', () => {
  it('leads to every page, each once', () => {
    const index = readFileSync(join(ROOT, 'docs/README.md'), 'utf8');
    const linked = Array.from(index.matchAll(/\]\(([\w-]+\.md)\)/g), ([, name]) => name).sort();
    const pages = readdirSync(join(ROOT, 'docs')).filter(
      (name) => /\.md$/.test(name) && name !== 'README.md',
    );
    expect(linked).toEqual(pages.sort());
  });

  it('points to files that are there', () => {
    const index = readFileSync(join(ROOT, 'docs/README.md'), 'utf8');
    for (const [, path = ''] of index.matchAll(/\]\(([\w./-]+\.md)\)/g)) {
      expect(() => readFileSync(join(ROOT, 'docs', path)), path).not.toThrow();
    }
  });
});
