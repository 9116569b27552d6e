import { type CombinationSummary, tradeOff } from './summary.ts';

const WIDTH = 60;
const HEIGHT = 15;
const FRONT = '●';
const BEHIND = '·';

/**
 * Edge fill against seconds above the threshold, for a terminal: up is fuller, left is less above. Empty when
 * no combination could be measured so.
 */
export function tradeOffPlot(summaries: readonly CombinationSummary[]): readonly string[] {
  const points = summaries.flatMap(({ measures, isOnFront }) => {
    const point = tradeOff(measures);
    return point === undefined ? [] : [{ ...point, isOnFront }];
  });
  if (points.length === 0) return [];
  const fills = points.map(({ fillRatio }) => fillRatio);
  const top = Math.max(...fills);
  const bottom = Math.min(...fills);
  const right = Math.max(...points.map(({ secondsAbove }) => secondsAbove));
  const cells = Array.from({ length: HEIGHT }, () => Array.from({ length: WIDTH }, () => ' '));
  // What is on the front is drawn last, over what is not.
  for (const { fillRatio, secondsAbove, isOnFront } of [...points].sort(byFront)) {
    const row = cells[position(top - fillRatio, top - bottom, HEIGHT)];
    if (row !== undefined) row[position(secondsAbove, right, WIDTH)] = isOnFront ? FRONT : BEHIND;
  }
  const labels = new Map([
    [HEIGHT - 1, bottom.toFixed(3)],
    [0, top.toFixed(3)],
  ]);
  const lines = cells.map((row, index) =>
    `${(labels.get(index) ?? '').padStart(7)} │${row.join('')}`.trimEnd(),
  );
  const scale = `0${right.toFixed(1).padStart(WIDTH - 1)}`;
  return [
    'edge fill',
    ...lines,
    `${' '.repeat(7)} └${'─'.repeat(WIDTH)}`,
    `${' '.repeat(9)}${scale} s above the threshold`,
  ];
}

function byFront(left: { readonly isOnFront: boolean }, right: { readonly isOnFront: boolean }): number {
  return Number(left.isOnFront) - Number(right.isOnFront);
}

function position(value: number, range: number, cells: number): number {
  return range === 0 ? 0 : Math.round((value / range) * (cells - 1));
}
