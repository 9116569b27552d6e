import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
/** 1000 decisions with 100 names of two bytes a character, 37 MB; and the logger's keys. */
const MOST_BYTES = 64e6;

describe('what is kept of questions', () => {
  it('is little after 2000 of the largest, in a small heap', { timeout: 120_000 }, () => {
    const said = execFileSync(
      process.execPath,
      ['--expose-gc', '--max-old-space-size=160', '--import', 'tsx', 'test/telemetry/hostile-questions.ts'],
      { cwd: ROOT, encoding: 'utf8' },
    );
    const { statuses, heldBytes } = JSON.parse(said);
    expect(statuses['200']).toBeGreaterThan(1000);
    expect(statuses['200'] + statuses['400']).toBe(2000);
    expect(heldBytes).toBeLessThan(MOST_BYTES);
  });
});
