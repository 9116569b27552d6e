import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { REPOSITORY } from './harness/configs.ts';

/* No control plane: like it, Prometheus's own parser is built by Go, so these run where that is. */
const CHECKER = fileURLToPath(new URL('promql', import.meta.url));

const page = readFileSync(join(REPOSITORY, 'docs', 'metrics.md'), 'utf8');
const queries = Array.from(page.matchAll(/```promql\n(.*?)\n```/gs), ([, block = '']) => block)
  // An indented line goes on with the one before.
  .flatMap((block) => block.replaceAll(/\n\s+/g, ' ').split('\n'));

test("Prometheus's parser takes every query of docs/metrics.md", () => {
  expect(queries.length).toBeGreaterThan(5);
  expect(check(queries)).toBe('');
});

test('... and says what is wrong with one that is none', () => {
  expect(check(['sum(rate(spillway_decisions_total[5m))'])).toContain('parse error');
});

/** @returns what the parser says of those that it does not take */
function check(expressions: readonly string[]): string {
  const env = { ...process.env, CGO_ENABLED: '0', GOFLAGS: '-buildvcs=false', GOWORK: 'off' };
  const input = `${expressions.join('\n')}\n`;
  const { stdout, stderr, status } = spawnSync('go', ['run', '.'], {
    cwd: CHECKER,
    env,
    input,
    encoding: 'utf8',
  });
  expect(status === 0 || stdout !== '', stderr).toBe(true);
  return stdout;
}
