import { isDeepStrictEqual } from 'node:util';
import { defaultProfile } from '../../../src/simulator/scheduler/profile.ts';
import { selectorOf } from '../../simulator/scheduler/recorded/cases.ts';
import { type SingleAnswer, type SingleQuestion, scheduleOne } from '../../simulator/scheduler/single.ts';
import type { NumberedCase } from './cases.ts';
import type { RealAnswer } from './read-answer.ts';

/** What the stand-in and the scheduler are held against each other by. */
export const ASPECTS = [
  'feasible nodes',
  'chosen node',
  'sums of scores',
  'scores by plugin',
  'reasons',
] as const;
type Aspect = (typeof ASPECTS)[number];

export interface Difference {
  readonly aspect: Aspect;
  readonly standIn: unknown;
  readonly real: unknown;
}

const WEIGHTS = new Map(defaultProfile().scorers.map(({ plugin, weight }) => [plugin, weight]));

/** What the simulator's stand-in makes of the same objects, as a trace would have them. */
export function askStandIn({ drawn }: NumberedCase): SingleAnswer {
  const question: SingleQuestion = JSON.parse(JSON.stringify(drawn));
  return scheduleOne({ ...question, selector: selectorOf(drawn) });
}

/** Where the two do not say the same; chance chooses among equals, so any of the best is the same choice. */
export function differencesOf(standIn: SingleAnswer, real: RealAnswer): readonly Difference[] {
  const differences: Difference[] = [];
  const compare = (aspect: Aspect, ours: unknown, theirs: unknown) => {
    if (!isDeepStrictEqual(ours, theirs)) differences.push({ aspect, standIn: ours, real: theirs });
  };
  compare('feasible nodes', standIn.feasible.toSorted(), real.feasible.toSorted());
  const isBest = real.node === undefined ? standIn.best.length === 0 : standIn.best.includes(real.node);
  if (!isBest) differences.push({ aspect: 'chosen node', standIn: standIn.best, real: real.node });
  compare('sums of scores', standIn.totals, real.totals);
  compare('scores by plugin', spoken(weighted(standIn.scores)), spoken(real.scores));
  if (real.message !== undefined && !saysTheSame(standIn.reasonCounts, real.message)) {
    differences.push({ aspect: 'reasons', standIn: standIn.reasonCounts, real: real.message });
  }
  return differences;
}

type Scores = Readonly<Record<string, Readonly<Record<string, number>>>>;

function weighted(scores: Scores): Scores {
  const entries = Object.entries(scores).map(([plugin, byNode]) => {
    const weight = WEIGHTS.get(plugin) ?? 0;
    const nodes = Object.entries(byNode).map(([node, score]) => [node, score * weight]);
    return [plugin, Object.fromEntries(nodes)];
  });
  return Object.fromEntries(entries);
}

/** Without the plugins that give every node 0: they could as well have been skipped. */
function spoken(scores: Scores): Scores {
  const kept = Object.entries(scores).filter(([, byNode]) =>
    Object.values(byNode).some((score) => score !== 0),
  );
  return Object.fromEntries(kept);
}

/** framework/types.go, FitError.Error: counts in the order of their texts; of a PreFilter plugin only its text. */
function saysTheSame(counts: SingleAnswer['reasonCounts'], message: string): boolean {
  const said = message.slice(message.indexOf(': ') + 2);
  const texts = Object.entries(counts).map(([reason, count]) => `${count} ${reason}`);
  const [only = ''] = Object.keys(counts);
  return said.startsWith(`${texts.toSorted().join(', ')}.`) || said.startsWith(`${only}.`);
}
