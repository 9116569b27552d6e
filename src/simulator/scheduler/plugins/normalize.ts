import { MAX_NODE_SCORE } from '../plugin.ts';

/** plugins/helper/normalize_score.go, DefaultNormalizeScore: scaled so that the highest is 100; then reversed, if asked. */
export function normalizeScores(scores: number[], order: 'ascending' | 'reversed'): void {
  let highest = 0;
  for (const score of scores) if (score > highest) highest = score;
  for (let index = 0; index < scores.length; index += 1) {
    const scaled = highest === 0 ? 0 : Math.trunc((MAX_NODE_SCORE * (scores[index] ?? 0)) / highest);
    scores[index] = order === 'reversed' ? MAX_NODE_SCORE - scaled : scaled;
  }
}
