import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
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
