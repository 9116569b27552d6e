import type { SimulationResult } from '../../../../src/outcome/result.ts';

/** What a wrong result would look like: what is wrong, what is said of it, and how to make it wrong. */
export const RESULT_BUGS: readonly (readonly [
  what: string,
  said: string,
  corrupt: (result: SimulationResult) => SimulationResult,
])[] = [
  [
    'a pod is told twice',
    'the same uid',
    (result) => ({ ...result, pods: [...result.pods, ...result.pods] }),
  ],
  ['a pod is left out', 'are counted', (result) => ({ ...result, pods: result.pods.slice(1) })],
  [
    'a pod is on another node',
    'Spillway said',
    (result) => ({ ...result, pods: result.pods.map((pod) => ({ ...pod, node: 'another' })) }),
  ],
  [
    'attempts go back in time',
    'not in the order of time',
    (result) => ({
      ...result,
      pods: result.pods.map((pod) => ({
        ...pod,
        attempts: [...pod.attempts, ...pod.attempts.map((one) => ({ ...one, atMs: one.atMs - 1 }))],
      })),
    }),
  ],
  [
    'stretches of CPU overlap',
    'overlap',
    (result) => ({
      ...result,
      nodes: result.nodes.map((node) => ({ ...node, real: [...node.real, ...node.real] })),
    }),
  ],
  [
    'a node uses more than it has',
    'uses',
    (result) => ({ ...result, nodes: result.nodes.map((node) => ({ ...node, allocatableMilli: 1 })) }),
  ],
  [
    'a scaling is left out',
    'is scaled from',
    (result) => ({ ...result, scalings: result.scalings.filter((_, index) => index !== 1) }),
  ],
];
