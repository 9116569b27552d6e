import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  addToTree,
  createNodeTree,
  namesInOrder,
  removeFromTree,
  updateInTree,
} from '../../../src/simulator/scheduler/node-tree.ts';
import { node } from './builders.ts';

const zoned = (name: string, zone: string, region = 'region-1') =>
  node(name, { labels: { 'topology.kubernetes.io/zone': zone, 'topology.kubernetes.io/region': region } });
// allocated as allNodes of node_tree_test.go: 3, 4 and 5 are alone in their zones, 6, 7 and 8 share one.
const NODES = {
  3: zoned('node-3', 'zone-1'),
  4: zoned('node-4', 'zone-2'),
  5: zoned('node-5', 'zone-3'),
  6: zoned('node-6', 'zone-2', 'region-2'),
  7: zoned('node-7', 'zone-2', 'region-2'),
  8: zoned('node-8', 'zone-2', 'region-2'),
} as const;
type Number = keyof typeof NODES;

describe('the order of nodes (node_tree_test.go)', () => {
  it.each<{
    what: string;
    steps: readonly (readonly ['add' | 'remove', Number])[];
    order: readonly Number[];
  }>([
    {
      what: 'takes one of each zone in turn',
      steps: [
        ['add', 3],
        ['add', 6],
        ['add', 7],
        ['add', 5],
      ],
      order: [3, 6, 5, 7],
    },
    {
      what: 'add more nodes to an exhausted zone',
      steps: [
        ['add', 4],
        ['add', 5],
        ['add', 6],
        ['add', 7],
        ['add', 8],
        ['add', 3],
      ],
      order: [4, 5, 6, 3, 7, 8],
    },
    {
      what: 'remove zone and add new',
      steps: [
        ['add', 3],
        ['add', 4],
        ['remove', 3],
        ['add', 6],
        ['add', 7],
        ['remove', 4],
      ],
      order: [6, 7],
    },
    {
      what: 'a zone that comes back is the last one',
      steps: [
        ['add', 3],
        ['add', 4],
        ['remove', 3],
        ['add', 3],
      ],
      order: [4, 3],
    },
  ])('$what', ({ steps, order }) => {
    const tree = createNodeTree();
    for (const [step, number] of steps) {
      if (step === 'add') addToTree(tree, NODES[number]);
      else removeFromTree(tree, NODES[number]);
    }
    expect(namesInOrder(tree)).toEqual(order.map((number) => `node-${number}`));
  });

  it('moves a node that changes its zone, and no other', () => {
    const tree = createNodeTree();
    for (const state of [NODES[3], NODES[4], NODES[5]]) addToTree(tree, state);
    updateInTree(tree, NODES[3], zoned('node-3', 'zone-2'));
    updateInTree(tree, NODES[5], node('node-5', { labels: { ...NODES[5].labels, disk: 'ssd' } }));
    expect(namesInOrder(tree)).toEqual(['node-4', 'node-5', 'node-3']);
  });

  it('lists every node once', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.integer({ min: 0, max: 20 }), fc.integer({ min: 0, max: 3 }))),
        (added) => {
          const tree = createNodeTree();
          const names = new Map(added.map(([number, zone]) => [`node-${number}`, zone]));
          for (const [name, zone] of names) addToTree(tree, zoned(name, String(zone)));
          expect(namesInOrder(tree).toSorted()).toEqual(Array.from(names.keys()).toSorted());
        },
      ),
    );
  });
});
