import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { defaultProfile } from '../../../src/simulator/scheduler/profile.ts';
import { type Case, randomCases, selectorOf } from './recorded/cases.ts';
import { type SingleQuestion, scheduleOne } from './single.ts';

/** What the plugins of kube-scheduler 1.36.3 said of the same cases: recorded/README.md says how it was made. */
interface Answer {
  readonly feasible: readonly string[];
  readonly reasons: Readonly<Record<string, readonly string[]>>;
  /** Weighted, by plugin and node. */
  readonly scores: Readonly<Record<string, Readonly<Record<string, number>>>>;
}

const ANSWERS: readonly Answer[] = readFileSync(new URL('./recorded/answers.jsonl', import.meta.url), 'utf8')
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line));
const CASES = randomCases(1, ANSWERS.length);
const WEIGHTS = new Map(defaultProfile().scorers.map(({ plugin, weight }) => [plugin, weight]));

function ask(one: Case): Answer & { readonly best: readonly string[] } {
  const question: SingleQuestion = JSON.parse(JSON.stringify(one));
  const { feasible, reasons, scores, best } = scheduleOne({ ...question, selector: selectorOf(one) });
  const weighted = Object.entries(scores).map(([plugin, byNode]) => {
    const weight = WEIGHTS.get(plugin) ?? 0;
    return [
      plugin,
      Object.fromEntries(Object.entries(byNode).map(([name, score]) => [name, score * weight])),
    ];
  });
  const sorted = Object.entries(reasons).map(([name, texts]) => [name, texts.toSorted()]);
  return {
    feasible: feasible.toSorted(),
    reasons: Object.fromEntries(sorted),
    scores: Object.fromEntries(weighted),
    best,
  };
}

/** The nodes with the highest sum. */
function bestOf({ scores, feasible }: Answer): readonly string[] {
  const total = (name: string) => Object.values(scores).reduce((sum, byNode) => sum + (byNode[name] ?? 0), 0);
  const highest = Math.max(...feasible.map(total));
  return feasible.filter((name) => total(name) === highest);
}

describe('as the plugins of kube-scheduler 1.36.3 answered', () => {
  it.each(CASES.map((one, index) => ({ one, index })))('case $index', ({ one, index }) => {
    const real = ANSWERS[index];
    const { best, ...ours } = ask(one);
    if (real === undefined) throw new Error('no answer');
    const { ImageLocality: images, ...scores } = real.scores;
    // No node of a trace has an image: 0 for all, and thus left out.
    for (const score of Object.values(images ?? {})) expect(score).toBe(0);
    expect(ours).toEqual({ ...real, scores });
    expect(best.toSorted()).toEqual(bestOf(real));
  });

  it('there was much to choose from, by every plugin', () => {
    const choices = ANSWERS.filter(({ feasible }) => feasible.length > 1);
    expect(choices.length).toBeGreaterThan(40);
    for (const plugin of WEIGHTS.keys()) {
      const spoke = choices.filter(({ scores }) => new Set(Object.values(scores[plugin] ?? {})).size > 1);
      expect(spoke.length, plugin).toBeGreaterThan(5);
    }
    const reasons = new Set(ANSWERS.flatMap((answer) => Object.values(answer.reasons).flat()));
    expect(reasons.size).toBeGreaterThanOrEqual(10);
  });
});
