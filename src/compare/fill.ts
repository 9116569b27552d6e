import { TOLERANCE_MILLI } from '../placement/admission.ts';
import { areaOf, crossingMs, type Line, splitAt, sumChannels } from './lines.ts';
import type { NodeUse } from './nodes.ts';

/**
 * How far the edge was filled while there was enough to fill it with. At each moment an edge node has room for
 * threshold × allocatable less what others ask for there; its pods fill of it what they use, and no more than
 * all of it, so that a node above its threshold does not make up for one that is empty. Counted are the times
 * at which the pods of all nodes used at least as much as the edge had room for.
 *
 * @returns CPU time of the edge's pods within its room ÷ CPU time of its room; undefined: there was never
 *   enough to fill it
 */
export function edgeFillRatio(uses: readonly NodeUse[]): number | undefined {
  const edge = uses.filter(({ node }) => node.tier === 'edge').map(fillOf);
  const [filled = [], room = [], used = []] = sumChannels([
    edge.flatMap((node) => node.filled),
    edge.flatMap((node) => node.room),
    uses.flatMap(({ pods }) => pods),
  ]);
  let filledArea = 0;
  let roomArea = 0;
  room.forEach((roomLine, index) => {
    const filledLine = filled[index];
    const usedLine = used[index];
    if (filledLine === undefined || usedLine === undefined) return;
    const spare = difference(usedLine, roomLine, TOLERANCE_MILLI);
    const crossing = crossingMs(spare);
    const moments = crossing === undefined ? [] : [crossing];
    const parts = splitAt(spare, moments);
    const roomParts = splitAt(roomLine, moments);
    const filledParts = splitAt(filledLine, moments);
    parts.forEach(({ from, to }, part) => {
      if (from + to < 0) return;
      roomArea += partArea(roomParts[part]);
      filledArea += partArea(filledParts[part]);
    });
  });
  return roomArea > 0 ? filledArea / roomArea : undefined;
}

function partArea(line: Line | undefined): number {
  return line === undefined ? 0 : areaOf(line);
}

/** Room of a node, and what its pods fill of it. */
function fillOf({ node, pods, others }: NodeUse): {
  readonly room: readonly Line[];
  readonly filled: readonly Line[];
} {
  const { thresholdMilli = 0 } = node;
  const room = others.map((line) => ({
    ...line,
    from: Math.max(0, thresholdMilli - line.from),
    to: Math.max(0, thresholdMilli - line.to),
  }));
  const filled = pods.flatMap((line, index) => lower(line, room[index] ?? line));
  return { room, filled };
}

/** The lower of two lines over the same time. */
function lower(left: Line, right: Line): readonly Line[] {
  const crossing = crossingMs(difference(left, right, 0));
  const moments = crossing === undefined ? [] : [crossing];
  const rights = splitAt(right, moments);
  return splitAt(left, moments).map((line, index) => {
    const other = rights[index] ?? line;
    return line.from + line.to <= other.from + other.to ? line : other;
  });
}

function difference(left: Line, right: Line, plus: number): Line {
  return { ...left, from: left.from - right.from + plus, to: left.to - right.to + plus };
}
