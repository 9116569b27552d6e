import { describe, expect, it } from 'vitest';
import { createRecording, nodeGone, nodeSeen } from '../../src/recorder/recording.ts';
import { simulate } from '../../src/simulator/simulate.ts';
import { traceOf as readDocument } from '../simulator/traces.ts';
import { at, type NodeOptions, node, recorded } from './scene.ts';

type Step = NodeOptions | 'gone';

const cases: readonly {
  readonly what: string;
  readonly steps: readonly (readonly [seconds: number, step: Step])[];
  readonly atStart?: boolean;
  readonly events: readonly unknown[];
}[] = [
  { what: 'nothing happens', steps: [[-60, {}]], events: [] },
  {
    what: 'cordoned and uncordoned',
    steps: [
      [-60, {}],
      [10, { unschedulable: true }],
      [30, {}],
    ],
    events: [
      { at: '10s', cordon: 'edge-1' },
      { at: '30s', uncordon: 'edge-1' },
    ],
  },
  {
    what: 'cordoned from the start, then free',
    steps: [
      [-60, { unschedulable: true }],
      [30, {}],
    ],
    events: [{ at: '30s', uncordon: 'edge-1' }],
  },
  {
    what: 'silent: it went away a grace period before the API said so',
    steps: [
      [-60, {}],
      [50, { ready: 'Unknown' }],
      [90, {}],
    ],
    events: [
      { at: '10s', disconnect: 'edge-1' },
      { at: '90s', reconnect: 'edge-1' },
    ],
  },
  {
    what: 'silent at once: not before the start',
    steps: [
      [-60, {}],
      [15, { ready: 'Unknown' }],
    ],
    events: [{ at: '0s', disconnect: 'edge-1' }],
  },
  {
    what: 'silent, and rebooted when it was back',
    steps: [
      [-60, {}],
      [50, { ready: 'Unknown' }],
      [90, { bootID: 'boot-2' }],
    ],
    events: [
      { at: '10s', lose: 'edge-1' },
      { at: '90s', recover: 'edge-1' },
    ],
  },
  {
    what: 'silent twice: never before what happened earlier',
    steps: [
      [-60, {}],
      [50, { ready: 'Unknown' }],
      [90, {}],
      [100, { ready: 'Unknown' }],
    ],
    events: [
      { at: '10s', disconnect: 'edge-1' },
      { at: '90s', reconnect: 'edge-1' },
      { at: '90s', disconnect: 'edge-1' },
    ],
  },
  {
    what: 'its kubelet is not ready: as if cordoned',
    steps: [
      [-60, {}],
      [20, { ready: 'False' }],
      [40, {}],
    ],
    events: [
      { at: '20s', cordon: 'edge-1' },
      { at: '40s', uncordon: 'edge-1' },
    ],
  },
  {
    what: 'silent, then heard of and not ready, then ready',
    steps: [
      [-60, {}],
      [50, { ready: 'Unknown' }],
      [60, { ready: 'False' }],
      [70, {}],
    ],
    events: [
      { at: '10s', disconnect: 'edge-1' },
      { at: '60s', reconnect: 'edge-1' },
      { at: '60s', cordon: 'edge-1' },
      { at: '70s', uncordon: 'edge-1' },
    ],
  },
  {
    what: 'joins when it is ready',
    atStart: false,
    steps: [
      [20, { ready: 'False' }],
      [30, {}],
    ],
    events: [{ at: '30s', join: expect.objectContaining({ kind: 'Node' }) }],
  },
  {
    what: 'not ready at the start and ready later: joins',
    atStart: false,
    steps: [
      [-60, { ready: 'Unknown' }],
      [30, {}],
    ],
    events: [{ at: '30s', join: expect.objectContaining({ kind: 'Node' }) }],
  },
  { what: 'not ready all the time', steps: [[-60, { ready: 'Unknown' }]], events: [] },
  {
    what: 'deleted',
    steps: [
      [-60, {}],
      [30, 'gone'],
    ],
    events: [{ at: '30s', leave: 'edge-1' }],
  },
  {
    what: 'deleted and made again',
    steps: [
      [-60, {}],
      [30, 'gone'],
      [60, {}],
    ],
    events: [
      { at: '30s', leave: 'edge-1' },
      { at: '60s', join: expect.objectContaining({ kind: 'Node' }) },
    ],
  },
  {
    what: 'deleted before the start',
    atStart: false,
    steps: [
      [-60, {}],
      [-30, 'gone'],
    ],
    events: [],
  },
  {
    what: 'what comes after the end is not recorded',
    steps: [
      [-60, {}],
      [130, { unschedulable: true }],
    ],
    events: [],
  },
];

describe('what a node goes through', () => {
  it.each(cases)('$what', async ({ steps, events, atStart = true }) => {
    const recording = createRecording();
    nodeSeen(recording, node('cloud-1'), at(-60));
    for (const [seconds, step] of steps) {
      if (step === 'gone') nodeGone(recording, 'edge-1', at(seconds));
      else nodeSeen(recording, node('edge-1', step), at(seconds));
    }
    const { document } = recorded(recording);
    expect(document['events']).toEqual(events.map((event) => expect.objectContaining(event)));
    const trace = await readDocument(document);
    expect(trace.nodes.map(({ metadata }) => metadata.name)).toEqual(
      atStart ? ['cloud-1', 'edge-1'] : ['cloud-1'],
    );
    expect(() => simulate(trace)).not.toThrow();
  });
});
