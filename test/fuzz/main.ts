// npm run fuzz -- [--seed N] [--requests N]: plays hostile requests, pods and annotations, and says what came of it.
// With --only INDEX it plays that one alone and shows it; with --family NAME those of a family alone.
import { parseArgs } from 'node:util';
import { printTable } from '../bench/table.ts';
import type { Attack, WireAttack } from './attack.ts';
import { FAMILIES, generate } from './generate.ts';
import { play } from './play.ts';
import { judge, mib, type Run } from './report.ts';

const SHOWN_CHARACTERS = 2000;

const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: '1' },
    requests: { type: 'string', default: '20000' },
    only: { type: 'string' },
    family: { type: 'string' },
  },
});
const seed = wholeNumber('seed', values.seed);
const only = values.only === undefined ? undefined : wholeNumber('only', values.only);
const unknown = values.family !== undefined && !FAMILIES.some(({ name }) => name === values.family);
if (unknown) refuse('family', values.family, FAMILIES.map(({ name }) => name).join(', '));
const range =
  only === undefined
    ? { from: 0, to: wholeNumber('requests', values.requests) }
    : { from: only, to: only + 1 };
if (only !== undefined) {
  const { family, make } = generate(seed, only);
  console.log(`${family}:\n${describe(make())}`);
}
const startedMs = performance.now();
const run = await play({ seed, ...range, family: values.family, onProgress: showProgress });
showRun(run);
const findings = Object.entries(judge(run));
for (const [what, found] of findings) showFinding(what, found);
process.exitCode = findings.some(([, found]) => found.length > 0) ? 1 : 0;

function wholeNumber(name: string, text: string): number {
  if (/^\d{1,9}$/.test(text)) return Number(text);
  return refuse(name, text, 'a whole number');
}

function refuse(option: string, found: unknown, allowed: string): never {
  console.error(`--${option}: found ${found}, allowed: ${allowed}`);
  process.exit(2);
}

function showProgress(played: number): void {
  const seconds = (performance.now() - startedMs) / 1000;
  if (process.stderr.isTTY) process.stderr.write(`\r${played} in ${seconds.toFixed(0)} s `);
}

function showRun({ families, good, ...rest }: Run): void {
  printTable(
    `Seed ${rest.seed}: ${rest.requests} attacks in ${rest.seconds.toFixed(0)} s`,
    ['family', 'attacks', 'slowest ms', 'index', 'largest kB', 'index', 'statuses'],
    families.map(({ family, played, slowest, largest, statuses }) => [
      family,
      String(played),
      slowest.ms.toFixed(0),
      String(slowest.index),
      (largest.bytes / 1000).toFixed(0),
      String(largest.index),
      [...statuses]
        .sort(([left], [right]) => left - right)
        .map(([status, count]) => `${status}: ${count}`)
        .join(', '),
    ]),
  );
  console.log(`\nattacks a second: ${(rest.requests / rest.seconds).toFixed(0)}`);
  console.log(`memory at most: ${mib(rest.peakRssBytes)} of ${mib(rest.limitBytes)}`);
  const { asked, p50Ms, p99Ms, worstP99Ms, worstMs } = good;
  const texts = [p50Ms, p99Ms, worstP99Ms, worstMs].map((ms) => `${ms.toFixed(1)} ms`);
  console.log(
    `good questions: ${asked}; p50 ${texts[0]}, p99 ${texts[1]}, worst p99 of 1000 ${texts[2]}, worst ${texts[3]}`,
  );
}

function showFinding(what: string, found: readonly string[]): void {
  console.log(`${found.length === 0 ? '✓' : '✗'} ${what}`);
  for (const each of found.slice(0, 10)) console.log(`    ${each}`);
  if (found.length > 10) console.log(`    and ${found.length - 10} more`);
}

function describe(attack: Attack): string {
  if (attack.on === 'wire') return describeWire(attack);
  const pods = attack.pods.map((pod) => cut(JSON.stringify(pod)));
  return [`${pods.length} pods created:`, ...pods, ...attack.questions.map(describeWire)].join('\n');
}

function describeWire({ pieces, ...how }: WireAttack): string {
  const texts = pieces.map(
    ({ bytes, times }) => `${cut(JSON.stringify(bytes.toString('latin1')))} × ${times}`,
  );
  return cut(`${JSON.stringify(how)}\n${texts.join('\n')}`);
}

function cut(text: string): string {
  return text.length <= SHOWN_CHARACTERS ? text : `${text.slice(0, SHOWN_CHARACTERS)}… (${text.length})`;
}
