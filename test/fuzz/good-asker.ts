import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { quantile } from '../bench/table.ts';
import { NODE_NAMES, WAITING } from './cluster.ts';

export interface GoodQuestions {
  readonly asked: number;
  /** Answers that were not right, and those that did not come. */
  readonly wrong: readonly string[];
  readonly p50Ms: number;
  readonly p99Ms: number;
  /** Of any thousand questions in a row: a bad stretch does not vanish in a long run. */
  readonly worstP99Ms: number;
  readonly worstMs: number;
}

export interface GoodAsker {
  readonly stop: () => Promise<GoodQuestions>;
  readonly kill: () => void;
}

const WINDOW = 1000;

export const GOOD_QUESTION = JSON.stringify({ Pod: WAITING, Nodes: null, NodeNames: NODE_NAMES });

/** @param folder where the question may lie meanwhile */
export function startGoodAsker(port: number, folder: string): GoodAsker {
  const file = join(folder, 'question.json');
  writeFileSync(file, GOOD_QUESTION);
  const script = fileURLToPath(new URL('./asker-process.ts', import.meta.url));
  const child: ChildProcess = fork(script, [String(port), file], { execArgv: ['--import', 'tsx'] });
  return {
    kill: () => void child.kill('SIGKILL'),
    stop: async () => {
      const answered = once(child, 'message');
      child.send('stop');
      const [{ ms, wrong }] = await answered;
      return summary(ms, wrong);
    },
  };
}

function summary(ms: readonly number[], wrong: readonly string[]): GoodQuestions {
  const windows = Array.from({ length: Math.ceil(ms.length / WINDOW) }, (_, index) =>
    sorted(ms.slice(index * WINDOW, (index + 1) * WINDOW)),
  );
  // The last one may be of a few questions, of which the slowest is no p99.
  const whole = windows.filter(({ length }) => length === WINDOW);
  const all = sorted(ms);
  return {
    asked: ms.length,
    wrong,
    p50Ms: quantile(all, 0.5),
    p99Ms: quantile(all, 0.99),
    worstP99Ms: Math.max(quantile(all, 0.99), ...whole.map((window) => quantile(window, 0.99))),
    worstMs: all.at(-1) ?? Number.NaN,
  };
}

function sorted(ms: readonly number[]): readonly number[] {
  return [...ms].sort((left, right) => left - right);
}
