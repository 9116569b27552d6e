import { describe, expect, it } from 'vitest';
import { folderOf, runScript } from './programs.ts';

const PASSED = "console.log('Tests  3 passed');";

/** Runs `npm test` beside a linter, a type checker and tests that only say what they are told to. */
function run({ lint = '', typecheck = '', tests = PASSED }) {
  const npm = `const [, , , , name] = process.argv; ({ lint() { ${lint} }, typecheck() { ${typecheck} } })[name]();`;
  return runScript('test.mjs', folderOf({}), { npm, vitest: tests });
}

describe('npm test', () => {
  it('ends with 0 where all pass, and says what took how long', () => {
    const { status, out, err } = run({});
    expect([status, err]).toEqual([0, '']);
    expect(out).toMatch(/^lint passed after \d+\.\d s$/m);
    expect(out).toMatch(/^typecheck passed after \d+\.\d s$/m);
    expect(out).toContain('Tests  3 passed');
  });

  it.each(['lint', 'typecheck'] as const)(
    'ends with 1 where %s fails, with all it said at the end',
    (name) => {
      const { status, out, err } = run({
        [name]: "console.log('a.ts:1'); console.error('wrong'); process.exitCode = 2;",
      });
      expect(status).toBe(1);
      expect(out).toContain('Tests  3 passed');
      expect(err).toContain(`\n${name} failed:\n`);
      expect(err).toContain('a.ts:1\n');
      expect(err).toContain('wrong\n');
    },
  );

  it.each([
    { what: 'fail', tests: 'process.exitCode = 3', status: 3 },
    { what: 'are killed', tests: "process.kill(process.pid, 'SIGKILL')", status: 1 },
  ])('ends with $status where the tests $what', ({ tests, status }) => {
    expect(run({ tests }).status).toBe(status);
  });

  it('hands its arguments to vitest', () => {
    const { out } = run({ tests: 'console.log(process.argv.slice(2).join())' });
    expect(out).toMatch(/^run,\/.+$/m);
  });
});
