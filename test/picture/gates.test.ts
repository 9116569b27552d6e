import { describe, expect, it } from 'vitest';
import { askFilter } from '../../src/cluster/ask.ts';
import { nodeSeen } from '../../src/cluster/nodes.ts';
import type { Picture } from '../../src/cluster/picture.ts';
import { sampleTaken } from '../../src/cluster/samples.ts';
import { look, NOW_MS, nodeRecord, picture, podRecord } from '../builders.ts';

const NAMES = ['edge-1', 'edge-2', 'cloud-1'];

function cluster(): Picture {
  const on = picture();
  for (const name of NAMES) nodeSeen(on, nodeRecord(name));
  return on;
}

// Nodes of 4000m: threshold 3200m, resume 2800m.
describe('gates', () => {
  it('shut and open by samples, without a question', () => {
    const on = cluster();
    const closedAt = (usageMilli: number, afterMs: number) => {
      sampleTaken(on, look({ 'edge-1': usageMilli }, {}, NOW_MS + afterMs), NOW_MS + afterMs);
      return on.nodes.get('edge-1')?.closed;
    };
    expect([closedAt(3200, 0), closedAt(2900, 1), closedAt(2799, 2), closedAt(2900, 3)]).toEqual([
      true,
      true,
      false,
      false,
    ]);
  });

  it.each([
    [['edge-1', 'edge-2', 'cloud-1']],
    [['cloud-1', 'edge-2', 'unseen', 'edge-1']],
    [['unseen', 'edge-2', 'edge-1', 'cloud-1']],
  ])('move by filter, on the nodes that it looks at, asked as %j', (names) => {
    const on = cluster();
    sampleTaken(on, look({ 'edge-1': 3250, 'edge-2': 100, 'cloud-1': 5000 }, {}), NOW_MS);
    for (const node of on.nodes.values()) node.closed = node.name === 'edge-2';
    askFilter(on, podRecord('asked'), names, NOW_MS);
    expect(NAMES.map((name) => on.nodes.get(name)?.closed)).toEqual([true, false, false]);
  });
});
