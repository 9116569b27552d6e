import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const page = readFileSync(join(ROOT, 'docs/architecture.md'), 'utf8');
const ROW = /^\| ([^|`]+) \| `([^`]+)` \| `([^`]+)` \| `([^`]+)` \|$/gm;
const rows = Array.from(page.matchAll(ROW), ([, rule = '', read = '', word = '', test = '']) => ({
  rule,
  read,
  word,
  test,
}));

describe('docs/architecture.md leads to the rule about', () => {
  it('a good many things', () => {
    expect(rows.length).toBeGreaterThan(15);
  });

  it.each(rows)('$rule', ({ read, word, test }) => {
    expect(readFileSync(join(ROOT, read), 'utf8')).toContain(word);
    expect(readFileSync(join(ROOT, test), 'utf8')).toContain('expect(');
  });
});
