import { expect, it } from 'vitest';
import { podGone, podSeen } from '../../src/rehearsal/shadow.ts';
import { whereText } from '../../src/rehearsal/where.ts';
import { podOf, readyOn, shadowOf } from './scene.ts';

it('says where pods are: those that end or have gone are nowhere', async () => {
  const shadow = await shadowOf();
  expect(whereText(shadow)).toBe('0 pods at the edge, 0 in the cloud, 0 without a node');
  readyOn(shadow, 'edge-1', 'a', 'b', 'c');
  readyOn(shadow, 'cloud-1', 'd');
  podSeen(shadow, podOf('e'));
  expect(whereText(shadow)).toBe('3 pods at the edge, 1 in the cloud, 1 without a node');
  podSeen(shadow, podOf('a', { node: 'edge-1', ready: true, terminating: true }));
  podGone(shadow, 'b');
  expect(whereText(shadow)).toBe('1 pods at the edge, 1 in the cloud, 1 without a node');
});

it('says how many nodes are silent', async () => {
  const shadow = await shadowOf();
  for (const node of shadow.world.nodes.values()) node.state = 'lost';
  expect(whereText(shadow)).toMatch(/; 2 silent nodes$/);
});
