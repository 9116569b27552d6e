import { describe, expect, it } from 'vitest';
import { askFilter } from '../../src/picture/ask.ts';
import { apply } from '../../src/picture/events.ts';
import { nodeSeen } from '../../src/picture/nodes.ts';
import type { Picture } from '../../src/picture/picture.ts';
import { podGone, podSeen } from '../../src/picture/pods.ts';
import { sampleTaken } from '../../src/picture/samples.ts';
import { look, NOW_MS, nodeRecord, picture, podRecord, replicaRecord } from '../builders.ts';

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

  it('shut and open by what the watch shows between two samples', () => {
    const on = cluster();
    const replicas = (count: number) => {
      apply(on, { type: 'replicaSetSeen', replicaSet: { uid: 'replicaset', replicas: count } }, NOW_MS + 1);
      return on.nodes.get('edge-1')?.closed;
    };
    const running = (name: string, over = {}) =>
      podSeen(on, replicaRecord(name, { nodeName: 'edge-1', startedAtMs: 1, readyAtMs: 1, ...over }), NOW_MS);
    replicas(2);
    running('a');
    running('b');
    sampleTaken(on, look({ 'edge-1': 3400 }, { a: 1700, b: 1700 }), NOW_MS);
    // Twice as many replicas wanted: these two will use half of it.
    expect([on.nodes.get('edge-1')?.closed, replicas(4), replicas(2)]).toEqual([true, false, true]);
    podGone(on, 'uid-a', NOW_MS + 2);
    replicas(1);
    expect(on.nodes.get('edge-1')?.closed).toBe(true);
    podGone(on, 'uid-b', NOW_MS + 3);
    expect(on.nodes.get('edge-1')?.closed).toBe(false);
  });

  it('shut when a node shrinks, open when it grows', () => {
    const on = cluster();
    sampleTaken(on, look({ 'edge-1': 2000 }, {}), NOW_MS);
    const closedAt = (allocatableMilli: number) => {
      nodeSeen(on, nodeRecord('edge-1', { allocatableMilli }));
      return on.nodes.get('edge-1')?.closed;
    };
    expect([closedAt(2500), closedAt(2600), closedAt(4000)]).toEqual([true, true, false]);
  });

  it('do not move by questions, nor by what these reserve, at a sample either', () => {
    const on = cluster();
    sampleTaken(on, look({ 'edge-1': 2900, 'edge-2': 3200 }, {}), NOW_MS);
    podSeen(on, podRecord('web'), NOW_MS);
    expect(askFilter(on, podRecord('web'), NAMES, NOW_MS).value.nodes).toEqual(['edge-1']);
    const { value } = askFilter(on, podRecord('other'), NAMES, NOW_MS);
    // It is told as shut while the reservation stands, and is not shut by it.
    expect(value.candidates.find(({ node }) => node === 'edge-1')).toMatchObject({ closed: true });
    sampleTaken(on, look({ 'edge-1': 2900, 'edge-2': 3200 }, {}, NOW_MS + 1), NOW_MS + 1);
    expect(NAMES.map((name) => on.nodes.get(name)?.closed)).toEqual([false, true, false]);
  });
});
