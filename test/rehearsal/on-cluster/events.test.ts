import { expect, it } from 'vitest';
import type { RehearsalCluster } from '../../../src/rehearsal/on-cluster/cluster.ts';
import { applyTraceEvent } from '../../../src/rehearsal/on-cluster/events.ts';
import type { Rehearsal } from '../../../src/rehearsal/on-cluster/rehearsal.ts';
import { createSilences } from '../../../src/rehearsal/on-cluster/silence.ts';
import type { Stage } from '../../../src/rehearsal/on-cluster/stage.ts';
import { nodeDocument, scaleEvent, type TraceDocument } from '../../simulator/traces.ts';
import { shadowOf } from '../scene.ts';

/** What one event does to the cluster, to its services, and to the shadow. */
async function happened(event: TraceDocument) {
  const shadow = await shadowOf({ events: [event] });
  const done: string[] = [];
  const say = async (what: string) => {
    done.push(what);
  };
  const cluster: RehearsalCluster = {
    create: ({ collection, name }) => say(`create ${collection}/${name}`),
    patch: (path, body) => say(`patch ${path} ${JSON.stringify(body)}`),
    remove: (path) => say(`remove ${path}`),
    list: async () => [],
  };
  const services = {
    down: (service: string) => say(`stop ${service}`),
    up: (service: string) => say(`start ${service}`),
  };
  const [first] = shadow.trace.events;
  if (first === undefined) throw new Error('the trace has no event');
  await applyTraceEvent(
    { cluster, id: 'one', trace: shadow.trace, host: { services } } as unknown as Rehearsal,
    { shadow } as unknown as Stage,
    createSilences(),
    first,
  );
  const incidents = shadow.recorder.incidents.map(({ what }) => what);
  return { done, incidents, nodes: [...shadow.world.nodes.keys()] };
}

it.each<{ event: TraceDocument; done: readonly string[]; incidents: readonly string[] }>([
  {
    event: scaleEvent('0s', 3),
    done: ['patch /apis/apps/v1/namespaces/fn/deployments/web/scale {"spec":{"replicas":3}}'],
    // The Deployment says itself that it was scaled.
    incidents: [],
  },
  {
    event: { at: '0s', cordon: 'edge-1' },
    done: ['patch /api/v1/nodes/edge-1 {"spec":{"unschedulable":true}}'],
    incidents: ['edge-1 was cordoned'],
  },
  {
    event: { at: '0s', uncordon: 'edge-1' },
    done: ['patch /api/v1/nodes/edge-1 {"spec":{"unschedulable":false}}'],
    incidents: ['edge-1 was uncordoned'],
  },
  {
    event: { at: '0s', down: 'metrics-server' },
    done: ['stop metrics-server'],
    incidents: ['metrics-server is down'],
  },
  { event: { at: '0s', up: 'extender' }, done: ['start extender'], incidents: ['extender is up again'] },
])('$event', async ({ event, done, incidents }) => {
  expect(await happened(event)).toMatchObject({ done, incidents });
});

it('a node that joins has a pod for what it uses outside its pods, and can take pods', async () => {
  const { done, incidents, nodes } = await happened({ at: '0s', join: nodeDocument('edge-2', '1') });
  expect(done).toEqual([
    'create /api/v1/nodes/edge-2',
    'create /api/v1/namespaces/kube-system/pods/rehearsal-system-edge-2',
  ]);
  expect(incidents).toEqual(['edge-2 joined']);
  expect(nodes).toContain('edge-2');
});

it('a node that leaves is deleted', async () => {
  const { done, incidents, nodes } = await happened({ at: '0s', leave: 'edge-1' });
  expect(done).toEqual(['remove /api/v1/nodes/edge-1']);
  expect(incidents).toEqual(['edge-1 was deleted']);
  expect(nodes).not.toContain('edge-1');
});
