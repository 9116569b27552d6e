import type { Window } from './curves.ts';
import type { Happening, NodeChange } from './kubernetes-events.ts';
import type { JsonObject, RecordedNode } from './objects.ts';
import { nodeGone, nodeSeen, type Recording } from './recording.ts';

type NodeHappening = Extract<Happening, { type: 'node' }>;

interface State {
  readonly ready: 'True' | 'False' | 'Unknown';
  readonly cordoned: boolean;
  readonly boots: number;
}

/** What each change makes of a node. */
const AFTER: Readonly<Record<Exclude<NodeChange, 'removed'>, (state: State) => State>> = {
  ready: (state) => ({ ...state, ready: 'True' }),
  notReady: (state) => ({ ...state, ready: 'False' }),
  silent: (state) => ({ ...state, ready: 'Unknown' }),
  cordoned: (state) => ({ ...state, cordoned: true }),
  uncordoned: (state) => ({ ...state, cordoned: false }),
  rebooted: (state) => ({ ...state, boots: state.boots + 1 }),
};

/**
 * Sees each node as it was at the start, then each change; gives notes of what could not be seen. One that was
 * there before anything happened is there from the start.
 */
export function seeNodes(
  recording: Recording,
  nodes: readonly JsonObject[],
  happenings: readonly Happening[],
  { fromMs }: Window,
): readonly string[] {
  const changes = happenings.filter((happening) => happening.type === 'node');
  const objects = nodes as readonly unknown[] as readonly RecordedNode[];
  const firstMs = happenings[0]?.atMs ?? fromMs;
  for (const object of objects) {
    const createdAtMs = Date.parse(object.metadata.creationTimestamp ?? '') || fromMs;
    seeNode(recording, object, changes, createdAtMs <= firstMs ? fromMs : createdAtMs);
  }
  const known = new Set(objects.map(({ metadata }) => metadata.name));
  const strangers = new Set(changes.filter(({ node }) => !known.has(node)).map(({ node }) => node));
  return strangers.size === 0
    ? []
    : [`Events of nodes that are not given are left out: ${[...strangers].sort().join(', ')}.`];
}

function seeNode(
  recording: Recording,
  object: RecordedNode,
  changes: readonly NodeHappening[],
  fromMs: number,
): void {
  const own = changes.filter(({ node }) => node === object.metadata.name);
  let state = stateBefore(object, own);
  const see = (atMs: number) => nodeSeen(recording, objectIn(object, state), atMs);
  see(fromMs);
  for (const { change, atMs } of own) {
    if (change === 'removed') {
      nodeGone(recording, object.metadata.name, atMs);
      continue;
    }
    state = AFTER[change](state);
    see(atMs);
  }
}

/** Whoever was cordoned first had not been; the object is as it was in the end. */
function stateBefore({ spec, status }: RecordedNode, own: readonly NodeHappening[]): State {
  const first = (...among: readonly NodeChange[]) => own.find(({ change }) => among.includes(change))?.change;
  const cordon = first('cordoned', 'uncordoned');
  const ready = first('ready', 'notReady', 'silent');
  return {
    cordoned: cordon === undefined ? spec?.unschedulable === true : cordon === 'uncordoned',
    ready: readyBefore(ready, status),
    boots: 0,
  };
}

function readyBefore(first: NodeChange | undefined, inTheEnd: RecordedNode['status']): State['ready'] {
  if (first !== undefined) return first === 'ready' ? 'Unknown' : 'True';
  const status = inTheEnd?.conditions?.find(({ type }) => type === 'Ready')?.status;
  return status === 'True' || status === 'False' ? status : 'Unknown';
}

function objectIn(object: RecordedNode, { ready, cordoned, boots }: State): RecordedNode {
  const { unschedulable: _, ...spec } = object.spec ?? {};
  return {
    ...object,
    spec: { ...spec, ...(cordoned && { unschedulable: true }) },
    status: {
      ...object.status,
      conditions: [{ type: 'Ready', status: ready }],
      nodeInfo: { bootID: String(boots) },
    },
  };
}
