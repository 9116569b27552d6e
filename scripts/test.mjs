// `npm test`: the linter and the type checker beside the tests, which leave them room as they wait for one another.
// Arguments are vitest's: `npm test -- test/placement`.
import { spawn } from 'node:child_process';

const CHECKS = ['lint', 'typecheck'];

const checks = CHECKS.map(check);
const code = await runTests(process.argv.slice(2));
// The tests' own summary is the last thing to read, unless there is worse.
for (const { name, passed, output } of await Promise.all(checks)) {
  if (passed) continue;
  process.stderr.write(`\n${name} failed:\n${output}`);
  process.exitCode = 1;
}
if (code !== 0) process.exitCode = code;

/** Says in one line how it ended. What it printed is kept: between the lines of the tests nobody would find it. */
function check(name) {
  const startedMs = performance.now();
  const child = spawn('npm', ['run', '--silent', name], { stdio: ['ignore', 'pipe', 'pipe'] });
  const output = [];
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => output.push(chunk));
  return new Promise((resolve) => {
    child.once('error', (error) => output.push(Buffer.from(`${error.message}\n`)));
    child.once('close', (status) => {
      const passed = status === 0;
      const seconds = ((performance.now() - startedMs) / 1000).toFixed(1);
      console.log(`${name} ${passed ? 'passed' : 'failed'} after ${seconds} s`);
      resolve({ name, passed, output: Buffer.concat(output).toString() });
    });
  });
}

function runTests(args) {
  const child = spawn('vitest', ['run', ...args], { stdio: 'inherit' });
  return new Promise((resolve) => {
    child.once('error', (error) => {
      console.error(`vitest cannot be started (npm test finds it): ${error.message}`);
      resolve(1);
    });
    // A signal is no success either.
    child.once('close', (status) => resolve(status ?? 1));
  });
}
