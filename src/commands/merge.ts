import { readFile } from 'node:fs/promises';
import type { SweepFormat } from '../sweep/report.ts';
import { mergeShards, type NamedText } from '../sweep/shard-file.ts';
import { NOT_VALID, type Output, TERMINAL } from './simulate.ts';
import { judge, printSweep } from './sweep.ts';
import { messageOf } from './trace-file.ts';

export interface MergeOptions {
  readonly output: SweepFormat;
  readonly report?: string | undefined;
}

/**
 * Prints what the shards of a sweep come to: the same bytes as the sweep in one piece.
 *
 * @returns the exit code that the sweep would have had; 2 where the files are not all shards of one sweep
 */
export async function merge(
  files: readonly string[],
  options: MergeOptions,
  output: Output = TERMINAL,
): Promise<number> {
  const refuse = (message: string) => {
    output.err(`${message}\n`);
    return NOT_VALID;
  };
  const texts: NamedText[] = [];
  for (const file of files) {
    const text = await readFile(file, 'utf8').catch((error: unknown) => ({ problem: messageOf(error) }));
    if (typeof text !== 'string') return refuse(`${file} cannot be read: ${text.problem}`);
    texts.push({ file, text });
  }
  const merged = mergeShards(texts);
  if (!merged.ok) return refuse(merged.problem);
  const { sweep, outcomes } = merged;
  const problem = await printSweep(sweep, outcomes, options, output);
  if (problem !== undefined) return refuse(problem);
  return judge(
    sweep.plan,
    [...outcomes].sort((left, right) => left.index - right.index),
    output,
  );
}
