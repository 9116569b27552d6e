import type { Window } from './curves.ts';
import type { NodeHistory, NodeSighting, NodeState } from './recording.ts';
import { spanText } from './text.ts';

/** An event of a trace, before its time is written out. */
export interface TimedEvent {
  readonly atMs: number;
  readonly event: Readonly<Record<string, unknown>>;
}

export interface NodeCourse {
  /** The node as the trace has it from the start; undefined: it joins later, or never. */
  readonly object: Readonly<Record<string, unknown>> | undefined;
  readonly events: readonly TimedEvent[];
}

/**
 * The trace's nodeController.gracePeriod. The API says that a node is silent (Ready is Unknown) so long after
 * it was last heard of, which is when the trace has it go away.
 */
export const GRACE_PERIOD_MS = 40_000;

/**
 * What a node went through, as events of a trace.
 *
 * A node that is not ready at the start and becomes ready is one that joins: a trace has no other word for
 * it. One whose kubelet says that it is not ready (Ready is False: it can be reached) takes no new pods, as
 * if it were cordoned.
 */
export function courseOf({ sightings }: NodeHistory, { fromMs: startMs, toMs: endMs }: Window): NodeCourse {
  const events: TimedEvent[] = [];
  const push = (atMs: number, event: TimedEvent['event']) => {
    events.push({ atMs: Math.max(startMs, atMs, events.at(-1)?.atMs ?? 0), event });
  };
  const atStart = sightings.filter(({ atMs }) => atMs <= startMs).at(-1)?.state;
  const later = sightings.filter(({ atMs }) => atMs > startMs && atMs <= endMs);
  const isThere = atStart !== undefined && (atStart.ready === 'True' || !becomesReady(later));
  const passage: Passage = { push, here: isThere ? atStart : undefined, away: undefined };
  later.forEach(({ atMs, state }, index) => {
    const { here } = passage;
    if (state === undefined) leaves(passage, atMs);
    else if (here === undefined) joins(passage, atMs, state);
    else {
      const isRebooted = () => wasRebooted(here, later.slice(index));
      changesReach(passage, atMs, { before: here, after: state, isRebooted });
      if (takesNone(state) !== takesNone(here)) {
        push(atMs, { [takesNone(state) ? 'cordon' : 'uncordon']: nameOf(state) });
      }
      passage.here = state;
    }
  });
  return { object: isThere ? atStart?.object : undefined, events };
}

/** A node on its way through the recording. */
interface Passage {
  readonly push: (atMs: number, event: TimedEvent['event']) => void;
  /** As it was seen last; undefined: it is not there. */
  here: NodeState | undefined;
  /** By which event it went away, when it is to come back. */
  away: 'lose' | 'disconnect' | undefined;
}

function leaves(passage: Passage, atMs: number): void {
  if (passage.here !== undefined) passage.push(atMs, { leave: nameOf(passage.here) });
  passage.here = undefined;
  passage.away = undefined;
}

function joins(passage: Passage, atMs: number, state: NodeState): void {
  if (state.ready !== 'True') return;
  passage.push(atMs, { join: state.object });
  passage.here = state;
}

interface Change {
  readonly before: NodeState;
  readonly after: NodeState;
  readonly isRebooted: () => boolean;
}

/** Whether it can be reached. */
function changesReach(passage: Passage, atMs: number, { before, after, isRebooted }: Change): void {
  const name = nameOf(after);
  if (after.ready === 'Unknown' && before.ready !== 'Unknown') {
    passage.away = isRebooted() ? 'lose' : 'disconnect';
    passage.push(atMs - GRACE_PERIOD_MS, { [passage.away]: name });
  }
  if (after.ready !== 'Unknown' && passage.away !== undefined) {
    passage.push(atMs, { [passage.away === 'lose' ? 'recover' : 'reconnect']: name });
    passage.away = undefined;
  }
}

function becomesReady(later: readonly NodeSighting[]): boolean {
  const gone = later.findIndex(({ state }) => state === undefined);
  return later.slice(0, gone === -1 ? undefined : gone).some(({ state }) => state?.ready === 'True');
}

function wasRebooted({ bootId }: NodeState, later: readonly NodeSighting[]): boolean {
  const back = later.find(({ state }) => state !== undefined && state.ready !== 'Unknown')?.state;
  return back?.bootId !== undefined && bootId !== undefined && back.bootId !== bootId;
}

function takesNone({ cordoned, ready }: NodeState): boolean {
  return cordoned || ready === 'False';
}

function nameOf(state: NodeState | undefined): unknown {
  const metadata = state?.object['metadata'];
  return typeof metadata === 'object' && metadata !== null && 'name' in metadata ? metadata.name : undefined;
}

/** As a trace has them: in the order of their times, since its start. */
export function eventsOf(
  events: readonly TimedEvent[],
  startMs: number,
): readonly Readonly<Record<string, unknown>>[] {
  return events
    .toSorted((left, right) => left.atMs - right.atMs)
    .map(({ atMs, event }) => ({ at: spanText(atMs - startMs), ...event }));
}
