import { group } from 'd3-array';
import type { SimulationResult } from '../../outcome/result.ts';

/** More decisions than this make a page slow to open and help nobody to read it. */
const MOST_SHOWN = 500;

/**
 * The decisions that a page shows, by their index, in order: all of them, or of many those with which an
 * expectation failed, and of each result a fair share, evenly over time; a rare result keeps all of its own.
 */
export function shownDecisions(result: SimulationResult, most = MOST_SHOWN): ReadonlySet<number> {
  const { decisions, expectations } = result;
  const all = decisions.map((_, index) => index);
  if (all.length <= most) return new Set(all);
  const diverged = expectations.map((expectation) => expectation.diverged?.decision);
  const needed = [...new Set(diverged.filter((index) => index !== undefined))].slice(0, most);
  const kinds = [...group(all, (index) => decisions[index]?.result).values()];
  kinds.sort((left, right) => left.length - right.length);
  const chosen = new Set(needed);
  kinds.forEach((indexes, position) => {
    const share = Math.floor((most - chosen.size) / (kinds.length - position));
    for (const index of evenly(
      indexes.filter((member) => !chosen.has(member)),
      share,
    ))
      chosen.add(index);
  });
  return new Set([...chosen].sort((left, right) => left - right));
}

function evenly(indexes: readonly number[], count: number): readonly number[] {
  if (indexes.length <= count) return indexes;
  return Array.from(
    { length: count },
    (_, place) => indexes[Math.floor((place * indexes.length) / count)] ?? 0,
  );
}
