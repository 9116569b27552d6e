import { MAX_NODE_SCORE } from '../plugin.ts';

/** plugins/helper/normalize_score.go, DefaultNormalizeScore: scaled so that the highest is 100; then reversed, if asked. */
export function normalizeScores(scores: number[], order: 'ascending' | 'reversed'): void {
  let highest = 0;
  for (const score of scores) highest = Math.max(highest, score);
  for (const [index, score] of scores.entries()) {
    const scaled = highest === 0 ? 0 : Math.trunc((MAX_NODE_SCORE * score) / highest);
    scores[index] = order === 'reversed' ? MAX_NODE_SCORE - scaled : scaled;
  }
}
