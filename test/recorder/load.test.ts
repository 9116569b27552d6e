import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { meansOver, pointsOf, type Sample, stretchesOf } from '../../src/recorder/curves.ts';
import { podSeen } from '../../src/recorder/recording.ts';
import { at, end, type Look, pod, quietCluster, recorded, replica, see, start } from './scene.ts';

type Quiet = ReturnType<typeof quietCluster>;
const deployment = 'fn/web';

/** The load of a recording in which these looks were taken. */
function loadWith(looks: readonly Look[], change: (recording: Quiet) => void = () => undefined) {
  const recording = quietCluster();
  change(recording);
  for (const look of looks) see(recording, look);
  return recorded(recording).document['load'];
}

const agent = (recording: Quiet) =>
  podSeen(recording, pod('agent', { nodeName: 'edge-1', namespace: 'kube-system' }), at(-60));

describe('measured CPU', () => {
  it.each([
    {
      what: 'of a Deployment, in the middle of each scrape; the node has the rest',
      looks: [
        { at: 5, nodes: { 'edge-1': 300 }, pods: { 'fn/web-a1': 200 } },
        { at: 20, nodes: { 'edge-1': 500 }, pods: { 'fn/web-a1': 450 } },
      ],
      load: [
        {
          deployment,
          points: [
            ['0s', '200m'],
            ['12.5s', '450m'],
          ],
        },
        {
          node: 'edge-1',
          points: [
            ['0s', '100m'],
            ['12.5s', '50m'],
          ],
        },
      ],
    },
    {
      what: 'of a pod of its own: not its node’s',
      change: agent,
      looks: [{ at: 20, nodes: { 'edge-1': 300 }, pods: { 'fn/web-a1': 200, 'kube-system/agent': 70 } }],
      load: [
        { deployment, points: [['12.5s', '200m']] },
        { pod: 'kube-system/agent', points: [['12.5s', '70m']] },
        { node: 'edge-1', points: [['12.5s', '30m']] },
      ],
    },
    {
      what: 'of a pod that came during the recording: its node’s',
      change: (recording: Quiet) => podSeen(recording, pod('job', { nodeName: 'edge-1' }), at(3)),
      looks: [{ at: 20, nodes: { 'edge-1': 300 }, pods: { 'fn/web-a1': 200, 'fn/job': 70 } }],
      load: [
        { deployment, points: [['12.5s', '200m']] },
        { node: 'edge-1', points: [['12.5s', '100m']] },
      ],
    },
    {
      what: 'of a replica that has no sample yet: as its first one says, from when it was ready',
      // Ready at 12.5 s, in the middle of the window from 5 s to 20 s: its CPU counts by half there.
      change: (recording: Quiet) => start(recording, 'web-b', 11, 'cloud-1'),
      looks: [
        { at: 5, nodes: { 'edge-1': 400, 'cloud-1': 0 }, pods: { 'fn/web-a1': 400 } },
        { at: 20, nodes: { 'edge-1': 300, 'cloud-1': 100 }, pods: { 'fn/web-a1': 300 } },
        { at: 35, nodes: { 'edge-1': 200, 'cloud-1': 200 }, pods: { 'fn/web-a1': 200, 'fn/web-b': 200 } },
      ],
      load: [
        {
          deployment,
          points: [
            ['0s', '400m'],
            ['12.5s', '400m'],
            ['27.5s', '400m'],
          ],
        },
      ],
      flat: [
        ['0s', '400m'],
        ['27.5s', '400m'],
      ],
    },
    {
      what: 'of a replica that was deleted: not from then on',
      change: (recording: Quiet) => {
        podSeen(recording, replica('web-b', { nodeName: 'edge-1' }), at(-60));
        end(recording, 'web-b', 12.5, 'edge-1');
      },
      looks: [
        { at: 5, nodes: { 'edge-1': 400 }, pods: { 'fn/web-a1': 200, 'fn/web-b': 200 } },
        { at: 20, nodes: { 'edge-1': 300 }, pods: { 'fn/web-a1': 200 } },
      ],
      load: [
        {
          deployment,
          points: [
            ['0s', '400m'],
            ['12.5s', '300m'],
          ],
        },
      ],
    },
    {
      what: 'that is nothing is left out',
      looks: [{ at: 20, nodes: { 'edge-1': 0, 'cloud-1': 0 }, pods: { 'fn/web-a1': 0 } }],
      load: [],
    },
    {
      what: 'of pods can be more than their node’s, by the times of the samples: never less than nothing',
      looks: [{ at: 20, nodes: { 'edge-1': 190 }, pods: { 'fn/web-a1': 200 } }],
      load: [{ deployment, points: [['12.5s', '200m']] }],
    },
    {
      what: 'without that of pods: all of it is the node’s',
      looks: [{ at: 20, nodes: { 'edge-1': 190 } }],
      load: [{ node: 'edge-1', points: [['12.5s', '190m']] }],
    },
    {
      what: 'that was seen twice counts once',
      looks: [
        { at: 20, nodes: { 'edge-1': 190 } },
        { at: 20, nodes: { 'edge-1': 190 }, seen: 25 },
      ],
      load: [{ node: 'edge-1', points: [['12.5s', '190m']] }],
    },
    { what: 'after the end is left out', looks: [{ at: 200, nodes: { 'edge-1': 190 } }], load: [] },
    { what: 'is none without metrics', looks: [], load: [] },
  ])('$what', ({ looks, load, change, flat }) => {
    const points = (list: readonly (readonly string[])[]) => list.map(([time, cpu]) => ({ at: time, cpu }));
    expect(loadWith(looks, change)).toEqual(
      load.map((one) => ({ type: 'recordedCpu', ...one, points: points(flat ?? one.points) })),
    );
  });
});

const number = fc.integer({ min: 0, max: 1000 });
const lengths = fc.array(fc.integer({ min: 1, max: 30 }), { minLength: 1, maxLength: 10 });

/** Windows or samples that follow each other from 0 on. */
function following(steps: readonly number[]): readonly Sample[] {
  let fromMs = 0;
  return steps.map((step) => {
    const one = { fromMs, toMs: fromMs + step, milli: step * 7 };
    fromMs = one.toMs;
    return one;
  });
}

describe('curves', () => {
  it('no CPU is lost or made where windows cover a life', () => {
    fc.assert(
      fc.property(lengths, lengths, number, (windowSteps, sampleSteps, fromMs) => {
        const windows = following([...windowSteps, 5000]);
        const life = { fromMs, toMs: fromMs + 100 };
        const stretches = stretchesOf(following(sampleSteps), life);
        const area = (milli: number, one: { fromMs: number; toMs: number }) =>
          milli * (one.toMs - one.fromMs);
        const used = stretches.reduce((sum, one) => sum + area(one.milli, one), 0);
        const shown = meansOver(windows, stretches).reduce(
          (sum, milli, index) => sum + area(milli, windows[index] ?? life),
          0,
        );
        expect(shown).toBeCloseTo(used, 6);
      }),
    );
  });

  it('a life is covered without gaps as soon as there is a sample within it', () => {
    fc.assert(
      fc.property(lengths, number, (steps, fromMs) => {
        const life = { fromMs, toMs: fromMs + 50 };
        const stretches = stretchesOf(following(steps), life);
        expect(stretches.at(-1)?.toMs).toBe(life.toMs);
        expect(stretches[0]?.fromMs).toBe(life.fromMs);
        for (const [index, one] of stretches.entries()) {
          expect(one.fromMs).toBe(stretches[index - 1]?.toMs ?? life.fromMs);
        }
      }),
    );
  });

  it('points have rising times within the span', () => {
    fc.assert(
      fc.property(lengths, number, (steps, startMs) => {
        const windows = following(steps);
        const points = pointsOf(
          windows,
          windows.map(({ milli }) => milli),
          { fromMs: startMs, toMs: startMs + 60 },
        );
        const times = points.map(
          ({ at: text }) => Number.parseFloat(text) * (text.endsWith('ms') ? 1 : 1000),
        );
        expect(times).toEqual([...new Set(times)].sort((left, right) => left - right));
        for (const time of times) expect(time).toBeLessThanOrEqual(61);
      }),
    );
  });
});
