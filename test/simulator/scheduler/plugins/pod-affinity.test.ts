import { describe, expect, it } from 'vitest';
import type { NodeInfo } from '../../../../src/simulator/scheduler/node-info.ts';
import { podAffinityFilter } from '../../../../src/simulator/scheduler/plugins/pod-affinity.ts';
import { podAffinityScorer } from '../../../../src/simulator/scheduler/plugins/pod-affinity-score.ts';
import type { TracePodAffinityTerm } from '../../../../src/trace/affinity.ts';
import { nodeInfo, type PodOptions, passing, podInfo, refusals, scoresOf } from '../builders.ts';

const ZONE = 'zone';
const term = (app: string, over: Partial<TracePodAffinityTerm> = {}): TracePodAffinityTerm => ({
  topologyKey: ZONE,
  labelSelector: { matchLabels: { app } },
  ...over,
});
const needs = (...terms: TracePodAffinityTerm[]): PodOptions => ({
  affinity: { podAffinity: { requiredDuringSchedulingIgnoredDuringExecution: terms } },
});
const shuns = (...terms: TracePodAffinityTerm[]): PodOptions => ({
  affinity: { podAntiAffinity: { requiredDuringSchedulingIgnoredDuringExecution: terms } },
});
const likes = (weight: number, podAffinityTerm: TracePodAffinityTerm): PodOptions => ({
  affinity: {
    podAffinity: { preferredDuringSchedulingIgnoredDuringExecution: [{ weight, podAffinityTerm }] },
  },
});
const dislikes = (weight: number, podAffinityTerm: TracePodAffinityTerm): PodOptions => ({
  affinity: {
    podAntiAffinity: { preferredDuringSchedulingIgnoredDuringExecution: [{ weight, podAffinityTerm }] },
  },
});

/** Two nodes in zone 1, one in zone 2, one in none; these pods run on the first. */
function cluster(...there: readonly PodOptions[]): readonly NodeInfo[] {
  const pods = there.map((options, index) => podInfo(`p-${index}`, options));
  return [
    nodeInfo('a1', { labels: { [ZONE]: '1' } }, pods),
    nodeInfo('a2', { labels: { [ZONE]: '1' } }),
    nodeInfo('b', { labels: { [ZONE]: '2' } }),
    nodeInfo('none'),
  ];
}

const DB: PodOptions = { labels: { app: 'db' } };
const WEB: PodOptions = { labels: { app: 'web' } };

describe('InterPodAffinity, Filter (filtering.go)', () => {
  it.each<{ what: string; there: readonly PodOptions[]; pod: PodOptions; fits: string[] }>([
    {
      what: 'wants to be with the database: its zone',
      there: [DB],
      pod: needs(term('db')),
      fits: ['a1', 'a2'],
    },
    {
      what: '… its very node',
      there: [DB],
      pod: needs(term('db', { topologyKey: 'kubernetes.io/hostname' })),
      fits: ['a1'],
    },
    {
      what: '… of the same namespace',
      there: [{ ...DB, namespace: 'other' }],
      pod: needs(term('db')),
      fits: [],
    },
    {
      what: '… of a namespace that it names',
      there: [{ ...DB, namespace: 'other' }],
      pod: needs(term('db', { namespaces: ['other'] })),
      fits: ['a1', 'a2'],
    },
    {
      what: '… of any namespace',
      there: [{ ...DB, namespace: 'other' }],
      pod: needs(term('db', { namespaceSelector: {} })),
      fits: ['a1', 'a2'],
    },
    {
      what: '… of namespaces by their own label',
      there: [{ ...DB, namespace: 'other' }],
      pod: needs(
        term('db', { namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'other' } } }),
      ),
      fits: ['a1', 'a2'],
    },
    {
      what: 'a term without a selector matches no pod',
      there: [DB],
      pod: needs({ topologyKey: ZONE }),
      fits: [],
    },
    { what: 'one pod must match all terms', there: [DB, WEB], pod: needs(term('db'), term('web')), fits: [] },
    {
      what: 'the first of its kind may go to any node with the label',
      there: [DB],
      pod: { ...WEB, ...needs(term('web')) },
      fits: ['a1', 'a2', 'b'],
    },
    {
      what: 'the second goes where the first is',
      there: [WEB],
      pod: { ...WEB, ...needs(term('web')) },
      fits: ['a1', 'a2'],
    },
    { what: 'shuns the database: not in its zone', there: [DB], pod: shuns(term('db')), fits: ['b', 'none'] },
    {
      what: 'one of several that it shuns is enough',
      there: [DB],
      pod: shuns(term('web'), term('db')),
      fits: ['b', 'none'],
    },
    {
      what: 'the database shuns it',
      there: [{ ...DB, ...shuns(term('web')) }],
      pod: WEB,
      fits: ['b', 'none'],
    },
    {
      what: 'the database shuns others',
      there: [{ ...DB, ...shuns(term('job')) }],
      pod: WEB,
      fits: ['a1', 'a2', 'b', 'none'],
    },
    {
      what: 'mismatchLabelKeys leave out its own kind',
      there: [DB],
      pod: { ...DB, ...shuns(term('db', { mismatchLabelKeys: ['app'] })) },
      fits: ['a1', 'a2', 'b', 'none'],
    },
  ])('$what: $fits', ({ there, pod, fits }) => {
    expect(passing(podAffinityFilter, podInfo('new', pod), cluster(...there))).toEqual(fits);
  });

  it('says which of the rules it is', () => {
    const reasonOf = (pod: PodOptions, there: PodOptions) => {
      const info = nodeInfo('a1', { labels: { [ZONE]: '1' } }, [podInfo('p', there)]);
      return refusals(podAffinityFilter, podInfo('new', pod), [info])[0];
    };
    expect(reasonOf(needs(term('web')), DB)).toEqual(["node(s) didn't match pod affinity rules"]);
    expect(reasonOf(shuns(term('db')), DB)).toEqual(["node(s) didn't match pod anti-affinity rules"]);
    expect(reasonOf(WEB, { ...DB, ...shuns(term('web')) })).toEqual([
      "node(s) didn't satisfy existing pods anti-affinity rules",
    ]);
  });

  it('is not asked where nobody has rules', () => {
    expect(
      podAffinityFilter.prepare({ pod: podInfo('new', WEB), nodes: cluster(DB), nowMs: 0 }),
    ).toBeUndefined();
  });
});

describe('InterPodAffinity, Score (scoring.go)', () => {
  it.each<{ what: string; there: readonly PodOptions[]; pod: PodOptions; scores: number[] | undefined }>([
    {
      what: 'prefers to be with the database',
      there: [DB],
      pod: likes(5, term('db')),
      scores: [100, 100, 0, 0],
    },
    {
      what: 'prefers not to be with it',
      there: [DB],
      pod: dislikes(5, term('db')),
      scores: [0, 0, 100, 100],
    },
    {
      what: 'the database prefers it',
      there: [{ ...DB, ...likes(3, term('web')) }],
      pod: WEB,
      scores: [100, 100, 0, 0],
    },
    {
      what: 'the database prefers it not',
      there: [{ ...DB, ...dislikes(3, term('web')) }],
      pod: WEB,
      scores: [0, 0, 100, 100],
    },
    {
      what: 'the database needs its like: a preference of weight 1',
      there: [{ ...DB, ...needs(term('web')) }],
      pod: WEB,
      scores: [100, 100, 0, 0],
    },
    {
      what: 'they outweigh each other',
      there: [{ ...DB, ...dislikes(5, term('web')) }],
      pod: { ...WEB, ...likes(5, term('db')) },
      scores: [0, 0, 0, 0],
    },
    { what: 'nobody cares', there: [DB], pod: WEB, scores: undefined },
  ])('$what: $scores', ({ there, pod, scores }) => {
    expect(scoresOf(podAffinityScorer, podInfo('new', pod), cluster(...there))).toEqual(scores);
  });

  it('a need of another pod weighs 1 (hardPodAffinityWeight)', () => {
    const needing = podInfo('needing', { ...DB, ...needs(term('web')) });
    const liking = podInfo('liking', { ...DB, ...likes(2, term('web')) });
    const nodes = [
      nodeInfo('a', { labels: { [ZONE]: '1' } }, [needing]),
      nodeInfo('b', { labels: { [ZONE]: '2' } }, [liking]),
      nodeInfo('c'),
    ];
    expect(scoresOf(podAffinityScorer, podInfo('new', WEB), nodes)).toEqual([50, 100, 0]);
  });

  it('between the extremes it is in proportion, rounded down', () => {
    const nodes = [1, 2, 3].map((count) => {
      const pods = Array.from({ length: count }, (_, index) => podInfo(`${count}-${index}`, DB));
      return nodeInfo(`n${count}`, {}, pods);
    });
    const hostname = term('db', { topologyKey: 'kubernetes.io/hostname' });
    expect(scoresOf(podAffinityScorer, podInfo('new', likes(7, hostname)), nodes)).toEqual([0, 50, 100]);
  });
});
